"""Who joins the shop on which day, and what is on sale then: the plan, no data yet.

It is small (personas or products times days), whatever the scale.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.generate import calendar
from marketing_analytics.generate.draws import draw, intervals
from marketing_analytics.generate.shop_world import ERAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from marketing_analytics.generate.request import Request, Row
    from marketing_analytics.generate.shop_world import Persona, Product, Shop

JOIN_PER_DAY = 0.56  # people at scale 1, where the weights of the personas add up to 100
GROWTH = 0.5  # from 25 % below the mean at the start to 25 % above it at the end
SEASON = 0.2  # above the mean in late May, below it in late November
PEAK_DAY_OF_YEAR = 148


def personas(shop: Shop) -> Iterator[Row]:
    """Yield one row per persona, numbered from 1: how it buys."""
    for number, persona in enumerate(shop.personas, start=1):
        pause_after, pause_days = persona.pause or (0, 0)
        yield {
            "persona": number,
            "kind": persona.kind,
            "most_orders": persona.most_orders,
            "gap_days": float(persona.gap_days),
            "active_days": float(persona.active_days),
            "pause_after": pause_after,
            "pause_days": pause_days,
            "first_bicycle_share": float(persona.first_bicycle_share),
            "bicycle_share": float(persona.bicycle_share),
            "most_bicycles": persona.most_bicycles,
            "weekend_pull": float(persona.weekend_pull),
            "coupon_share": float(persona.coupon_share),
            "bank_share": float(persona.bank_share),
        }


def products(shop: Shop) -> Iterator[Row]:
    """Yield one row per product, numbered from 1."""
    for number, product in enumerate(shop.products, start=1):
        yield {
            "product": number,
            "price": product.price,
            "return_share": product.return_share,
        }


def days(request: Request, shop: Shop) -> Iterator[Row]:
    """Yield one row per day with the share of the later orders that take place."""
    for day in request.period():
        promotion = shop.promotion(day)
        yield {
            "day": day,
            "keep_share": _season(day) / (1 + SEASON),
            "discount": promotion.discount if promotion else 0,
            "promotion_coupon_share": promotion.coupon_share if promotion else 0.0,
        }


def arrivals(request: Request, shop: Shop) -> Iterator[Row]:
    """Yield one row per day and persona; the people are numbered through."""
    first_number = 1
    for index, day in enumerate(request.period()):
        level = calendar.growth(day, request, GROWTH) * _season(day) * JOIN_PER_DAY / 100
        in_promotion = shop.promotion(day) is not None
        for number, persona in enumerate(shop.personas, start=1):
            if persona.only_in_promotions and not in_promotion:
                continue
            expected = (
                level * persona.weight * _era_factor(persona, index / request.days) * request.scale
            )
            count = math.floor(expected + draw(request.seed, "joins", persona.name, day))
            yield {
                "day": day,
                "persona": number,
                "first_number": first_number,
                "person_count": count,
            }
            first_number += count


def assortment(request: Request, shop: Shop) -> Iterator[Row]:
    """Yield one row per day and bicycle on sale, with its interval."""
    for index, day in enumerate(request.period()):
        on_sale = [
            (number, product)
            for number, product in enumerate(shop.bicycles, start=1)
            if _is_sold(product, day, request)
        ]
        age = index / request.days
        weights = [
            product.weight[0] * (1 - age) + product.weight[1] * age for _, product in on_sale
        ]
        for (number, _), (from_share, to_share) in zip(on_sale, intervals(weights), strict=True):
            yield {
                "day": day,
                "product": number,
                "from_share": from_share,
                "to_share": to_share,
            }


def _season(day: date) -> float:
    return calendar.season(day, peak_day=PEAK_DAY_OF_YEAR, strength=SEASON)


def _era_factor(persona: Persona, age: float) -> float:
    return math.prod(
        factor for era, factor in persona.eras.items() if ERAS[era][0] <= age < ERAS[era][1]
    )


def _is_sold(product: Product, day: date, request: Request) -> bool:
    launched, discontinued = product.launched, product.discontinued
    return (launched is None or day > request.as_of - timedelta(days=launched)) and (
        discontinued is None or day <= request.as_of - timedelta(days=discontinued)
    )
