"""What docs/sample-data.md promises: on the sample loosely, on forty times as much tightly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from generated import by_key, generated, one
from marketing_analytics.generate.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

REQUEST = Request(days=182)

DERIVED = """
create view funnel as
with ads as (
    select
        campaign_id,
        max(channel) as channel,
        sum(spend) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from campaigns_daily
    group by 1
),
visits as (
    select campaign_id, count(*) as sessions from sessions where campaign_id is not null group by 1
),
sales as (
    select
        coalesce(conversions.attributed_campaign_id, sessions.campaign_id) as campaign_id,
        count(*) as conversions,
        sum(conversions.conversion_value) as revenue
    from conversions
    left join sessions using (session_id)
    group by 1
)
select
    ads.*,
    coalesce(sessions, 0) as sessions,
    coalesce(conversions, 0) as conversions,
    coalesce(revenue, 0) as revenue,
    clicks / nullif(impressions, 0) as click_through,
    spend / nullif(clicks, 0) as cost_per_click,
    sessions / nullif(clicks, 0) as arrival_rate,
    coalesce(conversions, 0) / nullif(sessions, 0) as conversion_rate
from ads
left join visits using (campaign_id)
left join sales using (campaign_id);

create view acquired as
select user_id, arg_min(channel, session_start) as channel, min(session_start) as first_seen
from sessions
where user_id is not null
group by 1;

create view customers as
select
    acquired.channel,
    user_id,
    count(*) as orders,
    sum(conversion_value) as revenue
from conversions
inner join acquired using (user_id)
group by 1, 2;

create view channels as
select
    customers.channel,
    count(*) as customers,
    avg(cast(orders > 1 as integer)) as repeat_rate,
    sum(revenue) / count(*) as revenue_per_customer,
    sum(revenue) / sum(orders) as order_value,
    max(spent.spend) / count(*) as acquisition_cost
from customers
left join (select channel, sum(spend) as spend from campaigns_daily group by 1) as spent
    on customers.channel = spent.channel
group by 1;
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("sample")
    with generated("marketing_raw", folder, REQUEST, DERIVED) as connection:
        yield connection


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("large")
    with generated("marketing_raw", folder, replace(REQUEST, scale=40), DERIVED) as connection:
        yield connection


def test_the_sample_is_small() -> None:
    files = list((PROJECT / "seeds" / "sample" / "marketing_raw").glob("*.csv"))
    assert len(files) == 5
    assert sum(path.stat().st_size for path in files) < 450_000


def test_the_sample_has_enough_of_everything(sample: DuckDBPyConnection) -> None:
    assert 2000 < one(sample, "select count(*) from sessions") < 2500
    assert 330 < one(sample, "select count(*) from conversions") < 450
    assert one(sample, "select count(distinct campaign_id) from campaigns_daily") == 15
    assert one(sample, "select count(*) from ad_creatives") == 34
    assert 600 < one(sample, "select count(*) from attribution_touchpoints") < 900


def test_scale_multiplies_sessions_and_conversions(
    sample: DuckDBPyConnection, large: DuckDBPyConnection
) -> None:
    for table in ("sessions", "conversions", "attribution_touchpoints"):
        count = f"select count(*) from {table}"
        assert one(large, count) / one(sample, count) == pytest.approx(40, rel=0.15)
    days = "select count(*) from campaigns_daily"
    assert one(large, days) == one(sample, days)


def test_kinds_of_traffic(large: DuckDBPyConnection) -> None:
    free, anonymous, unknown = one(
        large,
        """
        select
            avg(cast(campaign_id is null as integer)),
            avg(cast(user_id is null as integer)),
            avg(cast(channel is null as integer))
        from sessions
        """,
    )
    assert 0.35 < free < 0.45
    assert 0.06 < anonymous < 0.10
    assert 0.007 < unknown < 0.015


def test_the_sample_has_rows_of_every_kind(sample: DuckDBPyConnection) -> None:
    kinds = one(
        sample,
        """
        select
            count(*) filter (conversions.session_id is null),
            count(*) filter (conversions.user_id is null),
            count(*) filter (attributed_campaign_id is null and campaign_id is not null),
            count(*) filter (attributed_campaign_id != campaign_id),
            count(*) filter (attributed_campaign_id is not null and campaign_id is null
                and conversions.session_id is not null),
            count(*) filter (attributed_campaign_id = 'camp_deleted_2023')
        from conversions
        left join sessions using (session_id)
        """,
    )
    assert all(2 <= count <= 50 for count in kinds), kinds
    assert one(sample, "select count(*) from sessions where channel is null") > 5
    assert one(sample, "select count(*) from customers where channel is null") > 0


