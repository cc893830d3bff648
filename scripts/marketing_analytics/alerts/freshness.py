"""Days that a raw table lacks: at its end, where it is late, and in the middle.

A table may well have a quiet day. What is looked for are days without a row that should have had
some. With a mean of m rows and a variance of f times that, a day has none with the chance
exp(-m ln(f) / (f - 1)): of a negative binomial where f is above 1, of a binomial below, of a
Poisson at 1. Both are of the days before, the mean of the same weekdays.
"""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import HISTORY_DAYS, LEAST_OF_A_WEEKDAY, WEEK
from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.words import freshness_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Finding, Source

SPAN_DAYS = 3 * HISTORY_DAYS  # in which missing days are looked for at all
LEAST_DISPERSION = 0.01  # of a table with nearly as many rows every day
NEAR_POISSON = 1e-6


def missing_days(
    source: Source, until: date, settings: Mapping[str, float]
) -> Iterator[tuple[date, date, float]]:
    """Yield each stretch of missing days: its first and last day, and the rows it should have."""
    if not source.rows:
        return
    newest = min(max(source.rows), until)
    day = max(min(source.rows), newest - timedelta(SPAN_DAYS))
    missing: set[date] = set()
    while day <= until:
        if source.rows.get(day):
            day += timedelta(1)
            continue
        first = day
        while day <= until and not source.rows.get(day):
            day += timedelta(1)
        last = day - timedelta(1)
        expected, chance = _expected(source, first, last, missing)
        if chance <= settings["false_alarms"]:
            missing |= {first + timedelta(step) for step in range((last - first).days + 1)}
            yield first, last, expected


def _expected(source: Source, first: date, last: date, missing: set[date]) -> tuple[float, float]:
    """Return the rows to be expected of a stretch, and the chance that it has none."""
    begin = max(min(source.rows), first - timedelta(HISTORY_DAYS))
    every = (begin + timedelta(step) for step in range((first - begin).days))
    past = {day: source.rows.get(day, 0) for day in every if day not in missing}
    groups: dict[int, list[int]] = {}
    for day, rows in past.items():
        groups.setdefault(day.weekday(), []).append(rows)
    if len(groups) < WEEK or min(len(group) for group in groups.values()) < LEAST_OF_A_WEEKDAY:
        return 0.0, 1.0
    means = {weekday: sum(group) / len(group) for weekday, group in groups.items()}
    recent = list(past.values())[-WEEK:]
    # A mean follows one wild day, a median does not, and less may be going on of late: the least.
    usual = {
        weekday: min(means[weekday], median(group), sum(recent) / WEEK)
        for weekday, group in groups.items()
    }
    stretch = [first + timedelta(step) for step in range((last - first).days + 1)]
    expected = sum(usual[day.weekday()] for day in stretch)
    return expected, math.exp(-expected * _evidence(_dispersion(past, means)))


def _dispersion(past: Mapping[date, int], means: Mapping[int, float]) -> float:
    """Return the variance of the counts over their mean, 1 for chance alone.

    By the differences from one day to the next (von Neumann, 1941, Annals of Mathematical
    Statistics 12, 367-395): a campaign more from some day on is no noise.
    """
    around = [rows - means[day.weekday()] for day, rows in past.items()]
    squares = [(after - before) ** 2 for before, after in pairwise(around)]
    mean = sum(past.values()) / len(past)
    return max(sum(squares) / len(squares) / 2 / mean, LEAST_DISPERSION) if mean else 1.0


def _evidence(beyond: float) -> float:
    return 1.0 if abs(beyond - 1) < NEAR_POISSON else math.log(beyond) / (beyond - 1)


def late_or_missing(
    sources: Sequence[Source], until: Mapping[str, date], settings: Mapping[str, float]
) -> tuple[list[Finding], LookedAt]:
    """Return the raw tables that lack days, up to the day that each domain should have reached."""
    findings, looked_at = [], 0
    for source in sources:
        last_day = until.get(source.domain)
        if last_day is None or not source.rows:
            continue
        looked_at += 1
        earliest = last_day - timedelta(settings["look_back_days"])
        findings += [
            freshness_finding(
                source, first=first, last=last, expected=expected, is_late=last == last_day
            )
            for first, last, expected in missing_days(source, last_day, settings)
            if last > earliest
        ]
    return findings, LookedAt(looked_at=looked_at)
