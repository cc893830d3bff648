"""A slow decline: the last 28 days against the 28 before, which no single day shows.

Where a series has a spend, it must have fallen for each unit of money, too: fewer visits for a
smaller budget are no fault.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import LEVEL_DAYS, weekday_effects
from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.statistics import fall_chance, holm, rate_fall_chance
from marketing_analytics.alerts.words import decline_finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Finding, Series

ANSCOMBE = 3 / 8
NOT_A_DECLINE = ("spend", "refunds", "refund_amount")  # paid on purpose; less of it is no fault


def declines(
    series: Sequence[Series], days: Mapping[str, date], settings: Mapping[str, float]
) -> tuple[list[Finding], LookedAt]:
    """Return the series whose last four weeks are clearly below the four before."""
    compared, too_little = [], 0
    left = 1 - settings["least_change"]
    spends = {(one.domain, one.name): one for one in series if one.metric == "spend"}
    for one in series:
        day = days.get(one.domain)
        if day is None or day not in one.values or one.kind == "size":
            continue
        if one.metric in NOT_A_DECLINE:
            continue
        after = _window(one, day)
        before = _window(one, day - timedelta(LEVEL_DAYS))
        least = settings["least_days"]
        if len(before) < least or len(after) < least or not _total(one, before):
            too_little += 1
            continue
        spend = spends.get((one.domain, one.name)) if one.kind != "rate" else None
        for_money = one if spend is None else _for_money(one, spend, (*before, *after))
        chance = max(_chance(each, before, after, left) for each in (one, for_money))
        compared.append((one, day, before, after, chance))
    corrected = holm([chance for *_, chance in compared])
    findings = []
    for (one, day, before, after, _), p_value in zip(compared, corrected, strict=True):
        if p_value <= settings["false_alarms"]:
            was, now = _mean(one, before), _mean(one, after)
            first = day - timedelta(LEVEL_DAYS - 1)
            findings.append(
                decline_finding(one, day=day, since=first, value=now, normal=was, p_value=p_value)
            )
    return findings, LookedAt(looked_at=len(compared), too_little=too_little)


def _for_money(one: Series, spend: Series, days: Sequence[date]) -> Series:
    """Return what a series would be, had the same been spent each day."""
    spent = {known: spend.values[known] for known in days if spend.values.get(known, 0) > 0}
    if not spent:
        return one
    each_day = sum(spent.values()) / len(spent)
    return replace(
        one,
        values={
            known: one.values[known] * each_day / spent[known] if known in spent else 0.0
            for known in days
        },
    )


def _window(one: Series, last: date) -> list[date]:
    """Return the days with a value of the four weeks that end with a day."""
    days = [last - timedelta(back) for back in range(LEVEL_DAYS - 1, -1, -1)]
    return [
        known
        for known in days
        if known in one.values and (one.kind != "rate" or one.bases.get(known))
    ]


def _chance(one: Series, before: Sequence[date], after: Sequence[date], left: float) -> float:
    """Return the chance of the fall, the weekdays' own differences taken off; 1 for a small one."""
    if _mean(one, after) > left * _mean(one, before):
        return 1.0
    if one.kind == "rate":
        return rate_fall_chance(_trials(one, before), _trials(one, after))
    scaled = {known: _scaled(one, known) for known in (*before, *after)}
    centres = {
        known: sum(scaled[other] for other in window) / len(window)
        for window in (before, after)
        for known in window
    }
    days = sorted(scaled)
    effects, share, _ = weekday_effects(
        [known.weekday() for known in days], [scaled[known] - centres[known] for known in days]
    )
    flat = {known: scaled[known] - share * effects[known.weekday()] for known in days}
    return fall_chance([flat[known] for known in before], [flat[known] for known in after])


def _trials(one: Series, days: Sequence[date]) -> list[tuple[float, float]]:
    return [(min(one.values[known], one.bases[known]), one.bases[known]) for known in days]


def _scaled(one: Series, day: date) -> float:
    """Return the root of a value, which varies alike on busy and on quiet days."""
    return math.sqrt(max(one.values[day], 0.0) + (ANSCOMBE if one.kind == "count" else 0))


def _total(one: Series, days: Sequence[date]) -> float:
    return sum(one.values[known] for known in days)


def _mean(one: Series, days: Sequence[date]) -> float:
    """Return the mean of a day; of a rate, that of all trials together."""
    if one.kind == "rate":
        return _total(one, days) / sum(one.bases[known] for known in days)
    return _total(one, days) / len(days)
