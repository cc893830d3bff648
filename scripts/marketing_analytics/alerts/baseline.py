"""What is normal for a series on a day, by its own past: weekdays, level and spread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from marketing_analytics.alerts.statistics import (
    MEDIAN_VARIANCE,
    SPREAD_EFFICIENCY,
    spread,
    t_tail,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

WEEK = 7
HISTORY_DAYS = 8 * WEEK  # spread and weekdays
LEVEL_DAYS = 4 * WEEK  # the level, which may move
LEAST_OF_A_WEEKDAY = 4
JAMES_STEIN = 3  # components that shrinking costs
TWO_SIDES = 2
BAND = 2  # spreads around what is expected, shown as normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale on which a series varies by the same amount on busy and on quiet days."""

    to: Callable[[float], float]
    back: Callable[[float], float]
    least_spread: float  # what chance alone makes of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was expected of one day, on a scale."""

    scale: Scale
    expected: float
    spread: float  # of a new value around it
    freedom: float

    def distance(self, value: float) -> float:
        """Return how many spreads a value is above what was expected."""
        return (self.scale.to(value) - self.expected) / self.spread

    def chance(self, value: float) -> float:
        """Return the chance of a value this far off, in either direction."""
        return TWO_SIDES * t_tail(abs(self.distance(value)), self.freedom)

    @property
    def normal(self) -> float:
        """Return what was expected, in the unit of the series."""
        return self.scale.back(self.expected)

    @property
    def band(self) -> tuple[float, float]:
        """Return from where to where a day is ordinary."""
        width = BAND * self.spread
        return self.scale.back(self.expected - width), self.scale.back(self.expected + width)


def history(values: Mapping[date, float], day: date, days: int = HISTORY_DAYS) -> list[date]:
    """Return the days with a value in the weeks before a day, in order."""
    first = day - timedelta(days)
    return sorted(known for known in values if first <= known < day)


def fit(scale: Scale, values: Mapping[date, float], day: date) -> Baseline:
    """Return what was to be expected of a day from the eight weeks before it."""
    days = history(values, day)
    scaled = [scale.to(values[known]) for known in days]
    effects, share, certainty = weekday_effects([known.weekday() for known in days], scaled)
    adjusted = [
        value - share * effects[known.weekday()] for known, value in zip(days, scaled, strict=True)
    ]
    level_values = [
        value
        for known, value in zip(days, adjusted, strict=True)
        if known >= day - timedelta(LEVEL_DAYS)
    ] or adjusted
    count = len(adjusted)
    fitted = (WEEK - 1) * share  # values that the weekdays have used up
    measured = spread(adjusted) * math.sqrt(count / max(count - fitted, 1))
    unsure = MEDIAN_VARIANCE * (1 / len(level_values) + share * certainty)
    return Baseline(
        scale=scale,
        expected=median(level_values) + share * effects[day.weekday()],
        spread=max(measured, scale.least_spread) * math.sqrt(1 + unsure),
        freedom=max(SPREAD_EFFICIENCY * (count - 1 - fitted), 1),
    )


def weekday_effects(
    weekdays: Sequence[int], values: Sequence[float]
) -> tuple[list[float], float, float]:
    """Return how far each weekday lies off, the share of it that is real, and 1 / days of each.

    Medians of a few days differ by chance. The share that is not chance is James and Stein's
    (1961, Fourth Berkeley Symposium 1, 361-379), 0 where the weekdays do not differ.
    """
    groups: list[list[float]] = [[] for _ in range(WEEK)]
    for weekday, value in zip(weekdays, values, strict=True):
        groups[weekday].append(value)
    fewest = min(len(group) for group in groups)
    if fewest < LEAST_OF_A_WEEKDAY:
        return [0.0] * WEEK, 0.0, 0.0
    medians = [median(group) for group in groups]
    middle = sum(medians) / WEEK
    effects = [value - middle for value in medians]
    residuals = [value - medians[weekday] for weekday, value in zip(weekdays, values, strict=True)]
    count = len(values)
    variance = spread(residuals, 0.0) ** 2 * count / max(count - WEEK, 1)
    total = sum(effect * effect for effect in effects)
    if total == 0:
        return effects, 0.0, 0.0
    chance = (WEEK - JAMES_STEIN) * MEDIAN_VARIANCE * variance / fewest
    return effects, max(0.0, 1 - chance / total), 1 / fewest
