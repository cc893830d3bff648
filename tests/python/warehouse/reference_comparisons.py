"""Rates compared with those of all others, in plain Python."""

from __future__ import annotations

import math
from itertools import accumulate
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Interval = tuple[float | None, float | None]


def holm(p_values: list[float]) -> list[float]:
    """Return the p-values adjusted for their number (Holm 1979)."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    steps = (p_values[place] * (len(order) - rank) for rank, place in enumerate(order))
    adjusted = dict(zip(order, accumulate(steps, max), strict=True))
    return [min(1.0, adjusted[place]) for place in range(len(p_values))]


def compared_with_the_rest(
    name: str, rates: Mapping[str, tuple[int, int]], wilson: Callable[[int, int], Interval]
) -> dict[str, dict[str, Any]]:
    """Return the columns of the comparison by key, from successes and trials."""
    all_k, all_n = (sum(pair[place] for pair in rates.values()) for place in (0, 1))
    p_values: dict[str, float] = {}
    rows: dict[str, dict[str, Any]] = {}
    for key, (k, n) in rates.items():
        rest_k, rest_n = all_k - k, all_n - n
        (low, high), (rest_low, rest_high) = wilson(k, n), wilson(rest_k, rest_n)
        difference = lower = upper = None
        words = "no rate"
        if None not in (low, high, rest_low, rest_high):
            own, rest = k / n, rest_k / rest_n
            difference = own - rest
            lower = difference - math.hypot(own - (low or 0.0), (rest_high or 0.0) - rest)
            upper = difference + math.hypot((high or 0.0) - own, rest - (rest_low or 0.0))
            words = "too few"
            pooled = all_k / all_n
            if k >= 10 and rest_k >= 10 and pooled < 1:
                z = difference / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest_n))
                p_values[key] = 2 * NormalDist().cdf(-abs(z))
        rows[key] = {
            f"{name}_difference": difference,
            f"{name}_difference_lower_bound": lower,
            f"{name}_difference_upper_bound": upper,
            f"{name}_p_value": None,
            f"{name}_comparison": words,
        }
    for key, p in zip(p_values, holm(list(p_values.values())), strict=True):
        row = rows[key]
        side = "higher" if row[f"{name}_difference"] > 0 else "lower"
        row[f"{name}_p_value"] = p
        row[f"{name}_comparison"] = side if p < 0.05 else "no clear difference"
    return rows
