"""Tracking lost: sessions or conversions fall to nearly nothing while the money goes on."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from marketing_analytics.alerts.anomalies import count_scales, thinkable_means
from marketing_analytics.alerts.baseline import LEVEL_DAYS, fit, history
from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.statistics import poisson_tail, spread
from marketing_analytics.alerts.words import tracking_finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Finding, Series

TRACKED = ("sessions", "conversions")
WINDOWS = (1, 2, 3, 5, 7, 14)  # days that are looked at together
ROOT_SPREAD = 0.5  # of a Poisson count
LEAST_HISTORY = LEVEL_DAYS
NO_SPREAD = 0.0


def lost_tracking(
    series: Sequence[Series], days: Mapping[str, date], settings: Mapping[str, float]
) -> tuple[list[Finding], LookedAt]:
    """Return the campaigns, and domains, that spend and seem to get nothing."""
    spends = {(one.domain, one.name): one for one in series if one.metric == "spend"}
    looked_at = too_little = 0
    candidates = []
    for one in series:
        spend, day = spends.get((one.domain, one.name)), days.get(one.domain)
        if one.metric not in TRACKED or spend is None or day is None:
            continue
        if day not in one.values or day not in spend.values:
            continue
        if len(history(one.values, day)) < LEAST_HISTORY + WINDOWS[-1]:
            too_little += 1
            continue
        looked_at += 1
        candidates.append((one, spend, day))
    limit = settings["false_alarms"] / max(looked_at * len(WINDOWS), 1)
    findings = []
    for one, spend, day in candidates:
        window = max(
            (
                length
                for length in WINDOWS
                if _is_lost(one, spend, _window(day, length), limit, settings)
            ),
            default=None,
        )
        if window is not None:
            findings.append(_finding(one, day, window, settings["most_left"]))
    return findings, LookedAt(looked_at=looked_at, too_little=too_little)


def _window(day: date, length: int) -> list[date]:
    return [day - timedelta(back) for back in range(length)]


def _is_lost(
    one: Series, spend: Series, window: Sequence[date], limit: float, settings: Mapping[str, float]
) -> bool:
    """Are so few events in these days next to impossible, while most of the money was spent?"""
    if any(known not in one.values or known not in spend.values for known in window):
        return False
    first = window[-1]
    usual_spend = median([spend.values[known] for known in history(spend.values, first)] or [0.0])
    least_spend = settings["least_spend_left"] * usual_spend
    if usual_spend <= 0 or any(spend.values[known] < least_spend for known in window):
        return False
    most = max(one.values[known] for known in history(one.values, first))
    if sum(one.values[known] for known in window) > settings["most_left"] * most * len(window):
        return False  # clear without a closer look
    events, expected, beyond = _window_counts(one, window)
    if events > settings["most_left"] * expected:
        return False
    # Counts that vary more than by chance: a Poisson of so many times fewer events.
    return poisson_tail(events / beyond, expected / beyond, above=False) <= limit


def _window_counts(one: Series, window: Sequence[date]) -> tuple[float, float, float]:
    """Return the events of a window, those to be expected, and their variance over Poisson's."""
    first = window[-1]
    days = history(one.values, first)
    usual = median([one.values[known] for known in days])
    roots, _ = count_scales(usual, NO_SPREAD)
    expected = sum(_expected(one, known, first) for known in window)
    scaled = [roots.to(one.values[known]) for known in days]
    beyond = max(1.0, (spread(scaled) / ROOT_SPREAD) ** 2)
    return sum(one.values[known] for known in window), expected, beyond


def _expected(one: Series, day: date, first: date) -> float:
    """Return the events of a day by the weeks before the window, the smaller of two answers."""
    before = {known: value for known, value in one.values.items() if known < first}
    usual = median([before[known] for known in history(before, first)])
    roots, _ = count_scales(usual, NO_SPREAD)
    return min(thinkable_means(before, day, fit(roots, before, day).normal))


def _finding(one: Series, day: date, window: int, most_left: float) -> Finding:
    """Return what to say, with the first of the days in a row that had nearly nothing."""
    start = day - timedelta(window - 1)
    expected = _expected(one, day, start)
    while (before := start - timedelta(1)) in one.values:
        if before <= day - timedelta(LEVEL_DAYS):
            break  # longer ago than can be said
        if one.values[before] > most_left * expected:
            break
        start = before
    days = [start + timedelta(step) for step in range((day - start).days + 1)]
    return tracking_finding(
        one,
        day=day,
        since=start,
        value=sum(one.values[known] for known in days),
        normal=sum(_expected(one, known, start) for known in days),
    )
