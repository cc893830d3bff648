"""The printed answers: what a name may hold, what a narrow screen gets, which leak is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from marketing_analytics.answers.facts import (
    Answers,
    Campaign,
    Channel,
    CustomerSegment,
    Finance,
    Gaming,
    Marketing,
    PlayerChannel,
    PlayerTier,
    Product,
    Promotion,
    ReturnsWithoutRefund,
    RevenueLeftOut,
    RevenueSegment,
    Shop,
    Stage,
)
from marketing_analytics.answers.layout import cut, percent, whole
from marketing_analytics.answers.render import render

DAY = date(2024, 6, 30)


def stage(name: str, total: str = "10.00", *, is_reconciled: bool = True) -> Stage:
    amount = Decimal(total)
    return Stage(name=name, source_total=amount, mart_total=amount, is_reconciled=is_reconciled)


def campaign(name: str, score: float | None, **changes: object) -> Campaign:
    facts: dict[str, object] = {
        "channel": "meta",
        "spend": Decimal("100.00"),
        "revenue": Decimal("250.00"),
        "leak_step": "none",
        "is_leak_significant": False,
        "lost_conversions": 0.0,
        "lost_revenue": 0.0,
        "action": "keep",
    }
    return Campaign(name=name, score=score, **(facts | changes))  # type: ignore[arg-type]


def product(name: str, abc_category: str, status: str) -> Product:
    return Product(
        name=name,
        revenue=Decimal("1234.50"),
        share=0.25,
        abc_category=abc_category,
        status=status,
        return_rate=0.5,
        offer=None,
    )


def revenue_segment(name: str, customers: int, net: str, refunds: str = "0.00") -> RevenueSegment:
    return RevenueSegment(
        name=name, customers=customers, net_revenue=Decimal(net), refunds=Decimal(refunds)
    )


CHANNEL = Channel(
    name="meta",
    customers=1234,
    repeat_rate=0.25,
    revenue_per_customer=10.5,
    acquisition_cost=None,
    value_to_cost=None,
    months_to_payback=None,
)
MARKETING = Marketing(
    as_of_date=DAY,
    stages=(stage("clicks"), stage("spend")),
    campaigns=(campaign("Search", 0.5),),
    channels=(CHANNEL,),
    sessions=10,
    sessions_without_known_campaign=4,
)
CHAMPION = CustomerSegment(
    name="Champions",
    customers=1,
    revenue_each=7291.1,
    orders_each=12.77,
    churn_risk=2.69,
    action="Thank them: early access to new models, a referral bonus, no discounts.",
)
SHOP = Shop(
    as_of_date=DAY,
    stages=(stage("payments"), stage("refunds", "0.00")),
    segments=(CHAMPION,),
    products=(product("Bike", "A", "Star"),),
    left_out=RevenueLeftOut(
        total=Decimal("9000.00"),
        guests=Decimal("900.00"),
        unknown_customers=Decimal("0.00"),
        test_users=Decimal("30.40"),
    ),
)
FINANCE = Finance(
    as_of_date=DAY,
    stages=(stage("gross amount"),),
    segments=(
        revenue_segment("High", 1, "6000.00", "500.00"),
        revenue_segment("Low", 1, "2000.00"),
    ),
    without_refund=ReturnsWithoutRefund(returned=3, pending=1),
)
EMPTY_SHOP = Shop(
    as_of_date=None,
    stages=(stage("payments", "0.00"),),
    segments=(),
    products=(),
    left_out=RevenueLeftOut(
        total=Decimal(0), guests=Decimal(0), unknown_customers=Decimal(0), test_users=Decimal(0)
    ),
)
EMPTY_GAMING = Gaming(
    as_of_date=None, stages=(stage("players", "0.00"),), tiers=(), promotions=(), channels=()
)


def printed(
    marketing: Marketing | None = MARKETING,
    shop: Shop | None = SHOP,
    finance: Finance | None = FINANCE,
    gaming: Gaming | None = EMPTY_GAMING,
    width: int = 132,
) -> str:
    answers = Answers(marketing=marketing, shop=shop, finance=finance, gaming=gaming)
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        for part in render(answers, width=width):
            console.print(part)
    return capture.get()


def printed_campaigns(*campaigns: Campaign, width: int = 132) -> str:
    text = printed(replace(MARKETING, campaigns=campaigns), width=width)
    return text.split("Who are the shop's customers")[0]


def cells(text: str, first: str) -> list[str]:
    """Return the words of the row that begins with first."""
    (row,) = [line for line in text.splitlines() if line.startswith(f" {first} ")]
    return row.split()


@pytest.mark.parametrize("name", ["[brand] Search DE", "x[/bold]", "[link", "[/]", ":smile:"])
def test_a_name_is_printed_as_it_is(name: str) -> None:
    assert name in printed_campaigns(campaign(name, 0.5))
    shop = replace(
        SHOP,
        segments=(replace(CHAMPION, name=name),),
        products=(replace(product("Bike", "A", "Star"), offer=name),),
    )
    assert printed(None, shop).count(name) == 2


def test_the_middle_of_many_campaigns_is_counted() -> None:
    text = printed_campaigns(*(campaign(f"c{place:02}", 1 - place / 10) for place in range(11)))
    assert "... 3 more in between" in text
    assert [f"c{place:02}" in text for place in (3, 4, 6, 7)] == [True, False, False, True]


def test_a_leak_within_chance_is_not_shown() -> None:
    leak = {"leak_step": "click_to_session", "lost_conversions": 5.0, "lost_revenue": 70.0}
    assert "click to visit" not in printed_campaigns(campaign("a", 0.5, **leak))
    shown = printed_campaigns(campaign("a", 0.5, is_leak_significant=True, **leak))
    assert "Largest leak: a (meta), click to visit." in shown
    assert "5 sales, 70 more" in shown


def test_a_campaign_that_costs_without_impressions_is_shown_and_an_idle_one_counted() -> None:
    idle = campaign("idle", None, spend=Decimal(0))
    text = printed_campaigns(campaign("costs", None), idle)
    assert "costs" in text
    assert "idle" not in text
    assert "... 1 without impressions" in text


def test_a_narrow_screen_gets_fewer_columns_and_no_cut_number() -> None:
    text = printed_campaigns(campaign("a", 0.5), width=60)
    assert "spend" not in text.split("What is a customer")[0]
    assert "1,234" in text
    assert "…" not in text
    shop = printed(None, width=60)
    assert "offer beside it" not in shop
    assert cells(shop, "Champions") == ["Champions", "1", "Thank", "them:", "early…"]
    assert cells(shop, "Bike") == ["Bike", "1,234", "Star"]
    assert max(len(line) for line in shop.splitlines()) <= 60


def test_a_segment_says_its_customers_and_the_first_words_of_what_to_do() -> None:
    row = " ".join(cells(printed(), "Champions"))
    assert row == "Champions 1 7,291.10 12.8 3 Thank them: early access to new models, a…"


def test_a_segment_without_buyers_has_no_risk() -> None:
    nobody = replace(CHAMPION, churn_risk=None, revenue_each=0.0, orders_each=0.0, action="Wait.")
    text = printed(shop=replace(SHOP, segments=(nobody,)))
    assert cells(text, "Champions") == ["Champions", "1", "0.00", "0.0", "-", "Wait."]


def test_products_are_the_best_four_and_the_three_largest_in_trouble() -> None:
    products = (
        product("p1", "A", "Star"),
        product("p2", "A", "Problem"),  # is among the best and not shown again
        product("p3", "A", "Star"),
        product("p4", "A", "Star"),
        product("p5", "A", "Cash Cow"),
        product("p6", "B", "Declining"),
        product("p7", "B", "Problem"),
        product("p8", "B", "Declining"),
        product("p9", "B", "Problem"),  # the fourth
        product("q1", "C", "Problem"),  # sells too little to matter
    )
    text = printed(shop=replace(SHOP, products=products))
    shown = [line.split()[0] for line in text.splitlines() if line[1:2] in {"p", "q", "."}]
    assert shown == ["product", "p1", "p2", "p3", "p4", "...", "p6", "p7", "p8"]
    assert "... 3 more" in text
    assert cells(text, "p1") == ["p1", "1,234", "25%", "A", "Star", "50%", "-"]


def test_few_products_leave_none_out() -> None:
    assert "more" not in printed(None)


def test_revenue_of_the_last_days_is_summed_up() -> None:
    text = printed()
    assert cells(text, "High") == ["High", "1", "6,000", "500", "75%"]
    assert cells(text, "Low") == ["Low", "1", "2,000", "0", "25%"]
    assert (
        "Net of 90 days: 8,000 after 500 of refunds; "
        "3 returned orders and 1 pending return have no refund entered and count as paid back."
    ) in text


@pytest.mark.parametrize(
    ("returned", "pending", "ending"),
    [
        (0, 0, "0 of refunds."),
        (1, 0, "1 returned order has no refund entered and counts as paid back."),
        (0, 1, "1 pending return has no refund entered and counts as paid back."),
        (0, 2, "2 pending returns have no refund entered and count as paid back."),
    ],
)
def test_one_customer_and_few_returns(returned: int, pending: int, ending: str) -> None:
    one = replace(
        FINANCE,
        segments=(revenue_segment("Low", 1, "20.00"),),
        without_refund=ReturnsWithoutRefund(returned=returned, pending=pending),
    )
    text = printed(finance=one)
    assert cells(text, "Low") == ["Low", "1", "20", "0", "100%"]
    assert f"{ending}\n" in text


def test_negative_net_revenue_has_no_shares() -> None:
    negative = replace(FINANCE, segments=(revenue_segment("Low", 2, "-1500.00", "2000.00"),))
    text = printed(finance=negative)
    assert cells(text, "Low") == ["Low", "2", "-1,500", "2,000", "-"]
    assert "Net of 90 days: -1,500 after 2,000 of refunds" in text


def test_a_negative_segment_of_positive_revenue_has_a_negative_share() -> None:
    segments = (revenue_segment("High", 1, "6000.00"), revenue_segment("Low", 9, "-1000.00"))
    text = printed(finance=replace(FINANCE, segments=segments))
    assert [cells(text, name)[-1] for name in ("High", "Low")] == ["120%", "-20%"]


def test_a_domain_without_data_is_left_out_also_of_the_totals() -> None:
    text = printed(shop=EMPTY_SHOP)
    assert "shop" not in text
    assert "All 3 totals reconcile" in text
    text = printed(marketing=replace(MARKETING, stages=(stage("clicks", "0.00"),)))
    assert "campaign" not in text
    assert text.startswith("Who are the shop's customers, and what to do?  as of 2024-06-30\n")


def test_a_part_without_rows_is_left_out() -> None:
    text = printed(replace(MARKETING, campaigns=()), replace(SHOP, segments=()))
    assert text.startswith("What is a customer worth, by the channel that brought them?  as of")
    assert "Who are the shop's customers" not in text
    assert "Which products carry the shop?" in text


def test_nothing_at_all_says_what_to_do() -> None:
    text = printed(None, EMPTY_SHOP, None)
    assert text.startswith("There are no data yet: load some with `mktg load`")
    assert "reconcile" not in text


def test_marts_that_are_not_built_are_named() -> None:
    text = printed(shop=None, finance=None)
    assert "The shop and finance marts are not built yet; run `mktg build`" in text
    assert "The gaming marts are not built yet" in printed(gaming=None)
    assert "All 2 totals reconcile" in text
    assert "not built" not in printed()


def test_the_day_is_said_again_where_it_differs() -> None:
    assert printed().count("as of") == 1
    later = date(2024, 7, 2)
    text = printed(shop=replace(SHOP, as_of_date=later), finance=replace(FINANCE, as_of_date=later))
    assert "lose people?  as of 2024-06-30\n" in text
    assert "what to do?  as of 2024-07-02\n" in text
    assert text.count("as of") == 2


def test_what_is_left_out_is_said_with_its_reasons() -> None:
    text = printed()
    assert "All 5 totals reconcile from raw to mart. 4 of 10 sessions have no known" in text
    assert (
        "Of the shop's successful revenue of 9,000 its segments leave out "
        "900 of guests and 30 of test users.\n" in text
    )
    everything = replace(SHOP.left_out, unknown_customers=Decimal("8.00"))
    assert "leave out 900 of guests, 8 of unknown customers and 30 of test users." in printed(
        shop=replace(SHOP, left_out=everything)
    )


def test_nothing_left_out_is_not_said() -> None:
    nothing = replace(SHOP, left_out=replace(EMPTY_SHOP.left_out, total=Decimal(9)))
    text = printed(replace(MARKETING, sessions_without_known_campaign=0), nothing)
    assert text.endswith("All 5 totals reconcile from raw to mart.\n")


def test_totals_that_do_not_reconcile_are_said_with_their_table() -> None:
    wrong = (stage("refunds", "0.00", is_reconciled=False), stage("payments"))
    text = printed(replace(MARKETING, stages=(stage("clicks", is_reconciled=False),)))
    assert "Do not trust these yet: clicks" in text
    text = printed(shop=replace(SHOP, stages=wrong), finance=replace(FINANCE, stages=wrong))
    assert "yet: refunds do not reconcile; see marketing.shop_recon" in text
    assert "yet: refunds do not reconcile; see mart_marketing.finance" in text
    assert "All" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exactly ten", "exactly…"),
        ("ten chars.", "ten chars."),
        ("one two, three", "one two…"),
        ("onelongwordwithoutspaces", "onelongwo…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, expected: str) -> None:
    assert cut(text, 10) == expected


def test_a_number_that_rounds_to_nothing_has_no_sign() -> None:
    assert whole(Decimal("-0.40")) == "0"
    assert percent(-0.001) == "0%"


TIER = PlayerTier(
    name="Diamond VIP",
    players=1234,
    spent_each=1246.6,
    predicted_year_each=2196.4,
    inactive_days_each=30.5,
)
PLAYER_CHANNEL = PlayerChannel(
    name="podcast",
    players=51,
    high_jackpot_rate=0.863,
    median_days=3,
    not_yet_converted_rate=0.125,
    ad_spend=Decimal("4015.60"),
    first_touch_return=6.8,
    last_touch_return=0.96,
)
GAMING = Gaming(
    as_of_date=DAY,
    stages=(stage("players"), stage("purchases")),
    tiers=(TIER, replace(TIER, name="Standard", players=7)),
    promotions=(
        Promotion(name="Standard Marketing", players=1240),
        Promotion(name="VIP", players=1),
    ),
    channels=(PLAYER_CHANNEL,),
)


def test_players_are_shown_by_tier_promotion_and_channel() -> None:
    text = printed(gaming=GAMING)
    assert " ".join(cells(text, "Diamond VIP")) == "Diamond VIP 1,234 1,247 2,196 30"
    assert "Players by promotion: 1,240 Standard Marketing, 1 VIP.\n" in text
    assert cells(text, "podcast") == ["podcast", "51", "86%", "3", "12%", "4,016", "6.8", "1.0"]
    assert "All 7 totals reconcile" in text


def test_a_channel_without_touches_or_spend_shows_no_numbers_of_them() -> None:
    unpaid = replace(
        PLAYER_CHANNEL,
        median_days=None,
        not_yet_converted_rate=None,
        ad_spend=Decimal(0),
        first_touch_return=None,
        last_touch_return=None,
    )
    text = printed(gaming=replace(GAMING, channels=(unpaid,)))
    assert cells(text, "podcast") == ["podcast", "51", "86%", "-", "-", "0", "-", "-"]


def test_players_on_a_narrow_screen() -> None:
    text = printed(gaming=GAMING, width=60)
    assert " ".join(cells(text, "Diamond VIP")) == "Diamond VIP 1,234 2,196"
    assert cells(text, "podcast") == ["podcast", "51", "6.8"]
    assert max(len(line) for line in text.splitlines()) <= 60


def test_players_without_signups_are_left_out_of_the_questions() -> None:
    assert "promotion" not in printed()
    wrong = replace(GAMING, stages=(stage("purchases", is_reconciled=False),))
    assert "see customer.gaming_reconciliation" in printed(gaming=wrong)
