"""Campaigns are compared as statistics books do it, computed here from the counts alone."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

from warehouse.reference_comparisons import holm

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def test_holm_by_hand() -> None:
    # 5 x .0034, 4 x .012, 3 x .03, then no less than the one before
    found = holm([0.0034, 0.012, 0.03, 0.04, 0.2])
    assert found == pytest.approx([0.017, 0.048, 0.09, 0.09, 0.2])


@pytest.mark.parametrize(
    ("rate", "successes", "trials"),
    [
        ("click_through", "total_clicks", "total_impressions"),
        ("session_to_conversion", "total_conversions", "total_sessions"),
    ],
)
def test_campaigns_of_the_sample(
    sample: DuckDBPyConnection, rate: str, successes: str, trials: str
) -> None:
    rows = sample.execute(
        f"select {successes}, {trials}, {rate}_difference, {rate}_p_value, {rate}_comparison "
        "from marketing.funnel_conversion_analysis"
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
        p_values.append(2 * NormalDist().cdf(-abs(z)))
    expected = holm(p_values)
    assert [row[3] for row in tested] == pytest.approx(expected, rel=1e-9)
    for p, (*_, difference, _, words) in zip(expected, tested, strict=True):
        side = "higher" if difference > 0 else "lower"
        assert words == (side if p < 0.05 else "no clear difference")
    assert {row[4] for row in rows if row not in tested} <= {"too few", "no rate"}
