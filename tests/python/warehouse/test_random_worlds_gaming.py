"""On any raw data the lottery's marts are what plain loops say they are."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PROJECT
from warehouse.compiled import OTHER_CHOICES, CompiledMarts
from warehouse.random_worlds import nearly, runs
from warehouse.reference_gaming import (
    GAMING_MARTS,
    NO_TOUCH,
    Deposit,
    Game,
    LotterySettings,
    LotteryWorld,
    Purchase,
    Signup,
    Spend,
    WebEvent,
    known_lottery,
)
from warehouse.row_differences import row_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Row = dict[str, Any]
    Rows = dict[str, list[Row]]

HISTORIES = ("player_tier_history",)  # what it and its readers hold depends on earlier builds
OWN = LotterySettings()
OTHER = LotterySettings(  # as in OTHER_CHOICES
    high_jackpot_threshold_minor=500,
    min_rated_tenure_days=60,
    rfm_weight=20,
    behavioral_weight=30,
    predicted_ltv_weight=50,
)
quick = runs(40)
few = runs(40, share=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The project compiled with its own settings, and with others."""

    builds: dict[int, CompiledMarts]

    def rows(self, world: LotteryWorld, rules: LotterySettings) -> Rows:
        """Return the rows of all marts by their keys; the vars of `rules` choose the build."""
        marts = self.builds[rules.rfm_weight]
        marts.build(world, as_of_date=rules.as_of_date)
        found = {}
        for mart, (_, key) in GAMING_MARTS.items():
            rows = marts.rows(mart)
            for row in rows:
                row.pop("dbt_updated_at", None)
            found[mart] = sorted(rows, key=lambda row: [str(row[k]) for k in key])
        return found


@pytest.fixture(scope="module")
def project(compiled: Callable[[str], Path]) -> Iterator[Project]:
    builds = {
        rules.rfm_weight: CompiledMarts(PROJECT, compiled(chosen), "lottery_raw", HISTORIES)
        for rules, chosen in ((OWN, "{}"), (OTHER, OTHER_CHOICES))
    }
    yield Project(builds=builds)
    for marts in builds.values():
        marts.close()


# ---------------------------------------------------------------- random raw data

LAST_DAY = date(2024, 6, 30)
# Days before it, around every bound that counts days.
AGES = [0, 1, 2, 7, 8, 14, 15, 29, 30, 31, 59, 60, 61, 73, 90, 91, 120, 179, 180, 181, 365]
CLOCKS = [time(0), time(12), time(12, 0, 1), time(23, 59, 59, 999_999)]
USERS = ["1", "10", "2", "007", 'it\'s, "odd"', "名前", "ü", "Z", "a", "b"]
VISITORS = ["v1", "v10", "v2"]
CAMPAIGNS = ["Spring", "spring", "Été", '50% "off", now', "Odd"]
CHANNELS = ["search", "social", "tv", "unknown"]
GAMES = ["g1", "g10", "g2", "g3", "g4", "g5", "g6"]
JACKPOTS = [None, 0, 499, 500, 999_999, 1_000_000, 1_000_000, 5_000_000_000]
CENTS = [None, 0, 1, 100, 499, 500, 999, 1000, 2499, 2500, 5000, 10_000, 20_000, 100_000]
FAR_DAYS = [date(2019, 2, 28), date(2999, 1, 1)]

days = st.sampled_from([*[LAST_DAY - timedelta(days=n) for n in AGES] * 3, *FAR_DAYS])
moments = st.builds(datetime.combine, days, st.sampled_from(CLOCKS))
buyers = st.sampled_from([*USERS[:4] * 2, "ghost", None])
minor = st.sampled_from(CENTS)


