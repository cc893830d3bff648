"""The relation that is judged is what the marts say."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alerts.built import AUDIT, built
from alerts.made import looked
from marketing_analytics.alerts.collect import collect, last_build
from marketing_analytics.alerts.facts import FailedTest
from marketing_analytics.alerts.queries import READ_DAYS
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import connect, in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

DAY = date(2024, 6, 30)
UNKNOWN = "run_results.json"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[DuckDBPyConnection]:
    opened = connect(built(tmp_path, AUDIT), read_only=True)
    yield opened
    opened.close()


def test_each_domain_has_its_series(connection: DuckDBPyConnection) -> None:
    found = {one.key: one for one in collect(connection, None).series}
    metrics = {(domain, name): 0 for domain, name, _ in found}
    for domain, name, _ in found:
        metrics[domain, name] += 1
    assert metrics == {
        ("marketing", "c1"): 8,
        ("marketing", "(none)"): 4,  # no spend, clicks or what is counted from them
        ("shop", "(total)"): 5,
        ("shop", "Champions"): 1,
        ("shop", "Lost"): 1,
    }


def test_a_campaign_is_there_on_the_days_on_which_it_ran(connection: DuckDBPyConnection) -> None:
    world = collect(connection, None)
    spend = next(one for one in world.series if one.key == ("marketing", "c1", "spend"))
    paused = {DAY - timedelta(back) for back in (40, 41, 42)}
    assert len(spend.values) == 67
    assert not paused & set(spend.values)
    assert (spend.values[DAY], spend.bases[DAY], spend.label) == (100.0, 110.0, "Brand")
    assert {one.day for one in world.budgets} == {
        DAY - timedelta(back) for back in range(62)
    } - paused


def test_values_are_those_of_the_marts(connection: DuckDBPyConnection) -> None:
    found = {one.key: one for one in collect(connection, None).series}
    rate = found["marketing", "c1", "session_to_conversion_rate"]
    assert (rate.values[DAY], rate.bases[DAY], rate.kind) == (4, 40, "rate")
    orders = found["shop", "(total)", "orders"]
    assert (orders.values[DAY], orders.is_dense) == (20, True)
    assert found["shop", "(total)", "revenue"].values[DAY] == 1800
    promoted = found["shop", "(total)", "promotional_order_rate"]
    assert (promoted.values[DAY], promoted.bases[DAY]) == (5, 20)
    assert found["shop", "Champions", "customers"].values == {
        DAY - timedelta(7 * week): 10 for week in range(10)
    }


def test_nothing_after_the_day_that_is_asked_for_is_read(connection: DuckDBPyConnection) -> None:
    asked = DAY - timedelta(20)
    world = collect(connection, asked)
    assert max(day for one in world.series for day in one.values) == asked
    assert max(day for one in world.sources for day in one.rows) == asked
    assert max(one.day for one in world.budgets) == asked


def test_a_total_that_does_not_agree_is_read(tmp_path: Path) -> None:
    path = built(tmp_path, "update marketing.shop_reconciliation set unexplained_total = -3")
    opened = connect(path, read_only=True)
    world = collect(opened, None)
    opened.close()
    assert world.reconciled_count == 2
    assert [(one.table, one.stage, one.unexplained) for one in world.unreconciled] == [
        ("marketing.shop_reconciliation", "payments", -3.0)
    ]


def test_without_marts_it_says_what_to_run() -> None:
    with pytest.raises(MarketingAnalyticsError, match="not built yet; run `mktg build`"):
        collect(in_memory(), None)


def test_marts_of_another_version_are_one_line(tmp_path: Path) -> None:
    path = built(tmp_path, "alter table marketing.orders drop column amount")
    opened = connect(path, read_only=True)
    with pytest.raises(MarketingAnalyticsError, match="build them again"):
        collect(opened, None)
    opened.close()


# How the last build ended


def results(folder: Path, **changes: Any) -> Path:
    """Write a run_results.json of the last build of the sample."""
    content: dict[str, Any] = {
        "metadata": {"invocation_id": "last"},
        "args": {"which": "build", "target": "sample"},
        "results": [
            {"unique_id": "test.p.unique_orders.1a2b", "status": "fail", "failures": 3},
            {"unique_id": "model.p.orders", "status": "error", "message": "no\nsuch column"},
            {"unique_id": "test.p.fine.1", "status": "pass", "failures": 0},
            {"unique_id": "model.p.after", "status": "skipped"},
            {"unique_id": "operation.p.hook", "status": "error"},
        ],
        **changes,
    }
    path = folder / "run_results.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_tests_of_the_last_build_are_named(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    failed, note = last_build(connection, results(tmp_path), "sample")
    assert failed == (
        FailedTest(name="orders", status="error", failures=None, message="no such column"),
        FailedTest(name="unique_orders", status="fail", failures=3),
    )
    assert note == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {"invocation_id": "old"}},
        {"args": {"which": "generate", "target": "sample"}},
        {"args": {"which": "build", "target": "local"}},
        {"results": None, "metadata": {}},
    ],
)
def test_where_they_are_of_something_else_the_database_counts(
    connection: DuckDBPyConnection, tmp_path: Path, changes: dict[str, Any]
) -> None:
    failed, note = last_build(connection, results(tmp_path, **changes), "sample")
    assert failed is not None
    assert {one.status: one.failures for one in failed} == {"fail": 2, "error": 1, "warn": 3}
    assert note.startswith("tests are counted, not named")


def test_where_nothing_is_known_it_says_so(tmp_path: Path) -> None:
    opened = connect(built(tmp_path), read_only=True)
    failed, note = last_build(opened, tmp_path / UNKNOWN, "sample")
    opened.close()
    assert failed is None
    assert note.startswith("tests were not looked at")


@pytest.mark.parametrize(
    ("domain", "metric", "query"),
    [
        (
            *("marketing", "spend"),
            "select sum(spend_amount) from marketing.campaign_funnel_daily "
            "where activity_date >= $first",
        ),
        ("shop", "orders", "select count(*) from marketing.orders where order_date >= $first"),
        ("shop", "revenue", "select sum(amount) from marketing.orders where order_date >= $first"),
        (
            *("gaming", "ticket_purchases"),
            "select count(*) from staging.stg_ticket_purchases where purchase_date >= $first",
        ),
        (
            *("gaming", "spend"),
            "select sum(spend_usd) from staging.stg_funnel_spend where spend_date >= $first",
        ),
    ],
)
def test_the_relation_of_the_sample_adds_up_to_its_marts(
    sample: DuckDBPyConnection, domain: str, metric: str, query: str
) -> None:
    world = collect(sample, None)
    first = world.as_of[domain] - timedelta(READ_DAYS)
    total = sum(
        sum(one.values.values())
        for one in world.series
        if (one.domain, one.metric) == (domain, metric)
    )
    row = sample.execute(query, {"first": first}).fetchall()[0]
    assert row[0] > 0
    assert total == pytest.approx(float(row[0]))


def test_what_is_planted_in_the_raw_tables_of_the_sample_is_found(
    sample_folder: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(sample_folder / "sample.duckdb", tmp_path))
    planted = connect(path)
    planted.execute(
        "update marketing_raw.campaigns_daily set spend = spend * 2 "
        "where campaign_id = 'camp_google_generic' and date = date '2024-06-30'"
    )
    planted.execute("delete from marketing_raw.sessions where date = date '2024-06-20'")
    planted.execute(
        "delete from lottery_raw.ticket_purchases "
        "where purchase_timestamp >= timestamp '2024-06-29 00:00:00'"
    )
    alerts = looked(collect(planted, None))
    planted.close()
    assert {(one.rule, one.series, one.since) for one in alerts.findings} == {
        ("anomaly", "camp_google_generic", DAY),
        ("freshness", "sessions", date(2024, 6, 20)),
        ("freshness", "ticket_purchases", date(2024, 6, 29)),
    }


def test_the_sample_has_all_that_is_looked_for(sample: DuckDBPyConnection) -> None:
    world = collect(sample, None)
    assert set(world.as_of) == {"marketing", "shop", "finance", "gaming"}
    assert {one.domain for one in world.series} == set(world.as_of)
    assert {one.domain for one in world.sources} == {"marketing", "shop", "gaming"}
    assert all(one.rows for one in world.sources)
    assert len(world.budgets) > 100
    assert looked(world).findings == ()  # a business in order
