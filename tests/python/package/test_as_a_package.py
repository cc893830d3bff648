"""Another dbt project installs this one, switches domains off, renames, overrides and reads."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.warehouse import connect
from package.installed import Installed, installed

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker

SOURCES = {"marketing": "marketing_raw", "shop": "dbt_production", "gaming": "lottery_raw"}
RESOURCES = ("model", "seed", "test", "source", "exposure", "unit_test")
# Of attribution, of forecasts, and of those of the shop alone.
OVER_THE_SHOP = {"attribution_summary", "customer_forecasts", "next_best_action"}
LIFETIME_VALUES = "select user_id, ltv_segment from {}.customer_lifetime_value order by 1"


def load(project: Installed, *sources: str) -> Installed:
    """Write the raw tables of some sources, as a loader does."""
    chosen = [f"path:seeds/{source}" for source in sources] or ["tag:raw"]
    run = project.dbt("seed", "--select", *chosen)
    assert run.success, run.error
    assert (
        project.warnings() == []
    )  # of the parser, which reads all files in the first command only
    return project


@pytest.fixture(scope="module")
def defaults(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Everything built with no setting at all."""
    return load(installed(tmp_path_factory.mktemp("defaults"), worker)).built(
        "--exclude", "tag:raw"
    )


def test_everything_is_built_and_nothing_warns(defaults: Installed) -> None:
    assert defaults.statuses("fail", "error", "warn", "skipped") == []
    assert len(defaults.nodes("model")) > 100
    # They check the package with its own settings, not with those of the project.
    assert defaults.nodes("unit_test") == set()


def test_the_sample_stays_at_home(defaults: Installed) -> None:
    assert {name for name in defaults.nodes("seed") if name.startswith("sample_")} == set()


def test_the_first_page_of_the_docs_stays_that_of_the_project(defaults: Installed) -> None:
    assert "doc.marketing_analytics.__overview__" not in defaults.manifest()["docs"]


def metric_groups(project: Installed) -> set[str]:
    return {metric["config"]["group"] for metric in project.manifest()["metrics"].values()}


def test_the_marts_are_those_of_the_rows(defaults: Installed) -> None:
    # 700.00; 400.00 + 299.99; 99.99. High from 500, medium from 100.
    assert defaults.rows(LIFETIME_VALUES.format("marketing")) == [
        ("u1", "high"),
        ("u2", "high"),
        ("u3", "low"),
    ]


def test_a_model_of_the_project_reads_a_public_mart_of_the_same_name(defaults: Installed) -> None:
    # Ann: 120.00 + 10.50 + 20.00; Bob got his 90.00 back; Tim tries the shop out.
    assert defaults.rows("select * from analytics.customers order by 1") == [
        ("ann", Decimal("150.50"), True),
        ("bob", Decimal("0.00"), False),
        ("tim", Decimal("30.00"), False),
    ]


def test_the_hooks_run(defaults: Installed) -> None:
    # Tables of sources that are optional and not there were made, and the build was recorded.
    assert defaults.rows("select count(*) from lottery_raw.deposits") == [(0,)]
    builds = "select target_name, failed_count from audit.builds where command = 'build'"
    assert defaults.rows(builds) == [("dev", 0)]


@pytest.mark.full
@pytest.mark.parametrize(
    ("domain", "marts"),
    [
        (
            "marketing",
            {"funnel_conversion_analysis", "attribution_summary", "customer_forecasts"},
        ),
        ("shop", {"orders", "customers", *OVER_THE_SHOP}),
        ("finance", {"orders", "customers", "mart_finance_quarterly", *OVER_THE_SHOP}),
        ("gaming", {"dim_customer", "customer_forecasts"}),
    ],
)
def test_a_domain_alone(worker: DbtWorker, tmp_path: Path, domain: str, marts: set[str]) -> None:
    source = SOURCES.get(domain, "dbt_production")
    shop_models = ["models/customers.sql", "models/stg_orders.sql", "models/models.yml"]
    shop_models.append("tests/assert_good_customers_have_spent_100.sql")
    project = installed(
        tmp_path,
        worker,
        target="sample",  # the name that this project's own sample has
        variables={"domains": [domain]},
        leave_out=[] if domain in ("shop", "finance") else shop_models,
    )
    load(project, source).built("--exclude", "tag:raw")
    assert project.statuses("warn", "skipped") == []
    every_mart = {"funnel_conversion_analysis", "orders", "mart_finance_quarterly", "dim_customer"}
    every_mart |= OVER_THE_SHOP
    assert project.nodes("model") & (every_mart | marts) == marts
    assert metric_groups(project) == ({"shop", "finance"} if domain == "finance" else {domain})
    assert project.schemas() & set(SOURCES.values()) == {source}
    assert not {name for name in project.nodes("seed") if name.startswith("sample_")}


