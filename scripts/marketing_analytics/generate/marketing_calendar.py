"""When campaigns run and how busy a day is."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

from marketing_analytics.generate import calendar
from marketing_analytics.generate.calendar import SATURDAY

if TYPE_CHECKING:
    from marketing_analytics.generate.marketing_traffic import Campaign, Channel
    from marketing_analytics.generate.request import Request

GROWTH = 0.8  # from 40 % below the mean at the start to 40 % above it at the end
SEASON = 0.15  # above the mean in mid-December, below it in mid-June
PEAK_DAY_OF_YEAR = 350


def life(campaign: Campaign, request: Request) -> list[date]:
    """Return the days from the campaign's first to its last, within the generated period."""
    first = min(math.floor(campaign.starts * request.days), request.days - 1)
    last = max(first, math.ceil(campaign.ends * request.days) - 1)
    return [request.first_day + timedelta(days=index) for index in range(first, last + 1)]


def shown_days(campaign: Campaign, request: Request) -> list[date]:
    """Return the days of the campaign's life on which its ads are shown."""
    if not campaign.delivers:
        return []
    days = life(campaign, request)
    start, end = campaign.paused or (1.0, 1.0)
    return [day for index, day in enumerate(days) if not start <= index / len(days) < end]


def day_weight(day: date, channel: Channel, request: Request) -> float:
    """Return the traffic of a day relative to the mean: growth, season and day of the week."""
    weekend = channel.weekend if day.weekday() >= SATURDAY else 1.0
    level = calendar.growth(day, request, GROWTH) * season(day)
    return level * weekend * 7 / (5 + 2 * channel.weekend)


def season(day: date) -> float:
    """Return the traffic of a day of the year relative to the mean."""
    return calendar.season(day, peak_day=PEAK_DAY_OF_YEAR, strength=SEASON)