@pytest.mark.parametrize(
    ("weekend_share", "channel"), [((0.08, 0.18), "linkedin"), ((0.29, 0.38), "tiktok")]
)
def test_week_days_differ_by_channel(
    large: DuckDBPyConnection, weekend_share: tuple[float, float], channel: str
) -> None:
    share = one(
        large,
        f"""
        select avg(cast(isodow(date) >= 6 as integer)) from sessions where channel = '{channel}'
        """,
    )
    assert weekend_share[0] < share < weekend_share[1]


def test_traffic_that_nobody_paid_for_grows(large: DuckDBPyConnection) -> None:
    months = by_key(
        large,
        "select month(date), count(*) / count(distinct date) from sessions"
        " where channel = 'organic' group by 1",
    )
    assert months[6] > 1.8 * months[1]


def test_winter_is_busier_than_summer(tmp_path: Path) -> None:
    with generated("marketing_raw", tmp_path, Request(days=1461, scale=2), DERIVED) as connection:
        months = by_key(
            connection,
            "select month(date), count(*) from sessions where channel = 'organic' group by 1",
        )
    assert months[12] + months[1] > 1.15 * (months[6] + months[7])


def test_evenings_are_busier_than_nights(large: DuckDBPyConnection) -> None:
    hours = by_key(large, "select hour(session_start), count(*) from sessions group by 1")
    assert len(hours) == 24
    assert hours[19] > 8 * hours[3]
    assert one(large, "select count(distinct second(session_start)) from sessions") == 60


def test_channels_differ_in_what_a_customer_is_worth(large: DuckDBPyConnection) -> None:
    value = by_key(large, "select channel, revenue_per_customer from channels")
    assert value["linkedin"] > 400
    assert 110 < value["organic"] < 180
    assert 80 < value["google_ads"] < 120
    assert 45 < value["meta"] < 75
    assert value["tiktok"] < 20
    repeat = by_key(large, "select channel, repeat_rate from channels")
    assert repeat["linkedin"] > 0.45
    assert repeat["organic"] > 0.35
    assert 0.1 < repeat["meta"] < repeat["google_ads"] < 0.3
    assert repeat["tiktok"] < 0.06


@pytest.mark.parametrize("size", ["sample", "large"])
def test_value_to_cost_differs_by_channel(size: str, request: pytest.FixtureRequest) -> None:
    ratio = by_key(
        request.getfixturevalue(size),
        "select channel, revenue_per_customer / acquisition_cost from channels"
        " where acquisition_cost is not null",
    )
    assert ratio["tiktok"] < 0.95
    assert 1.5 < ratio["meta"] < 5
    assert 2.5 < ratio["google_ads"] < 5
    assert ratio["linkedin"] > 6


def test_email_brings_known_users_back(large: DuckDBPyConnection) -> None:
    known = one(
        large,
        """
        select avg(cast(session_start > first_seen as integer))
        from sessions
        inner join acquired using (user_id)
        where sessions.channel = 'email'
        """,
    )
    assert known > 0.8
    cost = by_key(large, "select channel, sum(spend) / sum(clicks) from funnel group by 1")
    assert min(cost, key=lambda channel: cost[channel]) == "email"
    assert max(cost, key=lambda channel: cost[channel]) == "linkedin"


def test_order_values_are_skewed(large: DuckDBPyConnection) -> None:
    mean, median, least = one(
        large,
        """
        select avg(conversion_value), median(conversion_value), min(conversion_value)
        from conversions
        inner join acquired using (user_id)
        where channel = 'organic'
        """,
    )
    assert least > 0
    assert 1.1 < float(mean) / float(median) < 1.3


def test_engagement_differs_by_channel(large: DuckDBPyConnection) -> None:
    bounce = by_key(
        large,
        "select channel, avg(cast(session_duration_sec < 60 as integer)) from sessions group by 1",
    )
    assert bounce["tiktok"] > 0.55
    assert bounce["email"] < 0.3
    pages = by_key(
        large,
        """
        select
            case
                when session_duration_sec >= 300 then 'engaged'
                when session_duration_sec >= 60 then 'moderate'
                else 'bounce'
            end,
            avg(pages_viewed)
        from sessions
        group by 1
        """,
    )
    assert pages["engaged"] > 2 * pages["moderate"] > 2 * pages["bounce"]
    mobile = by_key(
        large,
        "select channel, avg(cast(device_type = 'mobile' as integer)) from sessions group by 1",
    )
    assert mobile["linkedin"] < 0.5
    assert mobile["tiktok"] > 0.85


