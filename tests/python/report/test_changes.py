"""Figures against the previous period: direction, cause and sample, worked out by hand."""

from __future__ import annotations

import pytest

from conftest import PROJECT
from marketing_analytics.metrics import read_metrics
from marketing_analytics.report.facts import Figure, Row, Scope
from marketing_analytics.report.findings.changes import differ, figures, findings
from report.made import period, table

METRICS = read_metrics(PROJECT)


def figure(name: str, *rows: Row, scope: Scope | None = None) -> Figure:
    found = figures(table("campaign_periods", *rows), scope or Scope(), METRICS)
    return next(one for one in found if one.name == name)


def test_a_campaign_that_explains_the_change_is_named_with_what_is_left_without_it() -> None:
    # 300 to 500 of revenue; without Brand 100 to 110.
    told = figure(
        "conversion_revenue",
        period("brand", {"revenue": 390, "conversions": 5}, {"revenue": 200, "conversions": 4}),
        period("other", {"revenue": 110, "conversions": 3}, {"revenue": 100, "conversions": 3}),
    )
    assert (told.value, told.previous, told.change) == (500, 300, "+66.7 %")
    assert told.cause == "Mostly Brand: +10.0 % without it."
    assert told.sample == "from 8 conversions, 7 before"


def test_who_fell_no_further_than_the_rest_is_not_the_cause() -> None:
    # 160 to 100: -37.5 %. Large has lost two thirds of it, but without it the rest has fallen by
    # 33.3 %, which is a ninth less; without Small it is 30.6 %, a fifth less.
    rows = [
        period("large", {"conversions": 60}, {"conversions": 100}),
        period("middle", {"conversions": 40}, {"conversions": 44}),
        period("small", {}, {"conversions": 16}),
    ]
    assert figure("conversions", *rows).cause == "Spread over 3 campaigns."


def test_less_than_half_of_a_change_is_a_part_of_it() -> None:
    # 300 to 200: -33.3 %; without Small 190 of 240: -20.8 %, of which the difference is 37.5 %.
    rows = [
        period("large", {"conversions": 95}, {"conversions": 120}),
        period("other", {"conversions": 95}, {"conversions": 120}),
        period("(none)", {"conversions": 10}, {"conversions": 60}),
    ]
    assert figure("conversions", *rows).cause == (
        "In part visits without a campaign: -20.8 % without them."
    )


def test_a_change_that_all_share_is_nobodys() -> None:
    rows = [
        period(name, {"revenue": 110, "conversions": 5}, {"revenue": 100, "conversions": 5})
        for name in ("a", "b", "c", "d", "e")
    ]
    assert figure("conversion_revenue", *rows).cause == "Spread over 5 campaigns."


def test_what_came_without_a_campaign_has_no_cost_and_no_part_in_costs() -> None:
    told = figure(
        "cost_per_acquisition",
        period("brand", {"spend": 100, "conversions": 10}, {"spend": 100, "conversions": 20}),
        period("(none)", {"conversions": 90}, {"conversions": 80}),
        period("deleted", {"conversions": 3}, {"conversions": 2}),
    )
    assert (told.value, told.previous) == (10, 5)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        # Of 200 conversions 120 fall into a period with half of the spend: 20 more than the 100
        # expected, of which the standard deviation is 7.07.
        (120, 80, "better, beyond chance"),
        (80, 120, "worse, beyond chance"),
        (106, 94, "within chance"),  # 6 more: 0.85 standard deviations
        (5, 4, "too few to judge"),
    ],
)
def test_the_cost_of_a_conversion_is_judged_by_how_many_there_were(
    now: int, before: int, verdict: str
) -> None:
    told = figure(
        "cost_per_acquisition",
        period("brand", {"spend": 100, "conversions": now}, {"spend": 100, "conversions": before}),
    )
    assert told.verdict == verdict


def test_spend_that_was_given_back_is_no_share_of_all_spend() -> None:
    # A platform has credited more than it charged: 300 spent before, 100 given back now.
    told = figure(
        "cost_per_acquisition",
        period("brand", {"spend": -100, "conversions": 30}, {"spend": 300, "conversions": 20}),
    )
    assert (told.verdict, told.change) == ("within chance", "-122.2 %")


def test_what_was_not_there_before_is_not_compared_with_0() -> None:
    rows = [
        period("brand", {"revenue": 500, "conversions": 20}, {}),
        period("other", {"revenue": 100, "conversions": 5}, {}),
    ]
    found = findings(figures(table("campaign_periods", *rows), Scope(), METRICS), "$")
    assert found[0].text == (
        "Conversion revenue: $600, none before (better, beyond chance, from 25 conversions, "
        "0 before). Mostly Brand."
    )


def test_spend_is_neither_good_nor_bad() -> None:
    told = figure("ad_spend", period("brand", {"spend": 500, "clicks": 9}, {"spend": 100}))
    assert (told.tone, told.verdict, told.change) == ("plain", "", "+400.0 %")


def test_revenue_that_grows_by_large_orders_alone_is_not_judged() -> None:
    told = figure(
        "conversion_revenue",
        period("brand", {"revenue": 900, "conversions": 50}, {"revenue": 100, "conversions": 50}),
    )
    assert told.verdict == "within chance"


def test_revenue_that_falls_while_conversions_rise_is_not_called_beyond_chance() -> None:
    told = figure(
        "conversion_revenue",
        period("brand", {"revenue": 100, "conversions": 150}, {"revenue": 900, "conversions": 50}),
    )
    assert told.tone == "plain"


def test_two_shares_differ_by_the_pooled_z_test() -> None:
    # Pooled 0.15, standard error sqrt(0.15 * 0.85 * 2 / 200) = 0.0357; 0.10 apart is 2.8 of it.
    assert differ(40, 200, 20, 200)
    # Pooled 0.125, standard error 0.0331; 0.05 apart is 1.5 of it.
    assert not differ(30, 200, 20, 200)
    assert not differ(3, 0, 2, 10)
    assert not differ(12, 10, 2, 10)  # several conversions in a session: no share


def test_a_scope_counts_its_own_rows() -> None:
    rows = [
        period("brand", {"revenue": 390}, {"revenue": 200}),
        period("(none)", {"revenue": 110}, {"revenue": 100}),
    ]
    assert figure("conversion_revenue", *rows, scope=Scope(channel="search")).value == 390
    assert (
        figure("conversion_revenue", *rows, scope=Scope(channel="search", campaign="brand")).cause
        == ""
    )
    assert figure("conversion_revenue", *rows, scope=Scope(channel="unknown")).value == 110


def test_the_first_figure_is_always_told_and_others_beyond_chance() -> None:
    rows = [period("brand", {"spend": 10, "conversions": 150}, {"spend": 10, "conversions": 50})]
    found = findings(figures(table("campaign_periods", *rows), Scope(), METRICS), "$")
    assert [finding.text.split(":")[0] for finding in found] == [
        "Conversion revenue",
        "Conversions",
        "Cost per acquisition",
    ]
    assert found[1].text == (
        "Conversions: 150, +200.0 % against 50 "
        "(better, beyond chance, from 150 conversions, 50 before)."
    )
