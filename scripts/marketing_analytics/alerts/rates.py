"""Is the rate of a day like those of the days before? On the arcsine, which varies alike."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import BAND, LEVEL_DAYS, TWO_SIDES
from marketing_analytics.alerts.judged import Judged
from marketing_analytics.alerts.statistics import (
    EXACT_UP_TO,
    MEDIAN_VARIANCE,
    SPREAD_EFFICIENCY,
    binomial_tail,
    spread,
    t_tail,
    weighted_median,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Series

ANSCOMBE = 3 / 8  # as for counts (1948): the arcsine varies by 1 / (2 sqrt(trials))


def judge_rate(series: Series, day: date, days: Sequence[date]) -> Judged | None:
    """Return how a rate stands on a day; None where the day or its past has no trials.

    `values` are successes, `bases` trials. The spread is that of the binomial, times what the days
    vary beyond it.
    """
    tried = [known for known in days if series.bases.get(known)]
    trials = series.bases.get(day, 0.0)
    if not trials or len(tried) < len(days) / 2:
        return None
    recent = [known for known in tried if known >= day - timedelta(LEVEL_DAYS)] or tried
    weights = [series.bases[known] for known in recent]
    level = weighted_median([_angle(series, known) for known in recent], weights)
    beyond = spread([_distance(series, known, level) for known in tried], 0.0)
    error = max(beyond, 1.0) * math.sqrt(1 + MEDIAN_VARIANCE * trials / sum(weights))
    freedom = SPREAD_EFFICIENCY * (len(tried) - 1)
    distance = _distance(series, day, level)
    successes = min(series.values[day], trials)
    pooled = sum(min(series.values[known], series.bases[known]) for known in recent) / sum(weights)
    usual = math.sin(level) ** 2
    above = successes > usual * trials
    rate = max(pooled, usual) if above else min(pooled, usual)
    chances = [TWO_SIDES * t_tail(abs(distance) / error, freedom)]
    if trials * rate * (1 - rate) <= EXACT_UP_TO:
        tail = binomial_tail(successes, trials, rate, above=above)
        chances.append(min(1.0, TWO_SIDES * tail))
    width = BAND * error / (2 * math.sqrt(trials + 1 / 2))
    return Judged(
        series=series,
        day=day,
        since=day,
        value=successes / trials,
        normal=usual,
        low=math.sin(max(level - width, 0)) ** 2,
        high=math.sin(min(level + width, math.pi / 2)) ** 2,
        chance=max(chances),
    )


def _angle(series: Series, day: date) -> float:
    trials = series.bases[day]
    successes = min(series.values[day], trials)
    return math.asin(math.sqrt((successes + ANSCOMBE) / (trials + 2 * ANSCOMBE)))


def _distance(series: Series, day: date, level: float) -> float:
    return (_angle(series, day) - level) * 2 * math.sqrt(series.bases[day] + 1 / 2)
