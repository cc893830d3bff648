"""Makes of the rows of the marts the series that are judged: whole, and like for like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import HISTORY_DAYS
from marketing_analytics.alerts.facts import TOTAL, Series
from marketing_analytics.alerts.freshness import missing_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import World

LEAST_PRESENT = 0.9  # of the days, for a campaign to be in a total
LEAST_MEMBERS = 2  # a total of one is that one
HALF = 2


def whole_series(
    world: World, days: Mapping[str, date], settings: Mapping[str, float]
) -> list[Series]:
    """Return every series without the days that its raw table lacks, and the totals of domains."""
    missing = {
        (source.domain, source.name): {
            first + timedelta(step)
            for first, last, _ in missing_days(source, days[source.domain], settings)
            for step in range((last - first).days + 1)
        }
        for source in world.sources
        if source.domain in days
    }
    series = [
        _filled(one, days[one.domain], missing.get((one.domain, one.source), set()))
        for one in world.series
        if one.domain in days and one.values
    ]
    return [*_totals(series, days), *series]


def _filled(one: Series, day: date, missing: set[date]) -> Series:
    """Return a series up to a day: with 0 where nothing happened, without days that are missing."""
    values = {known: value for known, value in one.values.items() if known <= day}
    if one.is_dense and values:
        first = max(min(values), day - timedelta(3 * HISTORY_DAYS))
        every = (first + timedelta(step) for step in range((day - first).days + 1))
        values = {known: values.get(known, 0.0) for known in every}
    return replace(
        one, values={known: value for known, value in values.items() if known not in missing}
    )


def _totals(series: Sequence[Series], days: Mapping[str, date]) -> Iterator[Series]:
    """Yield the total of each metric over the campaigns of a domain, like for like.

    A campaign that has begun or ended would move the total without anything being wrong, so only
    those count that ran throughout the weeks that are compared.
    """
    groups: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        if one.name != TOTAL and one.kind != "size":
            groups.setdefault((one.domain, one.metric), []).append(one)
    for (domain, metric), all_of_it in sorted(groups.items()):
        day = days[domain]
        span = [day - timedelta(back) for back in range(HISTORY_DAYS, -1, -1)]
        members = [
            one
            for one in all_of_it
            if day in one.values
            and sum(known in one.values for known in span) >= LEAST_PRESENT * len(span)
        ]
        if len(members) < LEAST_MEMBERS:
            continue
        shared = [
            known
            for known in span
            if sum(known in one.values for one in members) * HALF >= len(members)
        ]
        has_bases = all(known in one.bases for one in members for known in one.values)
        yield replace(
            members[0],
            domain=domain,
            name=TOTAL,
            label=TOTAL,
            metric=metric,
            values={known: sum(one.values.get(known, 0.0) for one in members) for known in shared},
            bases={
                known: sum(one.bases.get(known, 0.0) for one in members if known in one.values)
                for known in shared
            }
            if has_bases
            else {},
        )