@pytest.mark.parametrize("size", ["sample", "large"])
def test_broken_campaigns_stand_out(size: str, request: pytest.FixtureRequest) -> None:
    data: DuckDBPyConnection = request.getfixturevalue(size)
    click_through = by_key(data, "select campaign_id, click_through from funnel")
    arrival = by_key(data, "select campaign_id, arrival_rate from funnel")
    cost = by_key(data, "select campaign_id, cost_per_click from funnel")
    conversion = by_key(data, "select campaign_id, conversion_rate from funnel")
    assert click_through["camp_meta_spring_sale"] > 0.06
    assert conversion["camp_meta_spring_sale"] < 0.02
    assert one(data, "select sessions from funnel where campaign_id = 'camp_meta_spring_sale'") > 90
    assert 0.18 < arrival["camp_tiktok_challenge"] < 0.22
    assert 0.0004 < click_through["camp_google_display"] < 0.0006
    assert cost["camp_google_competitor"] > 4 * cost["camp_google_generic"]
    assert 0.1 < conversion["camp_google_competitor"] < 0.25
    assert (
        one(data, "select revenue / spend from funnel where campaign_id = 'camp_google_competitor'")
        < 0.9
    )
    nothing = "select impressions, clicks, spend, sessions from funnel"
    assert one(data, f"{nothing} where campaign_id = 'camp_tiktok_summer'") == (0, 0, 0, 0)
    healthy = [
        rate
        for campaign, rate in arrival.items()
        if campaign not in ("camp_tiktok_challenge", "camp_tiktok_summer", "camp_linkedin_event")
    ]
    assert all(0.65 < rate < 0.97 for rate in healthy)


def test_one_campaign_is_too_small_to_judge(sample: DuckDBPyConnection) -> None:
    impressions, clicks = one(
        sample, "select impressions, clicks from funnel where campaign_id = 'camp_linkedin_event'"
    )
    assert 100 < impressions < 1000
    assert 0 < clicks < 20


def test_one_campaign_was_renamed(sample: DuckDBPyConnection) -> None:
    renamed = sample.execute(
        """
        select campaign_id, arg_min(campaign_name, date), arg_max(campaign_name, date)
        from campaigns_daily
        group by 1
        having count(distinct campaign_name) > 1
        """
    ).fetchall()
    assert renamed == [("camp_google_generic", "Generic Search", "Non-brand Search")]


def test_campaigns_report_every_day_of_their_life(large: DuckDBPyConnection) -> None:
    assert (
        one(
            large,
            """
            select count(*)
            from (
                select campaign_id from campaigns_daily
                group by 1
                having count(*) != date_diff('day', min(date), max(date)) + 1
            )
            """,
        )
        == 0
    )
    statuses = by_key(
        large, "select status, count(distinct campaign_id) from campaigns_daily group by 1"
    )
    assert statuses == {"active": 15, "ended": 8, "paused": 1}
    assert one(large, "select sum(impressions) from campaigns_daily where status = 'paused'") == 0


def test_spend_is_near_the_budget(sample: DuckDBPyConnection, large: DuckDBPyConnection) -> None:
    for data in (sample, large):
        low, high = one(
            data,
            "select min(spend / daily_budget), max(spend / daily_budget) from campaigns_daily"
            " where impressions > 0",
        )
        assert 0.8 < low < high < 1.06


def test_creatives_tire(large: DuckDBPyConnection) -> None:
    rates = by_key(
        large,
        "select creative_id, clicks / impressions from ad_creatives"
        " where campaign_id in ('camp_google_brand', 'camp_meta_prospecting')",
    )
    assert rates["cr_google_brand_1"] < rates["cr_google_brand_3"]
    assert rates["cr_meta_prospecting_1"] < rates["cr_meta_prospecting_3"]
    early, late = one(
        large,
        """
        select
            sum(clicks) filter (month(date) = 1) / sum(impressions) filter (month(date) = 1),
            sum(clicks) filter (month(date) = 6) / sum(impressions) filter (month(date) = 6)
        from campaigns_daily
        where campaign_id = 'camp_google_brand'
        """,
    )
    assert late < 0.75 * early


