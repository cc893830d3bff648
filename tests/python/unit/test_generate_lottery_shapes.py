"""What docs/sample-data.md promises of the lottery: loosely on the sample, tightly on twenty."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from generated import by_key, generated, one
from marketing_analytics.generate import lottery_plan
from marketing_analytics.generate.lottery_world import CAMPAIGNS, PERSONAS
from marketing_analytics.generate.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

# A visitor is whoever uses one browser; the few that two players share are left out.
DERIVED = """
create table owners as
select anonymous_user_id, min(user_id) as owner
from web_events
where user_id is not null and anonymous_user_id is not null
group by 1
having count(distinct user_id) = 1;

create table stitched as
select web_events.*, coalesce(user_id, owner) as player
from web_events left join owners using (anonymous_user_id);

create table channels as
select campaign_name, if(count(distinct channel) > 1, 'several', min(channel)) as channel
from funnel_spend group by 1;

create table touches as
select
    player,
    min(event_timestamp) as touched_at,
    arg_min(utm_campaign, event_timestamp) as campaign
from stitched where utm_campaign is not null and player is not null group by 1;

create table bought as
select
    user_id,
    count(*) as purchases,
    sum(purchase_amount_usd) as dollars,
    count(distinct game_id) as games,
    count(distinct game_id) filter (jackpot_estimate_inminor >= 1000000) as high_jackpot_games,
    count(*) filter (jackpot_estimate_inminor >= 1000000) as high_jackpot_purchases,
    min(purchase_timestamp) as first_at,
    max(purchase_timestamp) as last_at
from ticket_purchases left join games using (game_id) group by 1;

create table players as
with accounts as (
    select user_id, min(signup_timestamp) as signed_up_at from signups group by 1
),
paid_in as (select user_id, count(*) as deposits from deposits group by 1)
select
    accounts.*,
    bought.* exclude (user_id),
    coalesce(purchases, 0) as purchase_count,
    coalesce(deposits, 0) as deposit_count,
    touched_at,
    campaign,
    if(campaign is null, '(none)', coalesce(channel, 'unknown')) as channel,
    date '2024-06-30' - cast(signed_up_at as date) as tenure,
    date '2024-06-30' - cast(last_at as date) as days_without_purchase,
    dollars * 365 / greatest(30, tenure) as dollars_a_year,
    purchases * 30 / greatest(30, tenure) as purchases_a_month,
    dollars / purchases as dollars_each,
    cast(first_at as date) - cast(signed_up_at as date) as days_to_purchase
from accounts
left join bought using (user_id)
left join paid_in using (user_id)
left join touches on user_id = player
left join channels on campaign = campaign_name;
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("sample")
    with generated("lottery_raw", folder, Request(days=365), DERIVED) as data:
        yield data


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("large")
    with generated("lottery_raw", folder, Request(days=365, scale=20), DERIVED) as data:
        yield data


def test_the_sample_is_small() -> None:
    sizes = [path.stat().st_size for path in (PROJECT / "seeds/sample/lottery_raw").glob("*.csv")]
    assert len(sizes) == 6
    assert max(sizes) < 350_000
    assert sum(sizes) < 700_000


def test_the_sample_has_enough_of_everything(sample: DuckDBPyConnection) -> None:
    assert 320 < one(sample, "select count(*) from players") < 380
    assert 2400 < one(sample, "select count(*) from ticket_purchases") < 3600
    assert 800 < one(sample, "select count(*) from deposits") < 1200
    assert 4000 < one(sample, "select count(*) from web_events") < 6000
    assert one(sample, "select count(distinct game_id) from ticket_purchases") == 16


def test_scale_multiplies_everything(sample: DuckDBPyConnection, large: DuckDBPyConnection) -> None:
    for table in ("signups", "ticket_purchases", "deposits", "web_events"):
        count = f"select count(*) from {table}"
        assert one(large, count) / one(sample, count) == pytest.approx(20, rel=0.15)
    cost = "select sum(spend_inminor) from funnel_spend"
    assert one(large, cost) / one(sample, cost) == pytest.approx(20, rel=0.001)


