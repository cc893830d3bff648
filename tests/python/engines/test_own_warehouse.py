"""The templates of docs/own-warehouse turn the tables of other tools into marts, on PostgreSQL.

`tests/python/data/own_warehouse` holds tables in those tools' shapes. Fivetran's and dlt's hold the
same shop and the same campaigns, so the numbers, worked out by hand, are the same.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import DATA, PROJECT
from engines.built import Postgres
from marketing_analytics.engines import postgres
from marketing_analytics.raw_schema import raw_sources
from package.installed import INTEGRATION_TESTS, installed
from warehouse.trap_warehouse import amounts

if TYPE_CHECKING:
    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.postgres import Server

TEMPLATES = PROJECT / "docs" / "own-warehouse"
OWN_FILES = [
    str(path.relative_to(INTEGRATION_TESTS))
    for folder in ("models", "seeds", "tests")
    for path in (INTEGRATION_TESTS / folder).rglob("*.*")
]
MARTS = (
    "+customers",
    "+product_performance",
    "+mart_customer_revenue",
    "+funnel_conversion_analysis",
    "+customer_lifetime_value",
)


def documented_settings() -> dict[str, Any]:
    """Return the vars that docs/own-warehouse.md tells its reader to set."""
    page = (PROJECT / "docs" / "own-warehouse.md").read_text()
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.S)]
    (found,) = [block["vars"]["marketing_analytics"] for block in blocks if "vars" in block]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module", params=["fivetran", pytest.param("dlt", marks=pytest.mark.full)])
def warehouse(
    server: Server,
    worker: DbtWorker,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Postgres:
    """A database with the tables of a tool and those of GA4, and the marts built from them."""
    own = replace(server, database=request.param)
    postgres.create_database(own)
    with postgres.connected(own) as cursor:
        for name in (request.param, "ga4"):
            cursor.execute((DATA / "own_warehouse" / f"{name}.sql").read_text())
        # The day of a moment must not depend on where the server stands.
        cursor.execute(f"alter database {request.param} set timezone = 'America/New_York'")
    folder = tmp_path_factory.mktemp(request.param)
    project = installed(
        folder,
        worker,
        target="postgres",
        leave_out=OWN_FILES,
        settings={"seeds": {}},
        variables=documented_settings(),
        environment=own.environment(),
    )
    for name in (request.param, "ga4"):
        shutil.copytree(
            TEMPLATES / name,
            folder / "models" / "raw" / name,
            ignore=shutil.ignore_patterns("*.bigquery.sql"),
        )
    run = project.dbt("run", "--select", "path:models/raw")
    assert run.success, (run.error, project.statuses("error"))
    assert project.warnings() == []
    project.built("--select", *MARTS, "--indirect-selection", "buildable")
    tests = {name.split(".")[2] for name in project.statuses("pass")}
    assert "source_unique_dbt_production_orders_id" in tests
    return Postgres(server=own, folder=folder, worker=worker)


def test_customers(warehouse: Postgres) -> None:
    # Ann: 120.00, captured once, and 10.50 + 20.00; the trial and the deleted order are out.
    # Bob: 90.00 came back, and 12.00 of 50.00; 97.00 was never taken. Tim's 30.00 waits.
    query = (
        "select customer_id, is_test_user, first_order_date, number_of_orders, "
        "customer_lifetime_value, total_spend, pending_revenue, refund_amount "
        "from marketing.customers order by 1"
    )
    assert warehouse.rows(query) == [
        ("1", False, date(2024, 5, 2), 2, *amounts("150.50", "150.50", "0", "0")),
        ("2", False, date(2024, 5, 21), 2, *amounts("50.00", "140.00", "0", "102.00")),
        ("3", True, date(2024, 5, 23), 1, *amounts("0", "30.00", "30.00", "0")),
    ]


def test_products(warehouse: Postgres) -> None:
    # Helmet: 20.00 and 2 x 20.00 - 9.50. The bike of 90.00 came back; Tim's helmet is a trial.
    query = "select product_name, total_revenue from marketing.product_performance order by 1"
    assert warehouse.rows(query) == [
        ("Bell", Decimal("50.00")),
        ("City bike", Decimal("100.00")),
        ("Helmet", Decimal("50.50")),
    ]


def test_net_revenue(warehouse: Postgres) -> None:
    # The last refund is of 26 May in UTC, the latest day of all. Bob: 90.00 + 50.00 - 102.00.
    query = (
        "select customer_id, net_revenue_90d, as_of_date "
        "from mart_marketing.mart_customer_revenue order by 1"
    )
    assert warehouse.rows(query) == [
        ("1", Decimal("150.50"), date(2024, 5, 26)),
        ("2", Decimal("38.00"), date(2024, 5, 26)),
    ]


def test_campaigns(warehouse: Postgres) -> None:
    # 101: 1000 + 2000 impressions, 40.00 + 60.00, sessions u1.1 and u2.1 with 700.00 and 400.00.
    # The 299.99 of u2's direct session belong to no campaign.
    query = (
        "select campaign_id, campaign_name, total_impressions, total_clicks, total_sessions, "
        "total_conversions, spend_amount, revenue_amount "
        "from marketing.funnel_conversion_analysis order by 1"
    )
    assert warehouse.rows(query) == [
        ("101", "Spring", 3000, 120, 2, 2, *amounts("100.00", "1100.00")),
        ("202", "Friends", 500, 10, 1, 1, *amounts("20.00", "99.99")),
    ]


def test_lifetime_values(warehouse: Postgres) -> None:
    # u1's purchase was sent twice; u2: 400.00 + 299.99.
    query = (
        "select user_id, acquisition_channel, total_conversions, total_revenue, ltv_segment "
        "from marketing.customer_lifetime_value order by 1"
    )
    assert warehouse.rows(query) == [
        ("u1", "Paid Search", 1, Decimal("700.00"), "high"),
        ("u2", "Paid Search", 2, Decimal("699.99"), "high"),
        ("u3", "Paid Social", 1, Decimal("99.99"), "low"),
    ]


def test_sessions(warehouse: Postgres) -> None:
    # 200 + 199.999 + 0.001 seconds; 59.999 seconds are 59; the day is that of UTC.
    query = (
        "select session_id, session_date, campaign_id, session_duration_sec, pages_viewed "
        "from staging.stg_sessions order by 1"
    )
    assert warehouse.rows(query) == [
        ("u1.1", date(2024, 5, 1), "101", 400, 2),
        ("u2.1", date(2024, 5, 2), "101", 59, 1),
        ("u2.2", date(2024, 5, 2), None, 0, 1),
        ("u3.7", date(2024, 5, 2), "202", 0, 0),
    ]


def test_the_templates_make_every_table_that_is_needed() -> None:
    declared = raw_sources(PROJECT)
    needed = {
        (source.name, table.name)
        for source in (declared["marketing_raw"], declared["dbt_production"])
        for table in source.tables
    }
    for tool in ("fivetran", "dlt"):
        texts = [
            path.read_text()
            for folder in (TEMPLATES / tool, TEMPLATES / "ga4")
            for path in folder.glob("raw_*.sql")
        ]
        made = {re.findall(r"schema='(\w+)', alias='(\w+)'", text)[0] for text in texts}
        # Nothing there says how customers were contacted; the table is optional.
        assert made == needed - {("dbt_production", "customer_contacts")}
