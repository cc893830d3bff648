"""How busy a day is, for every made-up company."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from marketing_analytics.generate.request import Request

SATURDAY = 5


def growth(day: date, request: Request, rate: float) -> float:
    """Return the level of a day relative to the mean: it grows by the rate over the period."""
    age = (day - request.first_day).days / max(1, request.days - 1)
    return 1 + rate * (age - 0.5)


def season(day: date, *, peak_day: int, strength: float) -> float:
    """Return the level of a day relative to the mean: the highest on that day of the year."""
    since_peak = day.timetuple().tm_yday - peak_day
    return 1 + strength * math.cos(2 * math.pi * since_peak / 365.25)
