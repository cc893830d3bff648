"""The source lottery_raw: players, deposits, tickets and visits of a made-up lottery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.generate import lottery_plan as plan
from marketing_analytics.generate import lottery_tables as tables
from marketing_analytics.generate import plan_table
from marketing_analytics.generate.draws import SQL_MACROS, slices
from marketing_analytics.generate.lottery_people import PEOPLE
from marketing_analytics.generate.lottery_visits import VISITS
from marketing_analytics.generate.lottery_world import (
    CAMPAIGNS,
    COUNTRIES,
    GAMES,
    HIGH_JACKPOT,
    WINBACK,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Request

# How busy each hour of the day is, in UTC, from midnight on: the evening in America.
HOURS = (11, 12, 12, 10, 8, 5, 3, 2, 1, 1, 2, 3, 5, 6, 6, 6, 7, 8, 8, 7, 7, 8, 9, 10)

TYPES = """
create type visitor as enum ('anonymous', 'logs in', 'known');
create type device as enum ('browser', 'phone', 'nothing');
"""

# `is_in_period` leaves a quarter of an hour for all that happens in a visit.
MACROS = """
create macro moment(day, hour_share, second_share) as
    cast(day as timestamp) + to_seconds(
        pick(getvariable('hours'), hour_share) * 3600
        + cast(floor(second_share * 3600) as integer)
    );
create macro is_in_period(starts_at) as
    starts_at < cast(getvariable('as_of') + 1 as timestamp) - to_seconds(900);
"""

ID_WIDTH = """
set variable id_width = (
    select width_of(greatest(
        (select coalesce(max(person), 0) from people),
        (select count(*) from visits)
    ))
)
"""

QUERIES = {
    "signups": tables.SIGNUPS,
    "deposits": tables.DEPOSITS,
    "ticket_purchases": tables.TICKET_PURCHASES,
    "games": tables.GAMES,
    "web_events": tables.WEB_EVENTS,
    "funnel_spend": tables.FUNNEL_SPEND,
}


class LotteryRaw:
    """People first, then their visits with all that happens in them."""

    default_days = 365

    def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
        """Create the plan's tables, the people and the visits."""
        connection.execute(SQL_MACROS)
        plan_table.create(connection, "personas", plan.personas())
        plan_table.create(connection, "games", plan.games())
        plan_table.create(connection, "arrivals", plan.arrivals(request))
        plan_table.create(connection, "spend", plan.spend(request))
        for name, value in _variables(request).items():
            connection.execute(f"set variable {name} = $1", [value])
        for query in (TYPES, MACROS, PEOPLE, VISITS, ID_WIDTH):
            connection.execute(query)

    def query(self, table: str) -> str:
        """Return a query for the rows of a raw table, in order."""
        return QUERIES[table]


def _variables(request: Request) -> dict[str, object]:
    names = [campaign.name for campaign in CAMPAIGNS]
    lives = [plan.life(campaign, request) for campaign in CAMPAIGNS]
    weights = [(number, game.weight, game.jackpot) for number, game in enumerate(GAMES, start=1)]
    jackpots = [(n, weight) for n, weight, jackpot in weights if (jackpot or 0) >= HIGH_JACKPOT]
    small = [(n, weight) for n, weight, jackpot in weights if (jackpot or 0) < HIGH_JACKPOT]
    returns = [(n, campaign.return_weight) for n, campaign in enumerate(CAMPAIGNS, start=1)]
    return {
        "seed": request.seed,
        "as_of": request.as_of,
        "hours": _slices(enumerate(HOURS), 256),
        "countries": slices([*COUNTRIES.items(), ("", 1.5)], 256),
        "game_ids": [game.id for game in GAMES],
        "prices": [game.price for game in GAMES],
        "games": _slices(((number, weight) for number, weight, _ in weights), 256),
        "jackpot_games": _slices(jackpots, 256),
        "small_games": _slices(small, 256),
        "campaigns": names,
        "campaign_first_days": [first for first, _ in lives],
        "campaign_last_days": [last for _, last in lives],
        "return_campaigns": _slices(returns, 100),
        "winback": names.index(WINBACK) + 1,
    }


def _slices(weights: Iterable[tuple[int, float]], count: int) -> list[int]:
    return [int(item) for item in slices(((str(n), weight) for n, weight in weights), count)]