@pytest.fixture(scope="module")
def own_settings(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Two domains, other names and places for everything, a threshold and a macro."""
    project = installed(
        tmp_path_factory.mktemp("own_settings"),
        worker,
        target="lake",
        settings={
            "macro-paths": ["overrides"],
            "metrics": {"marketing_analytics": {"+enabled": False}},
            "semantic-models": {"marketing_analytics": {"+enabled": False}},
            "dispatch": [
                {
                    "macro_namespace": "marketing_analytics",
                    "search_order": ["integration_tests", "marketing_analytics"],
                }
            ],
        },
        variables={
            "domains": ["marketing", "shop"],
            "schemas": {"marketing": "crm"},
            "raw_schemas": {"marketing_raw": "ads"},
            "raw_databases": {"dbt_production": "lake"},
            "raw_identifiers": {"dbt_production.orders": "web_orders"},
            "high_ltv_amount": 700,
            "record_builds": False,
        },
    )
    # Without the project's own rule dbt's holds: the target's schema stands before the name.
    load(project)
    connection = connect(project.folder / "target" / "dev.duckdb")
    connection.execute(f"attach '{project.folder / 'target' / 'lake.duckdb'}' as lake")
    connection.execute("create schema ads")
    connection.execute("create schema lake.dbt_production")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'dev'"
    ).fetchall()
    for schema, table in tables:
        target = {
            "analytics_marketing_raw": "ads",
            "analytics_dbt_production": "lake.dbt_production",
        }
        if schema in target:
            name = "web_orders" if table == "orders" else table
            connection.execute(
                f"create table {target[schema]}.{name} as select * from {schema}.{table}"
            )
        connection.execute(f"drop table {schema}.{table}")
    connection.close()
    return project.built("--exclude", "tag:raw")


def test_what_is_off_leaves_nothing(own_settings: Installed) -> None:
    assert own_settings.statuses("fail", "error", "warn", "skipped") == []
    left = own_settings.nodes(*RESOURCES)
    assert {"orders", "funnel_conversion_analysis", "customer_review"} <= left
    assert not {
        name
        for name in left
        if "player" in name or "gaming" in name or "lottery" in name or "finance" in name
    }
    assert "dim_customer" not in left and "mart_customer_revenue" not in left


def test_metrics_can_be_left_out(defaults: Installed, own_settings: Installed) -> None:
    assert metric_groups(defaults) == {"marketing", "shop", "finance", "gaming"}
    assert metric_groups(own_settings) == set()
    assert own_settings.manifest()["semantic_models"] == {}


def test_schemas_follow_the_project_and_its_settings(own_settings: Installed) -> None:
    assert own_settings.schemas() == {
        *("ads", "analytics", "analytics_crm", "analytics_intermediate"),
        *("analytics_rules", "analytics_staging"),
    }


def test_a_threshold_of_the_project_counts(own_settings: Installed) -> None:
    # u2 has 699.99: high from 500, not from 700.
    assert own_settings.rows(LIFETIME_VALUES.format("analytics_crm")) == [
        ("u1", "high"),
        ("u2", "medium"),
        ("u3", "low"),
    ]


def test_a_macro_of_the_project_counts(own_settings: Installed) -> None:
    # Without minor units ann's 12000, 1050 and 2000 are whole yen.
    query = "select sum(amount) from analytics_crm.orders where customer_id = 'ann'"
    assert own_settings.rows(query) == [(Decimal("15050.00"),)]


@pytest.mark.parametrize(
    "name", ["int_customer_orders", pytest.param("stg_customers", marks=pytest.mark.full)]
)
def test_what_is_not_public_is_refused(worker: DbtWorker, tmp_path: Path, name: str) -> None:
    project = installed(tmp_path, worker)
    model = tmp_path / "models" / "customers.sql"
    model.write_text(f"select * from {{{{ ref('marketing_analytics', '{name}') }}}}")
    run = project.dbt("parse")
    assert not run.success
    assert name in str(run.error) and "not allowed" in str(run.error)


@pytest.mark.parametrize(
    ("variables", "flags", "said"),
    [
        ({"domains": ["shopp"]}, {}, "var domains names 'shopp'; there are marketing, shop,"),
        ({}, {}, "Build the views that make them first, or say where they are"),
        pytest.param(
            {},
            {"require_ref_searches_node_package_before_root": False},
            "both have a model customers: set the flag",
            marks=pytest.mark.full,
        ),
        pytest.param(
            {"domains": ["gaming"]},
            {},
            "write data_tests: {marketing_analytics: {staging: {shop: {+enabled: false}}}} into",
            marks=pytest.mark.full,
        ),
    ],
    ids=["unknown domain", "nothing loaded", "names", "names of what is off"],
)
def test_what_is_missing_is_said_in_a_line(
    worker: DbtWorker,
    tmp_path: Path,
    variables: dict[str, object],
    flags: dict[str, bool],
    said: str,
) -> None:
    settings = {"flags": {"send_anonymous_usage_stats": False, **flags}} if flags else {}
    project = installed(tmp_path, worker, variables=variables, settings=settings)
    for name in ("models/customers.sql", "models/models.yml"):
        if "domains" in variables:
            (tmp_path / name).unlink()
    run = project.dbt("run", "--select", "package:marketing_analytics")
    assert not run.success
    assert said in str(run.error)
