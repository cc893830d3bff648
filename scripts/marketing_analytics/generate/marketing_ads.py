"""Which ad is shown on which day, with which weight: the plan of campaigns and creatives."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.generate.draws import draw, intervals
from marketing_analytics.generate.marketing_calendar import day_weight, life, shown_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from marketing_analytics.generate.marketing_traffic import Campaign, Channel, Traffic
    from marketing_analytics.generate.request import Request, Row

FATIGUE_DAYS = 40.0  # time in which a creative loses most of what it can lose
FATIGUE_FLOOR = 0.4  # share of its first click-through that a creative keeps
LAUNCHES = 0.6  # creatives follow one another in this first part of the campaign's life


@dataclass(frozen=True, slots=True, kw_only=True)
class AdDay:
    """A creative on a day on which it is shown; clicks are relative to a mean day's of all."""

    creative_id: str
    day: date
    clicks: float
    click_through: float
    spend_share: float  # of the day's budget


def creatives(traffic: Traffic) -> Iterator[Row]:
    """Yield one row per creative."""
    for campaign in traffic.campaigns:
        for number, (kind, name) in enumerate(campaign.creatives, start=1):
            yield {
                "creative_id": _creative_id(campaign, number),
                "campaign_id": campaign.id,
                "creative_type": kind,
                "creative_name": name,
            }


def creative_days(request: Request, traffic: Traffic) -> Iterator[Row]:
    """Yield one row per creative and day that it is shown, with its share of the day's clicks."""
    for campaign in traffic.campaigns:
        ads = list(_ad_days(request, campaign, traffic.channel(campaign.channel)))
        ads_by_day: defaultdict[date, list[AdDay]] = defaultdict(list)
        clicks_by_month: defaultdict[tuple[int, int], float] = defaultdict(float)
        for ad in ads:
            ads_by_day[ad.day].append(ad)
            clicks_by_month[ad.day.year, ad.day.month] += ad.clicks
        days_by_month = Counter((day.year, day.month) for day in ads_by_day)
        for day, ads_of_day in ads_by_day.items():
            month = (day.year, day.month)
            bounds = intervals([ad.clicks for ad in ads_of_day])
            for ad, (from_share, to_share) in zip(ads_of_day, bounds, strict=True):
                yield {
                    "campaign_id": campaign.id,
                    "creative_id": ad.creative_id,
                    "day": day,
                    "from_share": from_share,
                    "to_share": to_share,
                    "busyness": ad.clicks * days_by_month[month] / clicks_by_month[month],
                    "click_through": ad.click_through,
                    "spend_share": ad.spend_share,
                }


def campaign_days(request: Request, traffic: Traffic) -> Iterator[Row]:
    """Yield one row per campaign and day of its life."""
    for campaign in traffic.campaigns:
        shown = set(shown_days(campaign, request))
        days = life(campaign, request)
        for index, day in enumerate(days):
            is_last = index == len(days) - 1 and day < request.as_of
            is_renamed = campaign.renamed is not None and index >= len(days) / 2
            yield {
                "campaign_id": campaign.id,
                "day": day,
                "campaign_name": campaign.renamed if is_renamed else campaign.name,
                "channel": campaign.channel,
                "status": _status(day in shown or not campaign.delivers, is_last=is_last),
            }


def _status(is_shown: bool, *, is_last: bool) -> str:
    if is_last:
        return "ended"
    return "active" if is_shown else "paused"


def _ad_days(request: Request, campaign: Campaign, channel: Channel) -> Iterator[AdDay]:
    days = life(campaign, request)
    count = len(campaign.creatives)
    launches = [math.floor(LAUNCHES * len(days) * number / count) for number in range(count)]
    for day in shown_days(campaign, request):
        age = (day - days[0]).days
        live = [number for number, launch in enumerate(launches) if launch <= age]
        weights = [0.7 + 0.6 * draw(request.seed, "shown", campaign.id, n, day) for n in live]
        rates = [_click_through(request, campaign, n, age - launches[n]) for n in live]
        expected = sum(weight * rate for weight, rate in zip(weights, rates, strict=True))
        busy = day_weight(day, channel, request)
        pacing = 0.86 + 0.16 * draw(request.seed, "pacing", campaign.id, day)
        for number, weight, rate in zip(live, weights, rates, strict=True):
            yield AdDay(
                creative_id=_creative_id(campaign, number + 1),
                day=day,
                clicks=busy * weight * rate / expected,
                click_through=rate,
                spend_share=pacing * weight / sum(weights),
            )


def _click_through(request: Request, campaign: Campaign, number: int, age: int) -> float:
    """Return the click-through of a creative after that many days: it tires."""
    fresh = math.exp(-age / FATIGUE_DAYS)
    appeal = 0.95 + 0.1 * draw(request.seed, "appeal", campaign.id, number)
    return campaign.click_through * appeal * (FATIGUE_FLOOR + (1 - FATIGUE_FLOOR) * fresh)


def _creative_id(campaign: Campaign, number: int) -> str:
    return f"cr_{campaign.id.removeprefix('camp_')}_{number}"
