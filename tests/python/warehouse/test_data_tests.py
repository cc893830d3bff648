"""Tests of data find what they are for: shown on a copy of the sample."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Failing = Callable[[str, str], list[tuple[Any, ...]]]

COVERED, REACHED = "assert_rules_leave_nothing_out", "channel_rules_reach_every_channel"
TWICE = "assert_assumed_refunds_are_not_entered_otherwise"
LAST_GRADE = "the last grade of cohort_quality must be the only one for every cohort"
LAST_RULE = "the last rule of channel_rules must be the only one for every order"


@pytest.fixture(scope="module")
def failing(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    """Return a function that changes the data and says which rows a test then finds."""
    database = tmp_path_factory.mktemp("data_tests") / "sample.duckdb"
    shutil.copy(sample_folder / "sample.duckdb", database)
    connection = connect(database)

    def rows(test: str, change: str) -> list[tuple[Any, ...]]:
        (path,) = sample_folder.glob(f"compiled/**/{test}.sql")
        connection.execute("begin")
        connection.execute(change)
        found = connection.execute(path.read_text()).fetchall()
        connection.execute("rollback")
        return found

    yield rows
    connection.close()


@pytest.mark.parametrize(
    ("refund", "is_found"),
    [
        ("null, customer_id, 100, order_date", True),
        ("'gone', customer_id, 100, order_date", True),
        ("null, customer_id, 100, order_date - interval 1 second", False),
        ("order_id, customer_id, 100, order_date", False),
        ("null, 'somebody else', 100, order_date", False),
    ],
)
def test_a_refund_that_may_count_twice_is_found(
    failing: Failing, refund: str, is_found: bool
) -> None:
    change = f"""
        insert into dbt_production.refunds
        select 'new', {refund} from marketing.orders
        where is_refund_assumed and buyer_type = 'customer'
        order by order_date, order_id
        limit 1
    """
    assert bool(failing(TWICE, change)) is is_found


@pytest.mark.parametrize("test", [COVERED, REACHED, TWICE])
def test_the_sample_passes(failing: Failing, test: str) -> None:
    assert failing(test, "select 1") == []


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ("delete from rules.cohort_quality where priority = 5", {LAST_GRADE}),
        (
            "update rules.cohort_quality set priority = 0 where priority = 5",
            {LAST_GRADE}
            | {
                f"no cohort reaches {grade} of cohort_quality"
                for grade in ("Premium", "High Value", "Standard", "Below Average")
            },
        ),
        (
            "update rules.cohort_quality set retention_above = 40, value_above = 500 "
            "where priority = 2",
            {"no cohort reaches High Value of cohort_quality"},
        ),
        (
            "update rules.cohort_quality set retention_above = 100 where priority = 1",
            {"no cohort reaches Premium of cohort_quality"},
        ),
        # 30 and 500 is reached: by a retention from 30 to 40.
        ("update rules.cohort_quality set value_above = 500 where priority = 2", set()),
        # Renamed.
        ("update rules.cohort_quality set cohort_quality = 'Gold' where priority = 1", set()),
        ("delete from rules.channel_rules where priority = 4", {LAST_RULE}),
        ("update rules.channel_rules set priority = 0 where priority = 4", {LAST_RULE}),
        (
            "insert into rules.channel_rules values (5, 'Organic', null, null, null)",
            {LAST_RULE},
        ),
    ],
)
def test_a_gap_and_a_grade_out_of_reach_are_found(
    failing: Failing, change: str, problems: set[str]
) -> None:
    assert {problem for (problem,) in failing(COVERED, change)} == problems


@pytest.mark.parametrize(
    ("change", "channels"),
    [
        (
            "update rules.channel_rules set priority = 0 where priority = 4",
            {"Promotional Campaign", "Social Media", "Email Marketing"},
        ),
        # No rule by itself, two together leave nothing to the third.
        (
            "update rules.channel_rules set has_promotional_payment = false, is_weekend = null "
            "where priority = 2",
            {"Email Marketing", "Organic"},
        ),
        (
            "update rules.channel_rules set attribution_channel = 'Coupons' where priority = 1",
            set(),
        ),
    ],
)
def test_a_channel_out_of_reach_is_found(failing: Failing, change: str, channels: set[str]) -> None:
    assert {channel for (channel,) in failing(REACHED, change)} == channels


CREDITS = "assert_attribution_credits_add_up_to_each_conversion"
TOTALS, CHAINS = (
    "assert_attribution_totals_survive_to_marts",
    "assert_markov_chains_convert_as_observed",
)
FIRST_CONVERSION = "select min(conversion_id) from intermediate.int_attribution_touch_credits"


@pytest.mark.parametrize(
    ("test", "change"),
    [
        (
            TOTALS,  # a cent
            "update marketing.attribution_summary set credited_revenue = credited_revenue + 0.01 "
            "where summary_level = 'channel' and channel = 'email' "
            "and attribution_model = 'linear'",
        ),
        (
            TOTALS,
            "update marketing.attribution_summary set spend_amount = 0 "
            "where summary_level = 'campaign' and attribution_model = 'linear'",
        ),
        (TOTALS, "delete from marketing.attribution_paths where channel_path = 'organic'"),
        (
            CREDITS,
            "delete from intermediate.int_attribution_touch_credits "
            f"where conversion_id = ({FIRST_CONVERSION})",
        ),
        (
            CREDITS,
            "update intermediate.int_attribution_touch_credits set shapley = shapley * 1.00000001 "
            f"where conversion_id = ({FIRST_CONVERSION})",
        ),
        (
            CHAINS,
            "update intermediate.int_attribution_removals "
            "set conversion_rate = conversion_rate * 1.00000001 "
            "where removed_channel is null and markov_order = 2",
        ),
    ],
)
def test_lost_credit_is_found(failing: Failing, test: str, change: str) -> None:
    assert failing(test, "select 1") == []
    assert failing(test, change) != []
