"""How often clean data alarm, and how surely planted faults are found: `-s` prints the figures.

Each clean world is judged on several days, as a daily run would; a day alarms when any rule has a
finding. The few worlds of every run are the first of the many of the full tier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.made import DEFAULTS, rules_of
from alerts.worlds import LAST, changed, clean_world, without_day
from marketing_analytics.alerts.facts import Alerts, World
from marketing_analytics.alerts.look import look

FEW, MANY = 10, 200
JUDGED = range(0, 50, 5)  # days ago; five apart, so that every weekday has its turn
MOST_ALARMS = 0.02
LEAST_FOUND = 0.95
EVERY_DAY, EVERY_WEEK = 1, 7

tiers = pytest.mark.parametrize(
    "worlds", [FEW, pytest.param(MANY, marks=pytest.mark.full)], ids=["few", "many"]
)


def judged(world: World, day: date = LAST) -> Alerts:
    return look(world, DEFAULTS, target="simulated", as_of=day)


@tiers
def test_clean_days_alarm_twice_in_a_hundred_at_most(worlds: int) -> None:
    days = alarms = 0
    for seed in range(worlds):
        clean = clean_world(seed)
        for back in JUDGED if worlds > FEW else JUDGED[::2]:
            found = judged(clean, LAST - timedelta(back)).findings
            days += 1
            alarms += bool(found)
            for one in found:
                print(f"  {seed}, {back} days ago: {one.rule}: {one.what}")
    print(f"{alarms} of {days} clean days alarm ({alarms / days:.2%})")
    assert alarms <= MOST_ALARMS * days


def test_without_limits_every_clean_day_would_alarm(tmp_path: Path) -> None:
    eager = rules_of(tmp_path, "rules: {anomaly: {false_alarms: 100 %, least_change: 0 %}}")
    for seed in range(3):
        assert look(clean_world(seed), eager, target="simulated").findings


def mean(world: World, name: str, metric: str) -> float:
    """Return the mean of a series over the four weeks before the last."""
    one = next(each for each in world.series if (each.name, each.metric) == (name, metric))
    days = [LAST - timedelta(back) for back in range(28, 56)]
    return sum(one.values.get(day, 0.0) for day in days) / len(days)


def of_some_size(count: int, name: str, metric: str, least: float) -> Iterator[World]:
    """Yield so many clean worlds in which a series has enough a day to be seen to change."""
    seed = 10_000
    while count:
        world = clean_world(seed, campaign_count=6)
        seed += 1
        if mean(world, name, metric) >= least:
            count -= 1
            yield world


def from_day(first: date, factor: float) -> Callable[[date], float]:
    return lambda day: factor if day >= first else 1.0


def spend_doubled(world: World) -> World:
    return changed(world, "always", {"spend": from_day(LAST - timedelta(2), 2)})


def sessions_lost(world: World) -> World:
    gone = from_day(LAST - timedelta(2), 0)
    return changed(world, "always", {"sessions": gone, "conversions": gone, "revenue": gone})


def conversions_lost(world: World) -> World:
    gone = from_day(LAST - timedelta(6), 0)
    return changed(world, "always", {"conversions": gone, "revenue": gone})


def sessions_missing(world: World) -> World:
    return without_day(world, "sessions", LAST - timedelta(9))


def ads_missing(world: World) -> World:
    return without_day(world, "campaigns_daily", LAST - timedelta(9))


def declining(name: str, *metrics: str) -> Callable[[World], World]:
    """Return what makes some metrics fall by 1.5 % a day for eight weeks."""
    first = LAST - timedelta(56)

    def slower(day: date) -> float:
        return float(0.985 ** max(0, (day - first).days))

    return lambda world: changed(world, name, dict.fromkeys(metrics, slower))


# What is planted, in what of which size, how it is found, and on which days it is looked for.
PLANTS = {
    "spend doubled, within three days": (
        *(spend_doubled, ("always", "spend", 1.0)),
        *(("anomaly", "always", "spend"), range(2, -1, -1)),
    ),
    "sessions lost, within three days": (
        *(sessions_lost, ("always", "sessions", 15.0)),
        *(("tracking_lost", "always", "sessions"), range(2, -1, -1)),
    ),
    "conversions lost, within a week": (
        *(conversions_lost, ("always", "conversions", 3.0)),
        *(("tracking_lost", "always", "conversions"), range(6, -1, -1)),
    ),
    "a day of sessions missing": (
        *(sessions_missing, ("always", "sessions", 15.0)),
        *(("freshness", "sessions", "rows"), range(1)),
    ),
    "a day of ads missing": (
        *(ads_missing, ("always", "spend", 1.0)),
        *(("freshness", "campaigns_daily", "rows"), range(1)),
    ),
    "orders declining, within eight weeks": (
        *(declining("(total)", "orders", "revenue"), ("(total)", "orders", 30.0)),
        *(("decline", "(total)", "orders"), range(28, -1, -EVERY_WEEK)),
    ),
    "sessions of a campaign declining, within eight weeks": (
        *(declining("always", "sessions", "conversions", "revenue"), ("always", "sessions", 30.0)),
        *(("decline", "always", "sessions"), range(28, -1, -EVERY_WEEK)),
    ),
}


@tiers
@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_is_found(plant: str, worlds: int) -> None:
    broken, size, wanted, days = PLANTS[plant]
    found = first_day = too_early = 0
    for clean in of_some_size(worlds, *size):
        planted = broken(clean)
        hit = next((back for back in days if _is_found(planted, back, wanted)), None)
        found += hit is not None
        first_day += hit == days[0]
        too_early += _is_found(clean, days[-1], wanted)
    print(f"{plant}: {found} of {worlds}, {first_day} on the first day looked at")
    assert found >= LEAST_FOUND * worlds
    assert too_early <= 0.05 * worlds  # it is the plant that is found


def _is_found(world: World, back: int, wanted: tuple[str, str, str]) -> bool:
    found = judged(world, LAST - timedelta(back)).findings
    return wanted in {(one.rule, one.series, one.metric) for one in found}