def usd(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def table(row: st.SearchStrategy[Any], most: int, key: Callable[[Any], Any]) -> Any:
    return st.lists(row, max_size=most, unique_by=key).map(tuple)


sparse_worlds = st.builds(
    LotteryWorld,
    signups=table(
        st.builds(
            Signup,
            signup_id=st.integers(0, 20).map(str),
            user_id=st.sampled_from(USERS[:4]),
            signup_timestamp=moments,
            country=st.sampled_from(["DE", "AT", None]),
        ),
        *(6, lambda row: row.signup_id),
    ),
    deposits=table(
        st.builds(
            Deposit,
            deposit_id=st.integers(0, 20).map(str),
            deposit_timestamp=moments,
            user_id=buyers,
            deposit_amount_inminor=minor,
        ),
        *(6, lambda row: row.deposit_id),
    ),
    ticket_purchases=table(
        st.builds(
            Purchase,
            purchase_id=st.integers(0, 20).map(str),
            purchase_timestamp=moments,
            user_id=buyers,
            game_id=st.sampled_from([*GAMES, "gone", None]),
            purchase_amount_usd=minor.map(usd),
        ),
        *(6, lambda row: row.purchase_id),
    ),
    games=table(
        st.builds(
            Game,
            game_id=st.sampled_from(GAMES),
            jackpot_estimate_inminor=st.sampled_from(JACKPOTS),
        ),
        *(7, lambda row: row.game_id),
    ),
    web_events=table(
        st.builds(
            WebEvent,
            event_id=st.integers(0, 20).map(str),
            event_timestamp=moments,
            user_id=buyers,
            anonymous_user_id=st.sampled_from([*VISITORS, None]),
            utm_campaign=st.sampled_from([*CAMPAIGNS, None]),
        ),
        *(8, lambda row: row.event_id),
    ),
    funnel_spend=table(
        st.builds(
            Spend,
            date=days,
            campaign_name=st.sampled_from(CAMPAIGNS),
            channel=st.sampled_from(CHANNELS),
            spend_inminor=minor,
        ),
        *(5, lambda row: (row.date, row.campaign_name, row.channel)),
    ),
)


@st.composite
def busy_worlds(draw: st.DrawFn) -> LotteryWorld:
    """Return a lottery whose players share devices and meet in the same seconds."""
    # Sizes are drawn, so that a failing world shrinks; the rest is as random as random can be.
    player_count = draw(st.sampled_from([1, 2, 3, 5, 10]))
    row_count = draw(st.sampled_from([1, 4, 10, 25, 60]))
    chance = random.Random(draw(st.integers(0, 2**32)))
    pick: Callable[[Sequence[Any]], Any] = chance.choice
    ids = USERS[:player_count]
    users = [*ids, *ids, *pick([[], ["ghost"], ["ghost", None]])]
    ages = pick([AGES, AGES, AGES[:6], [0, 1], [30, 31, 60, 61], list(range(0, 400, 5))])
    clocks = pick([CLOCKS, CLOCKS[:1], [time(12, 0, second) for second in range(4)]])
    prices = pick([CENTS, CENTS[4:], [5000], [999, 1000], [82, 83]])
    visitors = pick([VISITORS[:1], VISITORS, [*VISITORS, None]])
    touches = pick([[*CAMPAIGNS, None], CAMPAIGNS[:2], [*CAMPAIGNS, *[None] * 12]])
    games = [*GAMES[: pick([1, 2, 5, 7])], *pick([[], ["gone", None]])]
    logged_in = pick([[True, False], [True, False, False, False], [True]])
    first_ages = pick([ages, AGES, [30, 31, 60, 61, 73, 146, 365]])

    def moment(some_ages: Sequence[int]) -> datetime:
        return datetime.combine(LAST_DAY - timedelta(days=pick(some_ages)), pick(clocks))

    def keys(count: int) -> list[str]:
        return [str(n) for n in chance.sample(range(count * 2), count)]

    again = [pick(ids) for _ in range(pick([0, 0, 1, 3]))]
    spend = {
        (LAST_DAY - timedelta(days=pick(ages)), pick(CAMPAIGNS), pick(CHANNELS)): pick(CENTS)
        for _ in range(pick([0, 3, 8]))
    }
    return LotteryWorld(
        signups=tuple(
            Signup(
                signup_id=key,
                user_id=user,
                signup_timestamp=moment(first_ages),
                country=pick(["DE", "AT", None]),
            )
            for key, user in zip(keys(len(ids + again)), ids + again, strict=True)
        ),
        deposits=tuple(
            Deposit(
                deposit_id=key,
                deposit_timestamp=moment(ages),
                user_id=pick(users),
                deposit_amount_inminor=pick(prices),
            )
            for key in keys(pick([0, row_count // 2, row_count]))
        ),
        ticket_purchases=tuple(
            Purchase(
                purchase_id=key,
                purchase_timestamp=moment(ages),
                user_id=pick(users),
                game_id=pick(games),
                purchase_amount_usd=usd(pick(prices)),
            )
            for key in keys(pick([0, row_count, row_count * 2]))
        ),
        games=tuple(Game(game_id=game, jackpot_estimate_inminor=pick(JACKPOTS)) for game in GAMES),
        web_events=tuple(
            WebEvent(
                event_id=key,
                event_timestamp=moment(ages),
                user_id=pick(users) if pick(logged_in) else None,
                anonymous_user_id=pick(visitors),
                utm_campaign=pick(touches),
            )
            for key in keys(pick([0, row_count, row_count]))
        ),
        funnel_spend=tuple(
            Spend(date=day, campaign_name=campaign, channel=channel, spend_inminor=amount)
            for (day, campaign, channel), amount in spend.items()
        ),
    )


worlds = st.one_of(busy_worlds(), busy_worlds(), busy_worlds(), sparse_worlds)
given_days = st.sampled_from([LAST_DAY - timedelta(days=n) for n in (0, 1, 30, 60, 90, -31, -300)])
rules_of_runs = st.builds(
    lambda rules, as_of: replace(rules, as_of_date=as_of),
    st.sampled_from([OWN, OWN, OTHER]),
    st.one_of(st.none(), given_days),
)


# ---------------------------------------------------------------- comparison


def agree(column: str, got: Any, want: Any) -> bool:
    if isinstance(want, float):
        return isinstance(got, float) and math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)
    return type(got) is type(want) and bool(got == want)


def differences(rows: Rows, world: LotteryWorld, rules: LotterySettings) -> dict[str, list[str]]:
    lottery = known_lottery(world, rules)
    return {
        mart: lines
        for mart, (expected, key) in GAMING_MARTS.items()
        if (lines := row_differences(rows[mart], expected(lottery), key, agree))
    }


def total(rows: list[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), Decimal(0))


# ---------------------------------------------------------------- tests


@quick
@given(world=worlds, rules=rules_of_runs)
def test_every_mart_is_what_the_rules_say(
    project: Project, world: LotteryWorld, rules: LotterySettings
) -> None:
    assert differences(project.rows(world, rules), world, rules) == {}


@few
@given(world=worlds, rules=rules_of_runs, seed=st.integers(0, 99))
def test_the_order_of_the_raw_rows_changes_nothing(
    project: Project, world: LotteryWorld, rules: LotterySettings, seed: int
) -> None:
    first = project.rows(world, rules)
    shuffled = {
        raw.name: tuple(random.Random(seed).sample(rows, len(rows)))
        for raw in fields(world)
        for rows in [getattr(world, raw.name)]
    }
    assert nearly(project.rows(LotteryWorld(**shuffled), rules), first, agree)


@few
@given(world=worlds, rules=rules_of_runs)
def test_other_ids_in_the_same_order_change_nothing_but_ids(
    project: Project, world: LotteryWorld, rules: LotterySettings
) -> None:
    first = project.rows(world, rules)
    for row in [row for rows in first.values() for row in rows]:
        if "user_id" in row:
            row["user_id"] = f"x{row['user_id']}"
    assert nearly(project.rows(renamed(world), rules), first, agree)


def renamed(world: LotteryWorld) -> LotteryWorld:
    """Return the world with a letter before every id, which keeps their order."""

    def named(row: Any) -> Any:
        ids = {f.name: getattr(row, f.name) for f in fields(row) if f.name.endswith("_id")}
        return replace(row, **{name: f"x{key}" for name, key in ids.items() if key is not None})

    return LotteryWorld(
        **{raw.name: tuple(map(named, getattr(world, raw.name))) for raw in fields(world)}
    )


@few
@given(world=worlds, rules=rules_of_runs)
def test_a_visitor_who_is_recognised_counts_as_one_who_was_logged_in(
    project: Project, world: LotteryWorld, rules: LotterySettings
) -> None:
    owners = known_lottery(world, rules).owners
    logged_in = replace(
        world,
        web_events=tuple(
            replace(event, user_id=owner, anonymous_user_id=None)
            if event.user_id is None and (owner := owners.get(event.event_id)) is not None
            else event
            for event in world.web_events
        ),
    )
    first, second = project.rows(world, rules), project.rows(logged_in, rules)
    for row in first["dim_customer"]:
        row["anonymous_web_event_count"] = 0
    assert nearly(second, first, agree)


@few
@given(world=worlds, rules=rules_of_runs, as_of_date=given_days)
def test_a_player_without_anything_is_only_a_player_more(
    project: Project, world: LotteryWorld, rules: LotterySettings, as_of_date: date
) -> None:
    rules = replace(rules, as_of_date=as_of_date)
    nobody = Signup(
        signup_id="none",
        user_id="none",
        signup_timestamp=datetime.combine(as_of_date, time(23, 59, 59)),
    )
    first = project.rows(world, rules)
    second = project.rows(replace(world, signups=(*world.signups, nobody)), rules)
    for mart in ("dim_customer", "customer_ltv_scoring", "player_journeys"):
        assert sum(row["user_id"] == "none" for row in second[mart]) == 1
        second[mart] = [row for row in second[mart] if row["user_id"] != "none"]
    for rows in (first, second):
        del rows["gaming_reconciliation"]
        for mart in list(rows):
            if mart.startswith("channel_") and mart != "channel_return_on_ad_spend":
                rows[mart] = [row for row in rows[mart] if row["channel"] != NO_TOUCH]
    assert nearly(second, first, agree)


@few
@given(world=worlds, rules=rules_of_runs, as_of_date=given_days)
def test_what_happens_after_the_as_of_date_changes_only_what_is_reconciled(
    project: Project, world: LotteryWorld, rules: LotterySettings, as_of_date: date
) -> None:
    rules = replace(rules, as_of_date=as_of_date)

    def until_then(rows: Sequence[Any], moment: str) -> Any:
        return tuple(
            row for row in rows if datetime.combine(as_of_date, time.max) >= getattr(row, moment)
        )

    known = replace(
        world,
        signups=until_then(world.signups, "signup_timestamp"),
        deposits=until_then(world.deposits, "deposit_timestamp"),
        ticket_purchases=until_then(world.ticket_purchases, "purchase_timestamp"),
        web_events=until_then(world.web_events, "event_timestamp"),
        funnel_spend=tuple(row for row in world.funnel_spend if row.date <= as_of_date),
    )
    before, after = project.rows(known, rules), project.rows(world, rules)
    for rows in (before, after):
        for row in rows["gaming_reconciliation"]:
            row["source_total"] -= row.pop("after_as_of_date_total")
    assert nearly(after, before, agree)


@few
@given(world=worlds, rules=rules_of_runs)
def test_money_and_players_add_up_nothing_is_unexplained_and_rates_stay_in_their_range(
    project: Project, world: LotteryWorld, rules: LotterySettings
) -> None:
    rows = project.rows(world, rules)
    check_ranges(rows)
    for row in rows["gaming_reconciliation"]:
        reasons = [k for k in row if k.endswith("_total") and k != "source_total"]
        assert row["unexplained_total"] == 0
        assert row["source_total"] == sum(row[reason] for reason in reasons)
    players = rows["dim_customer"]
    spent = total(players, "total_purchase_amount_usd")
    deposited = Decimal(sum(row["first_deposit_amount_minor"] or 0 for row in players)).scaleb(-2)
    for mart in ("campaign_return_on_ad_spend", "channel_return_on_ad_spend"):
        for touch in ("first_touch", "last_touch"):
            assert total(rows[mart], f"{touch}_purchase_usd") == spent
            assert total(rows[mart], f"{touch}_first_deposit_usd") == deposited
    ads = total(rows["campaign_return_on_ad_spend"], "spend_usd")
    assert total(rows["channel_high_jackpot_players"], "ad_spend_usd") == ads
    assert total(rows["channel_value_tiers"], "total_purchase_amount_usd") == spent
    for mart in ("first_purchase_times", "high_jackpot_players", "value_tiers"):
        assert total(rows[f"channel_{mart}"], "player_count") == len(players)


def check_ranges(built: Rows) -> None:
    for mart, rows in built.items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, float):
                    assert math.isfinite(value), (mart, column)
                if isinstance(value, float) and column.endswith(("_rate", "ltv_score")):
                    assert 0 <= value <= (100 if "score" in column else 1), (mart, column)


# ---------------------------------------------------------------- edges that chance rarely meets


def lottery_of(bought: list[tuple[int, int, int]]) -> LotteryWorld:
    """Return a player for each tenure in days, number of purchases and their amount in cents."""
    noon = datetime.combine(LAST_DAY, time(12))
    bought = list(dict.fromkeys(bought))
    return LotteryWorld(
        signups=tuple(
            Signup(signup_id=str(n), user_id=str(n), signup_timestamp=noon - timedelta(days=tenure))
            for n, (tenure, _, _) in enumerate(bought)
        ),
        ticket_purchases=tuple(
            Purchase(
                purchase_id=f"{n}-{part}",
                purchase_timestamp=noon - timedelta(days=tenure),
                user_id=str(n),
                game_id="g",
                purchase_amount_usd=usd(amount // count + (amount % count if part == 0 else 0)),
            )
            for n, (tenure, count, amount) in enumerate(bought)
            for part in range(count)
        ),
        games=(Game(game_id="g"),),
    )


def yearly_values() -> LotteryWorld:
    """Return players whose spend of a year is at 50, 100, 200, 500 or 1000, or a cent from it."""
    return lottery_of(
        [
            (tenure, 1, bound * tenure * 100 // 365 + cents)
            for tenure in (*range(30, 370, 7), *range(73, 3651, 73))
            for bound in (50, 100, 200, 500, 1000)
            for cents in (-1, 0, 1)
        ]
    )


def average_amounts() -> LotteryWorld:
    """Return players whose purchases are at an average of 5, 10, 25 or 50, or a cent in all off."""
    return lottery_of(
        [
            (365, count, bound * 100 * count + cents)
            for count in (1, 2, 3, 6, 7, 9, 11)
            for bound in (5, 10, 25, 50)
            for cents in (-1, 0, 1)
        ]
    )


def monthly_purchases() -> LotteryWorld:
    """Return players who buy 0.5, 1, 3 or 5 times in 30 days, and a day more or less."""
    return lottery_of(
        [
            (60 * count // halves + change, count, 1000)
            for count in range(1, 21)
            for halves in (1, 2, 6, 10)
            for change in (-1, 0, 1)
            if 60 * count // halves >= 29
        ]
    )


def days_until_the_purchase() -> LotteryWorld:
    """Return channels of 1 to 20 players who buy 0, 1, 2… or 0, 10, 20… days after the touch."""
    start = datetime.combine(LAST_DAY - timedelta(days=365), time(12))
    players = [(size, n) for size in range(1, 21) for n in range(size)]
    return LotteryWorld(
        signups=tuple(
            Signup(signup_id=f"{size}-{n}", user_id=f"{size}-{n}", signup_timestamp=start)
            for size, n in players
        ),
        ticket_purchases=tuple(
            Purchase(
                purchase_id=f"{size}-{n}",
                purchase_timestamp=start + timedelta(days=n * (10 if size % 2 else 1)),
                user_id=f"{size}-{n}",
            )
            for size, n in players
        ),
        web_events=tuple(
            WebEvent(
                event_id=f"{size}-{n}",
                event_timestamp=start,
                user_id=f"{size}-{n}",
                utm_campaign=str(size),
            )
            for size, n in players
        ),
        funnel_spend=tuple(
            Spend(date=start.date(), campaign_name=str(size), channel=f"channel {size}")
            for size in range(1, 21)
        ),
    )


@pytest.mark.parametrize("rules", [OWN, OTHER], ids=["own settings", "other settings"])
@pytest.mark.parametrize(
    ("mart", "world"),
    [
        ("customer_ltv_scoring", yearly_values()),
        ("customer_ltv_scoring", average_amounts()),
        ("customer_ltv_scoring", monthly_purchases()),
        ("channel_first_purchase_times", days_until_the_purchase()),
    ],
    ids=["value factor", "monetary score", "frequency score", "days of a share"],
)
def test_a_value_exactly_on_a_bound_is_on_its_right_side(
    project: Project, mart: str, world: LotteryWorld, rules: LotterySettings
) -> None:
    rules = replace(rules, as_of_date=LAST_DAY)
    expected, key = GAMING_MARTS[mart]
    rows = project.rows(world, rules)[mart]
    assert row_differences(rows, expected(known_lottery(world, rules)), key, agree) == []
