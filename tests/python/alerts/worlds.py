"""Daily series of businesses that are in order, and ways to break them.

Drawn by other rules than the detection assumes: noise that lasts from day to day, counts that vary
more than by chance, orders of very different value, weekdays, growth, budgets that change by the
month, campaigns that begin, pause and end.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.facts import TOTAL, BudgetDay, Series, Source, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from marketing_analytics.alerts.facts import Kind

FIRST = date(2024, 1, 1)
LENGTH = 150
LAST = FIRST + timedelta(LENGTH - 1)
DAYS = [FIRST + timedelta(step) for step in range(LENGTH)]
NORMAL_FROM = 60


def poisson(rng: random.Random, mean: float) -> int:
    if mean > NORMAL_FROM:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def binomial(rng: random.Random, trials: int, rate: float) -> int:
    if trials * rate * (1 - rate) > NORMAL_FROM:
        drawn = round(rng.gauss(trials * rate, math.sqrt(trials * rate * (1 - rate))))
        return min(trials, max(0, drawn))
    if trials > 1000:  # rare: as Poisson
        return min(trials, poisson(rng, trials * rate))
    return sum(rng.random() < rate for _ in range(trials))


def noise(rng: random.Random, size: float, lasting: float) -> list[float]:
    """Return a factor per day, the logarithm of which is autoregressive."""
    state, factors = rng.gauss(0, size), []
    for _ in DAYS:
        state = lasting * state + math.sqrt(1 - lasting**2) * rng.gauss(0, size)
        factors.append(math.exp(state))
    return factors


def weekdays(rng: random.Random, size: float) -> list[float]:
    return [math.exp(rng.gauss(0, size)) for _ in range(7)]


@dataclass(frozen=True)
class Campaign:
    """What each day of one campaign brought; a day that is not in it did not run."""

    name: str
    budget: Mapping[date, float]
    spend: Mapping[date, float]
    impressions: Mapping[date, int]
    clicks: Mapping[date, int]
    sessions: Mapping[date, int]
    conversions: Mapping[date, int]
    revenue: Mapping[date, float]


def campaign(rng: random.Random, name: str, running: Iterable[date]) -> Campaign:
    runs = list(running)
    base = rng.uniform(20, 400)
    monthly: dict[int, float] = {}
    for day in runs:
        if day.month not in monthly:
            monthly[day.month] = base * math.exp(rng.gauss(0, 0.12))
    by_weekday, spending = weekdays(rng, 0.08), noise(rng, rng.uniform(0.03, 0.12), 0.3)
    price, click_noise = rng.uniform(0.4, 4), noise(rng, rng.uniform(0.03, 0.12), 0.5)
    click_rate, landing = rng.uniform(0.004, 0.04), rng.uniform(0.7, 0.95)
    buying = rng.uniform(0.01, 0.08)
    buy_noise, value = noise(rng, 0.08, 0.4), rng.uniform(30, 150)
    rows: dict[str, dict[date, float]] = {
        key: {}
        for key in (
            "budget",
            "spend",
            "impressions",
            "clicks",
            "sessions",
            "conversions",
            "revenue",
        )
    }
    for day in runs:
        place = (day - FIRST).days
        budget = monthly[day.month]
        spend = budget * 0.94 * spending[place] * by_weekday[day.weekday()]
        clicks = poisson(rng, spend / price * click_noise[place])
        sessions = binomial(rng, clicks, landing)
        conversions = binomial(rng, sessions, buying * buy_noise[place])
        rows["budget"][day] = round(budget, 2)
        rows["spend"][day] = round(spend, 2)
        rows["impressions"][day] = clicks + poisson(rng, clicks / click_rate)
        rows["clicks"][day] = clicks
        rows["sessions"][day] = sessions
        rows["conversions"][day] = conversions
        rows["revenue"][day] = sum(value * rng.lognormvariate(0, 0.6) for _ in range(conversions))
    return Campaign(name=name, **rows)  # type: ignore[arg-type]


def running_days(rng: random.Random) -> list[date]:
    first = rng.choice([0, 0, 0, rng.randrange(LENGTH)])
    last = rng.choice([LENGTH, LENGTH, LENGTH, rng.randrange(LENGTH)])
    pause = rng.choice([None, None, None, rng.randrange(LENGTH)])
    return [
        day
        for place, day in enumerate(DAYS)
        if first <= place < last and (pause is None or not pause <= place < pause + 6)
    ]


def clean_world(seed: int, campaign_count: int = 8) -> World:
    """Return a business in which nothing is wrong."""
    rng = random.Random(seed)
    campaigns = [campaign(rng, "always", DAYS)]
    campaigns += [
        campaign(rng, f"campaign {number}", running_days(rng))
        for number in range(1, campaign_count)
    ]
    return world(campaigns, shop_series(rng))


def shop_series(rng: random.Random) -> list[Series]:
    """Return orders, their revenue and share of vouchers, growing a little."""
    mean, growth = math.exp(rng.uniform(math.log(4), math.log(300))), rng.gauss(0, 0.001)
    by_weekday, lasting = weekdays(rng, 0.25), noise(rng, 0.12, 0.5)
    vouchers = rng.uniform(0.05, 0.4)
    orders, revenue, promoted = {}, {}, {}
    for place, day in enumerate(DAYS):
        level = mean * math.exp(growth * place) * by_weekday[day.weekday()] * lasting[place]
        count = poisson(rng, level)
        orders[day] = float(count)
        revenue[day] = sum(rng.lognormvariate(4, 0.8) for _ in range(count))
        promoted[day] = float(binomial(rng, count, vouchers))

    def made(
        metric: str, kind: Kind, values: dict[date, float], bases: dict[date, float]
    ) -> Series:
        return Series(
            domain="shop",
            name=TOTAL,
            label=TOTAL,
            source="orders",
            metric=metric,
            kind=kind,
            values=values,
            bases=bases,
            is_dense=True,
        )

    return [
        made("orders", "count", orders, {}),
        made("revenue", "amount", revenue, {}),
        made("promotional_order_rate", "rate", promoted, orders),
    ]


def world(campaigns: Iterable[Campaign], shop: Iterable[Series]) -> World:
    every, shops = list(campaigns), list(shop)
    orders = next(one for one in shops if one.metric == "orders")
    sources = [
        source("marketing", "campaigns_daily", every, lambda one, day: day in one.spend),
        source("marketing", "sessions", every, lambda one, day: one.sessions.get(day, 0)),
        source("marketing", "conversions", every, lambda one, day: one.conversions.get(day, 0)),
        Source(
            domain="shop",
            name="orders",
            rows={day: int(count) for day, count in orders.values.items()},
        ),
    ]
    return World(
        as_of={"marketing": LAST, "shop": LAST},
        sources=tuple(sources),
        series=tuple([*(one for each in every for one in campaign_series(each)), *shops]),
        budgets=tuple(
            BudgetDay(
                campaign=one.name, label=one.name, day=day, budget=budget, spend=one.spend[day]
            )
            for one in every
            for day, budget in one.budget.items()
        ),
        reconciled_count=7,
        failed_tests=(),
    )


def source(
    domain: str, name: str, campaigns: list[Campaign], count: Callable[[Campaign, date], int]
) -> Source:
    rows = {day: sum(int(count(one, day)) for one in campaigns) for day in DAYS}
    return Source(domain=domain, name=name, rows={day: one for day, one in rows.items() if one})


def campaign_series(one: Campaign) -> list[Series]:
    def made(
        metric: str,
        kind: Kind,
        source: str,
        values: Mapping[date, float],
        bases: Mapping[date, float] | None = None,
    ) -> Series:
        return Series(
            domain="marketing",
            name=one.name,
            label=one.name,
            metric=metric,
            kind=kind,
            source=source,
            values=values,
            bases=bases or {},
        )

    return [
        made("spend", "amount", "campaigns_daily", one.spend, one.budget),
        made("clicks", "count", "campaigns_daily", one.clicks),
        made("sessions", "count", "sessions", one.sessions),
        made("conversions", "count", "conversions", one.conversions),
        made("revenue", "amount", "conversions", one.revenue),
        made("click_through_rate", "rate", "campaigns_daily", one.clicks, one.impressions),
        made("click_to_session_rate", "rate", "sessions", one.sessions, one.clicks),
        made("session_to_conversion_rate", "rate", "conversions", one.conversions, one.sessions),
    ]


# Ways to break a world ----------------------------------------------------------------------


def unchanged(_: date) -> float:
    return 1.0


def changed(
    one: World,
    name: str,
    factors: Mapping[str, Callable[[date], float]],
) -> World:
    """Return a world in which the metrics of a series are multiplied, day by day."""
    whole = {"clicks", "sessions", "conversions", "orders"}

    def multiplied(values: Mapping[date, float], metric: str) -> dict[date, float]:
        factor = factors.get(metric, unchanged)
        return {
            day: float(round(value * factor(day))) if metric in whole else value * factor(day)
            for day, value in values.items()
        }

    bases = {"click_to_session_rate": "clicks", "session_to_conversion_rate": "sessions"}
    numerators = {
        "click_through_rate": "clicks",
        "click_to_session_rate": "sessions",
        "session_to_conversion_rate": "conversions",
    }
    series = tuple(
        each
        if each.name != name
        else replace(
            each,
            values=multiplied(each.values, numerators.get(each.metric, each.metric)),
            bases=multiplied(each.bases, bases.get(each.metric, "")),
        )
        for each in one.series
    )
    return replace(one, series=series)


def without_day(one: World, source_name: str, missing: date) -> World:
    """Return a world whose raw table lacks a day."""
    return replace(
        one,
        sources=tuple(
            replace(each, rows={day: rows for day, rows in each.rows.items() if day != missing})
            if each.name == source_name
            else each
            for each in one.sources
        ),
        series=tuple(
            replace(
                each,
                values={
                    day: 0.0 if day == missing and source_name != "campaigns_daily" else value
                    for day, value in each.values.items()
                    if day != missing or source_name != "campaigns_daily"
                },
            )
            if each.source == source_name
            else each
            for each in one.series
        ),
    )
