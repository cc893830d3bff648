"""Where visitors come from and how many are new on which day: the plan, no data yet.

It is small (sources times days), whatever the scale.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from marketing_analytics.generate.calendar import SATURDAY
from marketing_analytics.generate.draws import draw, intervals
from marketing_analytics.generate.marketing_calendar import (
    SEASON,
    day_weight,
    season,
    shown_days,
)
from marketing_analytics.generate.marketing_traffic import Campaign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.generate.marketing_traffic import Channel, Traffic
    from marketing_analytics.generate.request import Request, Row

WEEKEND_RETURNS = 0.75  # sessions of known visitors on a day of a weekend, 1 on a working day


def sources(request: Request, traffic: Traffic) -> Iterator[Row]:
    """Yield one row per source of visitors: what those are like whom it brings first."""
    for source in traffic.sources:
        channel = traffic.channel(source.channel)
        row: Row = {
            "source": source.id,
            "channel": source.channel,
            "buyer_share": source.buyer_share,
            "order_value": channel.order_value,
            "repeat_share": channel.repeat_share,
            "browse_share": channel.browse_share,
            "mobile_share": channel.mobile_share,
        }
        yield row | (
            _click_terms(source, channel, request)
            if isinstance(source, Campaign)
            else {
                "bounce_share": channel.bounce_share,
                "cost_per_click": None,
                "arrival_share": None,
                "planned_clicks": None,
            }
        )


def days(request: Request) -> Iterator[Row]:
    """Yield one row per day with the share of the returning visits that take place."""
    for day in request.period():
        weekend = WEEKEND_RETURNS if day.weekday() >= SATURDAY else 1.0
        yield {"day": day, "keep_share": weekend * season(day) / (1 + SEASON)}


def arrivals(request: Request, traffic: Traffic) -> Iterator[Row]:
    """Yield one row per day and source with new visitors; they are numbered through."""
    open_days = _open_days(request, traffic)
    first_number = 1
    for day in request.period():
        for source in traffic.sources:
            if day not in open_days[source.id]:
                continue
            expected = (
                source.new_per_day
                * day_weight(day, traffic.channel(source.channel), request)
                * (0.7 + 0.6 * draw(request.seed, "mood", source.id, day))
                * request.scale
            )
            count = math.floor(expected + draw(request.seed, "arrivals", source.id, day))
            yield {
                "day": day,
                "source": source.id,
                "first_number": first_number,
                "visitor_count": count,
            }
            first_number += count


def returns(request: Request, traffic: Traffic) -> Iterator[Row]:
    """Yield one row per day and source that brings known visitors back, with its interval."""
    open_days = _open_days(request, traffic)
    for day in request.period():
        open_sources = [
            source
            for source in traffic.sources
            if source.return_weight > 0 and day in open_days[source.id]
        ]
        bounds = intervals([source.return_weight for source in open_sources])
        for source, (from_share, to_share) in zip(open_sources, bounds, strict=True):
            yield {
                "day": day,
                "source": source.id,
                "from_share": from_share,
                "to_share": to_share,
            }


def _open_days(request: Request, traffic: Traffic) -> dict[str, set[object]]:
    period = request.period()
    free: dict[str, set[object]] = {source.id: set(period) for source in traffic.free}
    return free | {c.id: set(shown_days(c, request)) for c in traffic.campaigns}


def _click_terms(campaign: Campaign, channel: Channel, request: Request) -> Row:
    bounce_share = campaign.bounce_share
    return {
        "bounce_share": channel.bounce_share if bounce_share is None else bounce_share,
        "cost_per_click": campaign.cost_per_click,
        "arrival_share": campaign.arrival_share,
        "planned_clicks": campaign.new_per_day * request.scale / campaign.arrival_share,
    }
