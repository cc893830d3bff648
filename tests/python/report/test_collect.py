"""What is read beside the marts, and how campaigns that are not in the filter are counted."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from alerts.built import built
from conftest import PROJECT
from marketing_analytics.report.collect import _rolled_up
from marketing_analytics.report.figures import QUERIES
from marketing_analytics.report.findings import trust
from marketing_analytics.report.gaps import read_gaps
from marketing_analytics.report.results import Failure, Rejected, read_rejected, read_results
from marketing_analytics.warehouse import connect, in_memory
from report import made

if TYPE_CHECKING:
    from pathlib import Path


def test_the_project_knows_which_marts_the_page_reads() -> None:
    """Else a review of a change would not say that it reaches the page."""
    declared = {
        reference
        for path in (PROJECT / "models" / "marts").glob("*/_*__exposures.yml")
        for exposure in yaml.safe_load(path.read_text())["exposures"]
        if exposure["label"].startswith("Report: ")
        for reference in exposure["depends_on"]
    }
    read = {query.mart.split(".")[1] for query in QUERIES.values() if query.mart != "audit.builds"}
    assert declared == {f"ref('{mart}')" for mart in read}


def week(campaign: str, spend: str, channel: str = "search") -> dict[str, Any]:
    return {
        "week_end": date(2024, 6, 30),
        "campaign_id": campaign,
        "channel": channel,
        "spend": Decimal(spend),
        "revenue": Decimal(spend) * 2,
        "conversions": 1,
    }


def test_campaigns_that_are_not_in_the_filter_are_counted_in_their_channel() -> None:
    weeks = made.table(
        "weeks",
        week("a", "1.00"),
        week("b", "2.00"),
        week("c", "4.00"),
        week("d", "8.00", "social"),
    )
    found = [
        (row["channel"], row["campaign_id"], row["spend"], row["revenue"], row["conversions"])
        for row in _rolled_up(weeks, {"a", None}).rows
    ]
    assert found == [
        ("search", "a", Decimal("1.00"), Decimal("2.00"), 1),
        ("search", None, Decimal("6.00"), Decimal("12.00"), 2),
        ("social", None, Decimal("8.00"), Decimal("16.00"), 1),
    ]


def test_refused_rows_are_counted_per_table() -> None:
    with in_memory() as connection:
        connection.execute("create schema marketing_raw_rejected")
        connection.execute("create schema lottery_raw_rejected")
        connection.execute(
            "create table marketing_raw_rejected.sessions as select 1 union all select 2"
        )
        connection.execute("create table lottery_raw_rejected.games as select 1 where false")
        assert read_rejected(connection) == (Rejected(table="marketing_raw.sessions", row_count=2),)


def test_of_run_results_tests_count_and_models_that_failed_are_named(tmp_path: Path) -> None:
    path = tmp_path / "run_results.json"
    results = [
        {"unique_id": "model.shop.orders", "status": "success"},
        {"unique_id": "model.shop.after", "status": "skipped"},
        {"unique_id": "model.shop.broken", "status": "error", "message": "no such column"},
        {"unique_id": "test.shop.unique_orders.abc", "status": "fail", "failures": 3},
        {"unique_id": "unit_test.shop.orders.edge", "status": "pass", "failures": 0},
        {"unique_id": "test.shop.late.def", "status": "warn", "failures": 1},
    ]
    path.write_text(json.dumps({"metadata": {"invocation_id": "x"}, "results": results}))
    found = read_results(path, "sample")
    assert found is not None
    assert (found.invocation, found.passed_count) == ("x", 1)
    assert found.failures == (
        Failure(name="broken", is_test=False, status="error", row_count=0),
        Failure(name="late", status="warn", row_count=1),
        Failure(name="unique_orders", status="fail", row_count=3),
        Failure(name="after", is_test=False, status="skipped", row_count=0),
    )


def test_results_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    assert read_results(tmp_path / "run_results.json", "sample") is None
    (tmp_path / "run_results.json").write_text("{")
    assert read_results(tmp_path / "run_results.json", "sample") is None


def test_results_of_another_target_or_of_no_build_are_none(tmp_path: Path) -> None:
    path = tmp_path / "run_results.json"
    for arguments in ({"target": "local"}, {"which": "generate"}):
        content = {"args": arguments, "metadata": {"invocation_id": "x"}, "results": []}
        path.write_text(json.dumps(content))
        assert read_results(path, "sample") is None


def test_a_day_that_is_missing_is_the_first_reason_to_doubt(tmp_path: Path) -> None:
    """Nothing is lost between raw data and marts: the day was never there."""
    gap = "delete from staging.stg_sessions where session_date = date '2024-06-12'"
    connection = connect(built(tmp_path, gap), read_only=True)
    (told,) = read_gaps(connection, PROJECT, "sample")
    assert told == ("sessions of marketing has no row on 2024-06-12; about 43 were to be expected.")
    first, *_ = trust.findings({}, None, (), (told,))
    assert (first.tone, first.text[:8]) == ("bad", "Sessions")


def test_of_a_database_with_marts_alone_nothing_is_missing() -> None:
    with in_memory() as connection:
        assert read_gaps(connection, PROJECT, "sample") == ()
