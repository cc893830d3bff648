"""Who comes to the lottery on which day, and what is spent on it: the plan, no data yet.

It is small (personas times campaigns times days), whatever the scale.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.generate import calendar
from marketing_analytics.generate.draws import draw
from marketing_analytics.generate.lottery_world import CAMPAIGNS, GAMES, ORGANIC, PERSONAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from marketing_analytics.generate.lottery_world import Campaign
    from marketing_analytics.generate.request import Request, Row

GROWTH = 0.4  # from 20 % below the mean at the start to 20 % above it at the end
SEASON = 0.1  # above the mean in mid-November, below it in mid-May
PEAK_DAY_OF_YEAR = 320
NOISE = 0.3  # width of the band in which the spend of a day lies around its mean


def personas() -> Iterator[Row]:
    """Yield one row per persona, numbered from 1: how it plays."""
    for number, persona in enumerate(PERSONAS, start=1):
        yield {
            "persona": number,
            "signs_up": int(persona.signs_up),
            "taste": persona.taste,
            "first_play_days": float(persona.first_play_days),
            "gap_days": float(persona.gap_days),
            "spread": float(persona.spread),
            "burst": persona.burst,
            "active_days": float(persona.active_days),
            "most_plays": persona.most_plays,
            "buy_share": float(persona.buy_share),
            "spend": persona.spend,
            "deposit_share": float(persona.deposit_share),
            "deposit": persona.deposit,
            "return_share": float(persona.return_share),
        }


def games() -> Iterator[Row]:
    """Yield one row per game, numbered from 1."""
    for number, game in enumerate(GAMES, start=1):
        yield {
            "game": number,
            "game_id": game.id,
            "game_name": game.name,
            "jackpot_estimate_inminor": game.jackpot,
        }


def life(campaign: Campaign, request: Request) -> tuple[date, date]:
    """Return the campaign's first and last day, within the period."""
    first = min(math.floor(campaign.starts * request.days), request.days - 1)
    last = max(first, math.ceil(campaign.ends * request.days) - 1)
    return request.first_day + timedelta(days=first), request.first_day + timedelta(days=last)


def arrivals(request: Request) -> Iterator[Row]:
    """Yield one row per day, campaign and persona that come; the people are numbered through.

    The campaign's number is 0 where none brings them.
    """
    first_number = 1
    lives = [life(campaign, request) for campaign in (ORGANIC, *CAMPAIGNS)]
    for day in request.period():
        level = _level(day, request) * request.scale
        for source, campaign in enumerate((ORGANIC, *CAMPAIGNS)):
            first, last = lives[source]
            if not first <= day <= last:
                continue
            for persona, share in _shares(campaign, (request.as_of - day).days):
                expected = level * campaign.people_per_day * share
                count = math.floor(expected + draw(request.seed, "comes", source, persona, day))
                yield {
                    "day": day,
                    "campaign": source,
                    "persona": persona,
                    "first_number": first_number,
                    "person_count": count,
                }
                first_number += count


def spend(request: Request) -> Iterator[Row]:
    """Yield one row per day, campaign and channel that costs."""
    for campaign in CAMPAIGNS:
        first, last = life(campaign, request)
        for day in request.period():
            if not first <= day <= last:
                continue
            level = _level(day, request) * request.scale
            for channel, dollars in campaign.spend.items():
                chance = draw(request.seed, "spend", campaign.name, channel, day)
                yield {
                    "date": day,
                    "campaign_name": campaign.name,
                    "channel": channel,
                    "spend_inminor": round(100 * dollars * level * (1 + NOISE * (chance - 0.5))),
                }


def _level(day: date, request: Request) -> float:
    return calendar.growth(day, request, GROWTH) * calendar.season(
        day, peak_day=PEAK_DAY_OF_YEAR, strength=SEASON
    )


def _shares(campaign: Campaign, age: int) -> Iterator[tuple[int, float]]:
    """Yield the personas that come that many days before the last one, with their shares."""
    total = sum(campaign.mix.values())
    for number, persona in enumerate(PERSONAS, start=1):
        if persona.name in campaign.mix and persona.joins_on(age):
            yield number, campaign.mix[persona.name] / total
