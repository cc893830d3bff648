"""How one series stands on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from marketing_analytics.alerts.facts import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One series on one day."""

    series: Series
    day: date
    since: date
    value: float
    normal: float
    low: float  # from here …
    high: float  # … to here a day is ordinary
    chance: float
