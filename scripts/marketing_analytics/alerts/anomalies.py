"""Days that are not like the days before: each series against its own past.

A value counts as improbable only where every measure that fits its kind finds it so. Counts and
amounts: the robust distance on the square root and on the logarithm, of which the root is the
milder with falls and the logarithm with rises; counts also the Poisson tail, which is right where
there are a few events a day; a spend with a budget also as a share of the budget, so that a budget
that was raised is no anomaly.
"""

from __future__ import annotations

import math
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import (
    LEVEL_DAYS,
    TWO_SIDES,
    Baseline,
    Scale,
    fit,
    history,
    weekday_effects,
)
from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.judged import Judged
from marketing_analytics.alerts.rates import judge_rate
from marketing_analytics.alerts.sizes import judge_size
from marketing_analytics.alerts.statistics import EXACT_UP_TO, holm, poisson_tail
from marketing_analytics.alerts.words import anomaly_finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Finding, Series

ANSCOMBE = 3 / 8  # makes the root of a count vary by a half, whatever its mean (1948)
POISSON_ROOT_SPREAD = 0.5
MOST_ZERO_DAYS = 0.1  # of an amount; with more of them a day says too little
FAR = 3  # spreads, from which a day before belongs to the same anomaly


def anomalies(
    series: Sequence[Series], days: Mapping[str, date], settings: Mapping[str, float]
) -> tuple[list[Finding], LookedAt]:
    """Return the series that are off on the judged day of their domain."""
    judged, too_little = [], 0
    for one in series:
        day = days.get(one.domain)
        if day is None or (day not in one.values and one.kind != "size"):
            continue  # not active, or the day is missing
        found = judge(one, day, settings)
        if found is None:
            too_little += 1
        else:
            judged.append(found)
    corrected = holm([one.chance for one in judged])
    findings = [
        anomaly_finding(one, p_value)
        for one, p_value in zip(judged, corrected, strict=True)
        if p_value <= settings["false_alarms"] and _is_large(one, settings["least_change"])
    ]
    return findings, LookedAt(looked_at=len(judged), too_little=too_little)


def judge(series: Series, day: date, settings: Mapping[str, float]) -> Judged | None:
    """Return how a series stands on a day; None where it has too little past to say."""
    if series.kind == "size":
        return judge_size(series, day, settings)
    days = history(series.values, day)
    if len(days) < settings["least_history_days"]:
        return None
    if series.kind == "rate":
        return judge_rate(series, day, days)
    if series.kind == "amount":
        zeros = sum(series.values[known] <= 0 for known in days)
        if zeros > MOST_ZERO_DAYS * len(days):
            return None
    # Its own past is that of other budgets: they would widen what is normal, or move it.
    by_budget = _by_budget(series, [*days, day])
    values = series.values if by_budget is None else by_budget
    unit = 1.0 if by_budget is None else series.bases[day]
    baselines = _baselines(series, values, day, settings["least_spread"])
    chances = [baseline.chance(values[day]) for baseline in baselines]
    if series.kind == "count":
        chances.append(_poisson_chance(values, day, values[day], baselines[0].normal))
    low, high = baselines[0].band
    return Judged(
        series=series,
        day=day,
        since=_since(values, day, baselines[0]),
        value=series.values[day],
        normal=baselines[0].normal * unit,
        low=max(low, 0.0) * unit,
        high=high * unit,
        chance=max(chances),
    )


def _baselines(
    series: Series, values: Mapping[date, float], day: date, least_spread: float
) -> tuple[Baseline, Baseline]:
    """Return what was expected of a day on the root and on the logarithm."""
    usual = median([values[known] for known in history(values, day)])
    roots, logarithms = (
        count_scales(usual, least_spread)
        if series.kind == "count"
        else amount_scales(usual, least_spread)
    )
    return fit(roots, values, day), fit(logarithms, values, day)


def count_scales(usual: float, least_spread: float) -> tuple[Scale, Scale]:
    """Return the root and the logarithm of a count; it varies by chance at the least."""
    return (
        Scale(
            to=lambda value: math.sqrt(max(value, 0) + ANSCOMBE),
            back=lambda root: max(root, 0) ** 2 - ANSCOMBE if root > 0 else 0.0,
            least_spread=max(POISSON_ROOT_SPREAD, least_spread / 2 * math.sqrt(usual)),
        ),
        Scale(
            to=lambda value: math.log(max(value, 0) + 1),
            back=lambda logarithm: math.exp(logarithm) - 1,
            least_spread=max(math.sqrt(usual) / (usual + 1), least_spread),
        ),
    )


def amount_scales(usual: float, least_spread: float) -> tuple[Scale, Scale]:
    """Return the root and the logarithm of an amount; 1 % of the usual stands for nothing."""
    least = max(usual, 1e-9) / 100
    return (
        Scale(
            to=lambda value: math.sqrt(max(value, 0)),
            back=lambda root: max(root, 0) ** 2,
            least_spread=least_spread / 2 * math.sqrt(max(usual, 1e-9)),
        ),
        Scale(
            to=lambda value: math.log(max(value, least)),
            back=math.exp,
            least_spread=least_spread,
        ),
    )


def _poisson_chance(
    values: Mapping[date, float], day: date, value: float, expected: float
) -> float:
    """Return the chance of a count, at the mean among those thinkable that suits it best."""
    means = thinkable_means(values, day, expected)
    above = value > expected
    mean = max(means) if above else min(means)
    if mean > EXACT_UP_TO:
        return 0.0
    return min(1.0, TWO_SIDES * poisson_tail(value, mean, above=above))


def thinkable_means(
    values: Mapping[date, float], day: date, expected: float
) -> tuple[float, float]:
    """Return the events to be expected of a day: by the median and by the mean.

    A median of few events is 0 where the mean is not; a mean follows one wild day.
    """
    days = history(values, day)
    counts = [values[known] for known in days]
    recent = [values[known] for known in days if known >= day - timedelta(LEVEL_DAYS)] or counts
    mean = (sum(recent) + 1 / 2) / len(recent)
    _, share, _ = weekday_effects([known.weekday() for known in days], counts)
    same = [values[known] for known in days if known.weekday() == day.weekday()]
    by_weekday = sum(same) / len(same) if same else mean
    return max(expected, 0.0), share * by_weekday + (1 - share) * mean


def _by_budget(series: Series, days: Sequence[date]) -> dict[date, float] | None:
    """Return spend as a share of the day's budget; None where a budget is not known."""
    if series.kind != "amount" or any(not series.bases.get(known) for known in days):
        return None
    return {known: series.values[known] / series.bases[known] for known in days}


def _since(values: Mapping[date, float], day: date, baseline: Baseline) -> date:
    """Return the first of the days in a row that are off in the same direction."""
    direction = math.copysign(1, baseline.distance(values[day]))
    first = day
    while (before := first - timedelta(1)) in values:
        if direction * baseline.distance(values[before]) < FAR:
            break
        first = before
    return first


def _is_large(judged: Judged, least_change: float) -> bool:
    if judged.normal <= 0:
        return judged.value > 0
    return abs(judged.value / judged.normal - 1) >= least_change
