"""Rates of campaigns and channels are compared as statistics books do it, here from the counts."""

from __future__ import annotations

from math import erfc, sqrt
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.warehouse import in_memory
from warehouse.reference_comparisons import holm

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def test_holm_by_hand() -> None:
    # 5 x .0034, 4 x .012, 3 x .03, then no less than the one before
    found = holm([0.0034, 0.012, 0.03, 0.04, 0.2])
    assert found == pytest.approx([0.017, 0.048, 0.09, 0.09, 0.2])


@pytest.mark.parametrize("mart", ["funnel_conversion_analysis", "channel_funnel"])
@pytest.mark.parametrize(
    ("rate", "successes", "trials"),
    [
        ("click_through", "total_clicks", "total_impressions"),
        ("session_to_conversion", "total_conversions", "total_sessions"),
    ],
)
def test_rates_of_the_sample(
    sample: DuckDBPyConnection, mart: str, rate: str, successes: str, trials: str
) -> None:
    rows = sample.execute(
        f"select {successes}, {trials}, {rate}_difference, {rate}_p_value, {rate}_comparison "
        f"from marketing.{mart}"
    ).fetchall()
    all_k, all_n = sum(row[0] for row in rows), sum(row[1] for row in rows)
    tested = [row for row in rows if row[0] >= 10 and all_k - row[0] >= 10 and 0 < row[0] <= row[1]]
    assert 3 < len(tested) < len(rows)
    p_values = []
    for k, n, difference, _, _ in tested:
        rest_k, rest_n = all_k - k, all_n - n
        assert difference == pytest.approx(k / n - rest_k / rest_n)
        pooled = all_k / all_n
        z = difference / sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest_n))
        p_values.append(erfc(abs(z) / sqrt(2)))
    expected = holm(p_values)
    # Eight digits even of the smallest: so exact is the continued fraction far out.
    assert [row[3] for row in tested] == pytest.approx(expected, rel=1e-8, abs=1e-290)
    for p, (*_, difference, _, words) in zip(expected, tested, strict=True):
        side = "higher" if difference > 0 else "lower"
        assert words == (side if p < 0.05 else "no clear difference")
    assert {row[4] for row in rows if row not in tested} <= {"too few", "no rate"}


# Buyers and customers of an action, and of those held out: z of -9.3, -2.4, 0, 4.7 and 1.2.
ACTIONS = {
    "mail": ((10, 60), (60, 60)),
    "call": ((15, 20), (20, 20)),
    "visit": ((10, 20), (10, 20)),
    "gift": ((90, 100), (60, 100)),
    "card": ((12, 30), (10, 36)),
}


def check_actions(query: str) -> None:
    """Compare the p-values of next_best_action_results, as compiled, with those of the counts."""
    connection = in_memory()
    connection.execute(
        "create schema intermediate; create table intermediate.int_action_outcomes "
        "(next_action text, holdout_count int, buyer_count int, order_amount decimal(18, 2) "
        "default 0, contacted_count int default 0, first_date date, last_date date)"
    )
    for action, groups in ACTIONS.items():
        for holdout, (buyers, customers) in enumerate(groups):
            connection.execute(
                "insert into intermediate.int_action_outcomes "
                "(next_action, holdout_count, buyer_count) "
                "select ?, ?, case when i < ? then 1 else 0 end from range(?) r(i)",
                [action, holdout, buyers, customers],
            )
    rows = connection.execute(f"select next_action, buyer_rate_p_value from ({query})").fetchall()
    connection.close()
    p_values = []
    for (k, n), (other_k, other_n) in ACTIONS.values():
        pooled = (k + other_k) / (n + other_n)
        z = (k / n - other_k / other_n) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
        p_values.append(erfc(abs(z) / sqrt(2)))
    expected = dict(zip(ACTIONS, holm(p_values), strict=True))
    assert dict(rows) == pytest.approx(expected, rel=1e-8, abs=0)


def test_actions_are_compared_with_those_held_out(sample_folder: Path) -> None:
    folder = sample_folder / "compiled/marketing_analytics/models/marts/forecasts"
    check_actions((folder / "next_best_action_results.sql").read_text(encoding="utf-8"))