def test_creatives_add_up_to_their_campaign(large: DuckDBPyConnection) -> None:
    assert (
        large.execute(
            """
            select campaign_id, sum(impressions), sum(clicks), sum(spend)
            from ad_creatives group by 1
            except
            select campaign_id, sum(impressions), sum(clicks), sum(spend)
            from campaigns_daily group by 1
            """
        ).fetchall()
        == []
    )
    kinds = by_key(large, "select creative_type, count(*) from ad_creatives group by 1")
    assert kinds == {"image": 19, "video": 11, "carousel": 4}


def test_rates_of_the_platform_are_those_of_its_counts(sample: DuckDBPyConnection) -> None:
    wrong = """
        select count(*) from campaigns_daily
        where ctr is distinct from round(clicks / nullif(impressions, 0), 6)
            or cpc is distinct from round(cast(spend as double) / nullif(clicks, 0), 4)
    """
    assert one(sample, wrong) == 0
    wrong = """
        select count(*) from ad_creatives
        where ctr is distinct from round(clicks / nullif(impressions, 0), 6)
    """
    assert one(sample, wrong) == 0


BREACHES = {
    "sessions of a campaign that is not shown": """
        from sessions left join campaigns_daily using (campaign_id, date)
        where sessions.campaign_id is not null
            and (coalesce(impressions, 0) = 0 or sessions.channel != campaigns_daily.channel)
    """,
    "creative of another campaign": """
        from sessions left join ad_creatives using (creative_id)
        where sessions.campaign_id is distinct from ad_creatives.campaign_id
    """,
    "more sessions than clicks on a day": """
        from (select campaign_id, date, count(*) as n from sessions group by 1, 2)
        inner join campaigns_daily using (campaign_id, date)
        where n > clicks
    """,
    "more clicks than impressions": "from campaigns_daily where clicks > impressions",
    "date that is not the day": """
        from sessions where date != cast(session_start as date)
        union all
        select 1 from conversions where date != cast(timestamp as date)
    """,
    "anything outside of the period": """
        from sessions where date not between '2024-01-01' and '2024-06-30'
        union all
        select 1 from conversions where date not between '2024-01-01' and '2024-06-30'
        union all
        select 1 from campaigns_daily where date not between '2024-01-01' and '2024-06-30'
    """,
    "conversion outside of its session": """
        from conversions left join sessions using (session_id)
        where conversions.session_id is not null
            and (
                session_start is null
                or timestamp < session_start
                or timestamp > session_start + to_seconds(session_duration_sec)
            )
    """,
    "conversion of another user": """
        from conversions inner join sessions using (session_id)
        where conversions.user_id is distinct from sessions.user_id
    """,
    "conversion credited to a campaign that the user met more than 30 days ago": """
        from conversions
        inner join acquired using (user_id)
        inner join sessions using (session_id)
        where attributed_campaign_id != 'camp_deleted_2023'
            and attributed_campaign_id is distinct from campaign_id
            and date_diff('day', cast(first_seen as date), sessions.date) > 30
    """,
    "gap in the positions of a path": """
        from (
            select
                touchpoint_position as position,
                row_number() over (partition by user_id order by timestamp) as expected
            from attribution_touchpoints
        )
        where position != expected
    """,
    "touch that is not its session": """
        from attribution_touchpoints left join sessions using (session_id)
        where attribution_touchpoints.user_id is distinct from sessions.user_id
            or attribution_touchpoints.campaign_id is distinct from sessions.campaign_id
            or attribution_touchpoints.channel is distinct from sessions.channel
            or timestamp is distinct from session_start
    """,
    "customer's session without a touch": """
        from sessions left join attribution_touchpoints using (session_id)
        where sessions.user_id in (select user_id from conversions) and touchpoint_id is null
    """,
    "sessions out of order": """
        from (
            select
                session_id,
                lag(session_id) over (order by session_start, session_id) as previous
            from sessions
        )
        where session_id < previous
    """,
}


@pytest.mark.parametrize("breach", BREACHES)
def test_no(breach: str, large: DuckDBPyConnection) -> None:
    assert one(large, f"select count(*) from (select 1 {BREACHES[breach]})") == 0


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("campaigns_daily", "date, campaign_id"),
        ("ad_creatives", "creative_id"),
        ("sessions", "session_start, session_id"),
        ("attribution_touchpoints", "timestamp, session_id"),
        ("conversions", "timestamp, session_id"),
    ],
)
def test_files_are_in_order(sample: DuckDBPyConnection, table: str, columns: str) -> None:
    as_written = sample.execute(f"select {columns} from {table}").fetchall()
    assert [row[0] for row in as_written] == [
        row[0] for row in sample.execute(f"select {columns} from {table} order by all").fetchall()
    ]