def test_a_longer_period_makes_players_busier(
    large: DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    per_player = """
        select (
            (select count(*) from ticket_purchases) + (select count(*) from deposits)
            + (select count(*) from web_events)
        ) / (select count(*) from players)
    """
    request = Request(days=1095, scale=5)
    with generated("lottery_raw", tmp_path_factory.mktemp("long"), request, DERIVED) as long:
        assert one(large, per_player) < 30
        assert one(long, per_player) > 50


def test_another_seed_gives_other_players(
    sample: DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    request = Request(days=365, seed=8)
    with generated("lottery_raw", tmp_path_factory.mktemp("other"), request, DERIVED) as other:
        for table in ("signups", "deposits", "ticket_purchases", "web_events"):
            rows = f"from {table}"
            assert other.execute(rows).fetchall() != sample.execute(rows).fetchall()
        assert one(other, "select count(*) from players") == pytest.approx(350, rel=0.15)


def test_games_lie_on_both_sides_of_a_high_jackpot(sample: DuckDBPyConnection) -> None:
    jackpots = [row[0] for row in sample.execute("select * exclude (game_id, game_name) from games")
                .fetchall()]  # fmt: skip
    assert len(jackpots) == 16
    assert sum((jackpot or 0) >= 1_000_000 for jackpot in jackpots) >= 6
    assert {None, 0, 999_999, 1_000_000} <= set(jackpots)
    assert max(jackpot or 0 for jackpot in jackpots) > 10_000_000_000


# A condition that holds for some players, and their share of all of them.
KINDS = {
    "plays often, for much, and many games": (
        "purchases_a_month >= 5 and dollars_each >= 50 and games >= 5", (0.01, 0.06)),
    "plays for high jackpots alone, in bursts": (
        "high_jackpot_purchases = purchases and purchases >= 8", (0.05, 0.15)),
    "plays every week on the same day": (
        "purchases >= 8 and user_id in (select user_id from ticket_purchases group by 1"
        " having count(distinct isodow(purchase_timestamp)) <= 2)", (0.05, 0.3)),
    "dabbles": ("purchase_count between 1 and 3", (0.15, 0.35)),
    "signed up, nothing else": ("purchase_count = 0 and deposit_count = 0", (0.15, 0.35)),
    "deposited and never bought": ("purchase_count = 0 and deposit_count > 0", (0.02, 0.08)),
    "bought for much, stopped long ago": (
        "purchases >= 15 and dollars_each > 30 and days_without_purchase > 120", (0.01, 0.08)),
    "has just signed up": ("tenure < 30", (0.05, 0.12)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", ["sample", "large"])
def test_players_of_every_kind(size: str, kind: str, request: pytest.FixtureRequest) -> None:
    condition, (low, high) = KINDS[kind]
    share = f"select avg(cast(coalesce({condition}, false) as integer)) from players"
    assert low < one(request.getfixturevalue(size), share) < high


# The edges between the values of each score, as seeds/rules/player_scores.csv has them.
SCORES = {
    "purchases_a_month": (0.5, 1, 3, 5),
    "dollars_each": (5, 10, 25, 50),
    "high_jackpot_games": (1, 2, 3, 5),
    "games": (2, 3, 4, 5),
    "deposit_count": (1, 3, 5, 10),
    "days_to_purchase": (2, 4, 8, 15),
    "days_without_purchase": (8, 31, 91, 181),
    "dollars_a_year": (50, 100, 200, 500, 1000),
}


@pytest.mark.parametrize("measure", SCORES)
def test_every_value_of_every_score_occurs(sample: DuckDBPyConnection, measure: str) -> None:
    edges = SCORES[measure]
    found = by_key(
        sample,
        f"select {' + '.join(f'cast({measure} >= {edge} as integer)' for edge in edges)} as n,"
        f" count(*) from players where {measure} is not null group by 1",
    )
    assert set(found) == set(range(len(edges) + 1))


def test_channels_bring_different_players(large: DuckDBPyConnection) -> None:
    jackpot = by_key(
        large,
        "select channel, avg(cast(coalesce(high_jackpot_games, 0) > 0 as integer)) from players"
        " group by 1",
    )
    assert jackpot["podcast"] > 0.65 > jackpot["search"] > 0.45 > jackpot["social"]
    assert jackpot["affiliate"] < 0.1
    worth = by_key(
        large, "select channel, sum(coalesce(dollars, 0)) / count(*) from players group by 1"
    )
    assert worth["search"] > worth["podcast"] > 5 * worth["social"] > 10 * worth["affiliate"]
    never = by_key(
        large, "select channel, avg(cast(purchase_count = 0 as integer)) from players group by 1"
    )
    assert never["affiliate"] > 0.75 > never["(none)"] > never["podcast"]


@pytest.mark.parametrize("size", ["sample", "large"])
def test_some_campaigns_pay_back(size: str, request: pytest.FixtureRequest) -> None:
    data: DuckDBPyConnection = request.getfixturevalue(size)
    ratio = by_key(
        data,
        """
        with spent as (select campaign_name, sum(spend_inminor) / 100 as cost from funnel_spend
            group by 1)
        select campaign_name, coalesce(sum(dollars), 0) / any_value(cost)
        from spent left join players on campaign = campaign_name group by 1
        """,
    )
    pays = {name for name, value in ratio.items() if value > 1}
    assert {"search_brand", "podcast_jackpot_hour", "push_jackpot_alert"} <= pays
    assert {"social_scratch_fun", "social_spring_tickets", "affiliate_bonus_club"}.isdisjoint(pays)
    assert ratio["display_mega_banner"] == 0


def test_campaigns_with_something_to_find(sample: DuckDBPyConnection) -> None:
    channels = by_key(
        sample, "select campaign_name, count(distinct channel) from funnel_spend group by 1"
    )
    assert {name for name, count in channels.items() if count > 1} == {"summer_millions"}
    visited = by_key(
        sample,
        "select utm_campaign, count(*) from web_events where utm_campaign is not null group by 1",
    )
    assert set(visited) - set(channels) == {"friends_invite"}
    assert set(channels) - set(visited) == {"display_mega_banner"}


def test_campaigns_bring_nobody_outside_of_their_life(large: DuckDBPyConnection) -> None:
    first = by_key(
        large,
        "select utm_campaign, min(cast(event_timestamp as date)) from web_events"
        " where utm_campaign is not null group by 1",
    )
    last = by_key(
        large,
        "select utm_campaign, max(cast(event_timestamp as date)) from web_events"
        " where utm_campaign is not null group by 1",
    )
    for campaign in CAMPAIGNS:
        starts, ends = lottery_plan.life(campaign, Request(days=365))
        if campaign.name in first:
            assert starts <= first[campaign.name]
            assert last[campaign.name] <= ends


def test_a_campaign_lives_within_the_period() -> None:
    for campaign in CAMPAIGNS:
        for days in (1, 2, 30, 365):
            request = Request(days=days)
            first, last = lottery_plan.life(campaign, request)
            assert request.first_day <= first <= last <= request.as_of


def test_personas_join_within_their_days() -> None:
    numbers = {persona.name: number for number, persona in enumerate(PERSONAS, start=1)}
    days: dict[object, list[object]] = {}
    for row in lottery_plan.arrivals(Request(days=365)):
        days.setdefault(row["persona"], []).append(row["day"])
    assert max(days[numbers["lapsed VIP"]], key=str) == date(2023, 10, 9)
    assert min(days[numbers["newcomer"]], key=str) == date(2024, 6, 1)


def test_players_come_first_without_a_name(large: DuckDBPyConnection) -> None:
    before = one(
        large,
        """
        with first as (
            select owner, min(event_timestamp) as seen_at from stitched
            inner join owners using (anonymous_user_id)
            where user_id is null group by 1
        )
        select avg(cast(seen_at < signed_up_at as integer)), max(signed_up_at - seen_at)
        from players left join first on user_id = owner where seen_at is not null
        """,
    )
    assert before[0] > 0.95
    assert 18 < before[1].days <= 21
    after = """
        select count(*) from web_events inner join owners using (anonymous_user_id)
        inner join players on owner = players.user_id
        where web_events.user_id is null and event_timestamp > signed_up_at
    """
    assert one(large, after) > 0.05 * one(large, "select count(*) from web_events")


@pytest.mark.parametrize("size", ["sample", "large"])
def test_visitors_of_every_kind(size: str, request: pytest.FixtureRequest) -> None:
    data: DuckDBPyConnection = request.getfixturevalue(size)
    scale = 20 if size == "large" else 1
    shared, strangers, without_cookie, events = one(
        data,
        """
        select
            (select count(*) from (
                select 1 from web_events where anonymous_user_id is not null
                group by anonymous_user_id having count(distinct user_id) = 2
            )),
            count(distinct anonymous_user_id) filter (player is null) / count(distinct player),
            count(*) filter (anonymous_user_id is null) / count(*),
            count(*) filter (utm_campaign is not null) / count(*)
        from stitched
        """,
    )
    assert 5 * scale < shared < 20 * scale
    assert 0.6 < strangers < 2
    assert 0.01 < without_cookie < 0.05
    assert 0.15 < events < 0.3


def test_the_way_to_the_first_purchase(large: DuckDBPyConnection) -> None:
    outcomes = by_key(
        large,
        """
        select
            case
                when touched_at is null then 'no touch'
                when first_at is null then 'not yet'
                when first_at < touched_at then 'before'
                else 'converted'
            end,
            count(*) / sum(count(*)) over ()
        from players group by 1
        """,
    )
    assert outcomes["converted"] > 0.4
    assert outcomes["not yet"] > 0.15
    assert outcomes["no touch"] > 0.1
    assert 0.05 < outcomes["before"] < 0.2
    soonest, latest = one(
        large,
        "select min(d), max(d) from (select cast(first_at as date) - cast(touched_at as date) as d"
        " from players where first_at >= touched_at)",
    )
    assert soonest == 0
    assert 40 < latest <= 60


def test_evenings_in_america_are_busy(large: DuckDBPyConnection) -> None:
    hours = by_key(
        large, "select hour(purchase_timestamp), count(*) from ticket_purchases group by 1"
    )
    assert hours[1] > 4 * hours[9]


BREACHES = {
    "payment or event before the signup": """
        from (
            select user_id, purchase_timestamp as moment from ticket_purchases
            union all select user_id, deposit_timestamp from deposits
            union all select user_id, event_timestamp from web_events where user_id is not null
        ) inner join players using (user_id) where moment < signed_up_at
    """,
    "player without a signup": """
        from (
            select user_id from ticket_purchases union all select user_id from deposits
            union all select user_id from web_events
        ) where user_id not in (select user_id from signups)
    """,
    "purchase of an unknown game": """
        from ticket_purchases where game_id is null or game_id not in (select game_id from games)
    """,
    "amount that is not positive": """
        from (
            select purchase_amount_usd as amount from ticket_purchases
            union all select deposit_amount_inminor from deposits
            union all select spend_inminor from funnel_spend
        ) where amount is null or amount <= 0
    """,
    "event of nobody": "from web_events where user_id is null and anonymous_user_id is null",
    "anything outside of the period": """
        from (
            select signup_timestamp as moment from signups
            union all select purchase_timestamp from ticket_purchases
            union all select deposit_timestamp from deposits
            union all select event_timestamp from web_events
            union all select date from funnel_spend
        ) where cast(moment as date) not between '2023-07-02' and '2024-06-30'
    """,
}


@pytest.mark.parametrize("breach", BREACHES)
def test_no(breach: str, large: DuckDBPyConnection) -> None:
    assert one(large, f"select count(*) from (select 1 {BREACHES[breach]})") == 0


def test_a_little_dirt(sample: DuckDBPyConnection, large: DuckDBPyConnection) -> None:
    for data, least in ((sample, 2), (large, 40)):
        again, nowhere, signups = one(
            data,
            "select count(*) - count(distinct user_id), count(*) - count(country), count(*)"
            " from signups",
        )
        assert least <= again < 0.03 * signups
        assert least <= nowhere < 0.03 * signups


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("signups", "signup_timestamp, signup_id"),
        ("deposits", "deposit_timestamp, deposit_id"),
        ("ticket_purchases", "purchase_timestamp, purchase_id"),
        ("web_events", "event_id"),
        ("funnel_spend", "date, campaign_name, channel"),
    ],
)
def test_files_are_in_order_and_keys_unique(
    large: DuckDBPyConnection, table: str, columns: str
) -> None:
    rows = large.execute(f"select {columns} from {table}").fetchall()
    assert rows == sorted(set(rows))
