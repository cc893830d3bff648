from __future__ import annotations

from datetime import date

import pytest

from marketing_analytics.generate import plan_table, shop_plan
from marketing_analytics.generate.draws import draw, intervals, slices
from marketing_analytics.generate.marketing_calendar import day_weight, life, shown_days
from marketing_analytics.generate.marketing_plan import arrivals
from marketing_analytics.generate.marketing_traffic import TRAFFIC
from marketing_analytics.generate.request import Request
from marketing_analytics.generate.shop_world import SHOP
from marketing_analytics.warehouse import in_memory

REQUEST = Request(as_of=date(2024, 6, 30), days=182)
CAMPAIGNS = {campaign.id: campaign for campaign in TRAFFIC.campaigns}


def test_the_period_ends_on_the_as_of_date() -> None:
    assert REQUEST.period()[0] == date(2024, 1, 1)
    assert REQUEST.period()[-1] == date(2024, 6, 30)
    assert len(REQUEST.period()) == 182


def test_a_draw_depends_on_its_name_only() -> None:
    assert draw(7, "mood", "a") == draw(7, "mood", "a")
    assert len({draw(7, "mood", name) for name in range(100)}) == 100
    assert 0.45 < sum(draw(7, "mean", name) for name in range(1000)) / 1000 < 0.55


def test_slices_are_as_many_as_the_weights_say() -> None:
    assert slices([("a", 3), ("b", 0), ("c", 1)], 8) == ["a"] * 6 + ["c"] * 2


def test_intervals_adjoin_and_end_at_1() -> None:
    assert intervals([1, 3]) == [(0, 0.25), (0.25, 1)]
    assert intervals([]) == []


def test_a_campaign_lives_within_the_period() -> None:
    assert life(CAMPAIGNS["camp_google_brand"], REQUEST) == REQUEST.period()
    for campaign in TRAFFIC.campaigns:
        for days in (1, 2, 30, 365):
            short = Request(as_of=REQUEST.as_of, days=days)
            assert set(life(campaign, short)) <= set(short.period())
            assert life(campaign, short)


def test_ads_are_not_shown_while_paused_or_not_delivered() -> None:
    webinar = CAMPAIGNS["camp_linkedin_webinar"]
    assert 0 < len(shown_days(webinar, REQUEST)) < len(life(webinar, REQUEST))
    assert shown_days(CAMPAIGNS["camp_tiktok_summer"], REQUEST) == []


def test_days_weigh_1_on_average_and_grow() -> None:
    request = Request(as_of=date(2024, 12, 31), days=366)
    channel = TRAFFIC.channel("google_ads")
    weights = [day_weight(day, channel, request) for day in request.period()]
    assert sum(weights) / len(weights) == pytest.approx(1, abs=0.03)
    assert sum(weights[-28:]) > 1.8 * sum(weights[:28])


def test_visitors_are_numbered_without_gaps() -> None:
    expected = 1
    for row in arrivals(REQUEST, TRAFFIC):
        assert row["first_number"] == expected
        count = row["visitor_count"]
        assert isinstance(count, int)
        expected += count
    assert expected > 1000


def test_a_plan_keeps_its_values_and_order_in_the_database() -> None:
    connection = in_memory()
    rows: list[dict[str, object]] = [
        {"day": date(2024, 2, 29), "name": 'it\'s "b"', "mixed": 1, "count": 3, "empty": None},
        {"day": date(2024, 1, 31), "name": None, "mixed": 2.5, "count": 10**12, "empty": None},
    ]
    plan_table.create(connection, "example", rows)
    found = connection.execute("select * from example").fetchall()
    assert found == [tuple(row.values()) for row in rows]


def test_a_promotion_runs_from_its_first_day_on_every_year() -> None:
    spring_sale = SHOP.promotions[0]
    days = [date(2023, 3, 17), date(2023, 3, 18), date(2024, 4, 7), date(2024, 4, 8)]
    assert [spring_sale.covers(day) for day in days] == [False, True, True, False]


def test_bicycles_are_sold_from_launch_to_the_end() -> None:
    numbers = {product.name: number for number, product in enumerate(SHOP.products, start=1)}
    days: dict[object, list[object]] = {}
    for row in shop_plan.assortment(REQUEST, SHOP):
        days.setdefault(row["product"], []).append(row["day"])
    assert days[numbers["Mountain Pro"]] == REQUEST.period()
    assert days[numbers["Gravel Scout"]][0] == date(2024, 6, 6)
    assert days[numbers["Fold Compact"]][-1] == date(2024, 3, 12)


def test_bargain_hunters_join_in_promotions_only() -> None:
    (hunter,) = (n for n, p in enumerate(SHOP.personas, start=1) if p.only_in_promotions)
    days = {row["day"] for row in shop_plan.arrivals(REQUEST, SHOP) if row["persona"] == hunter}
    assert (min(days, key=str), max(days, key=str)) == (date(2024, 3, 18), date(2024, 4, 7))
