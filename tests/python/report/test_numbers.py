"""Every number on the page of the sample is what the marts say, asked in other words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import PROJECT
from marketing_analytics.report.figures import QUERIES
from report.read_page import Page

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from marketing_analytics.report.facts import Report

html = pytest.importorskip(
    "marketing_analytics.report.page.html", reason="the extra `report` is not installed"
)
# Tables that show a mart's rows as they are, with what they leave out of it.
AS_THEY_ARE = {
    "campaign_leaks": "true",
    "channel_value": "true",
    "cohort_value": "cohort_month >= date '2023-07-01'",
    "channel_credit": "journey_source = 'marketing' and summary_level = 'channel'",
    "campaign_credit": "journey_source = 'marketing' and summary_level = 'campaign'",
    "backtests": "true",
    "shop_products": "revenue_rank <= 20",
    "shop_channels": "true",
    "finance_quarters": "true",
    "player_channels": "true",
    "player_jackpots": "true",
    "builds": "true",
}
# Columns that are shown otherwise than the mart has them.
OTHERWISE = {
    "channel_value": {"acquisition_cost": "case when spend_amount > 0 then acquisition_cost end"},
    "campaign_leaks": {"campaign_name": "coalesce(campaign_name, campaign_id)"},
    "campaign_credit": {"campaign_name": "coalesce(campaign_name, campaign_id)"},
}
NOW = "cast(activity_date >= date '2024-06-03' as integer)"
BEFORE = "cast(activity_date < date '2024-06-03' as integer)"
RECONCILED = (
    "select stage, source_total, mart_total, {explained}, unexplained_total, as_of_date from {mart}"
)
# All others, asked in other words than the page asks.
ASKED_AGAIN = {
    "campaign_periods": f"""
        select coalesce(any_value(campaign_name), campaign_id), any_value(channel),
            sum({NOW} * total_sessions), sum({BEFORE} * total_sessions),
            sum({NOW} * total_conversions), sum({BEFORE} * total_conversions),
            sum({NOW} * spend_amount), sum({BEFORE} * spend_amount),
            sum({NOW} * revenue_amount), sum({BEFORE} * revenue_amount)
        from marketing.campaign_funnel_daily
        where activity_date between '2024-05-06' and '2024-06-30'
        group by campaign_id
        """,
    # 2024-06-30 is a Sunday: weeks of seven days up to it are calendar weeks.
    "weeks": """
        select cast(date_trunc('week', activity_date) as date) + 6,
            case when campaign_id in (
                select campaign_id from marketing.funnel_conversion_analysis
            ) then campaign_id end,
            channel, sum(spend_amount), sum(revenue_amount), sum(total_conversions)
        from marketing.campaign_funnel_daily
        group by all
        """,
    "value_tiers": """
        select ltv_segment, acquisition_channel, count(distinct user_id), sum(total_revenue),
            sum(total_conversions)
        from marketing.customer_lifetime_value group by all
        """,
    "forecasts": """
        select domain, 90, count(customer_id), round(sum(expected_purchases), 2),
            round(sum(expected_value), 2), round(sum(discounted_value_12m), 2),
            sum(case when churn_probability_90d >= 0.5 then 1 else 0 end), null
        from marketing.customer_forecasts group by domain
        """,
    "next_actions": """
        select next_action, any_value(next_action_reason),
            sum(cast(is_to_do as integer)),
            round(sum(case when is_to_do then coalesce(value_at_risk_12m, 0) else 0 end), 2),
            sum(cast(is_holdout as integer)),
            sum(case when suppression_reason is null then 0 else 1 end)
        from marketing.next_best_action group by next_action
        """,
    "shop_segments": """
        select customer_segment, count(customer_id), sum(total_revenue), avg(total_revenue),
            sum(case when churn_risk_level = 'high' then 1 else 0 end), any_value(marketing_action)
        from marketing.customer_segmentation group by customer_segment
        """,
    "shop_retention": """
        select cohort_month, months_since_first_purchase, cohort_size, active_customer_count,
            active_customer_count / cohort_size, cumulative_revenue_per_customer, is_complete
        from marketing.customer_cohorts
        where cohort_month >= '2023-06-01' and months_since_first_purchase <= 12
        """,
    "finance_segments": """
        select cltv_segment, count(customer_id), sum(net_revenue_90d), sum(order_amount_90d),
            sum(refund_amount_90d), sum(orders_count_90d)
        from mart_marketing.mart_customer_revenue group by cltv_segment
        """,
    "player_tiers": """
        select vip_tier, count(user_id), sum(total_purchase_amount_usd),
            avg(total_purchase_amount_usd), sum(case when risk_score >= 2 then 1 else 0 end)
        from customer.customer_ltv_scoring group by vip_tier
        """,
    "marketing_reconciliation": RECONCILED.format(
        mart="marketing.funnel_reconciliation",
        explained="no_campaign_total + unknown_campaign_total + no_user_total "
        "+ after_as_of_date_total",
    ),
    "shop_reconciliation": RECONCILED.format(
        mart="marketing.shop_reconciliation",
        explained="unknown_order_total + after_as_of_date_total + test_user_total + guest_total + "
        "unknown_customer_total + no_successful_order_total + item_difference_total",
    ),
    "finance_reconciliation": RECONCILED.format(
        mart="mart_marketing.finance_reconciliation",
        explained="after_as_of_date_total + test_user_total + guest_total + unknown_customer_total "
        "+ no_customer_total",
    ),
    "gaming_reconciliation": RECONCILED.format(
        mart="customer.gaming_reconciliation",
        explained="after_as_of_date_total + unknown_player_total + anonymous_visitor_total + "
        "repeated_signup_total",
    ),
}
FIGURES = """
    select
        sum(revenue_amount), sum(total_conversions), sum(spend_amount),
        sum(case when channel <> 'unknown' then revenue_amount end) / sum(spend_amount),
        sum(spend_amount) / sum(case when channel <> 'unknown' then total_conversions end),
        sum(total_conversions) / sum(total_sessions)
    from marketing.campaign_funnel_daily
    where activity_date between ? and ? and {scope}
"""
NAMES = (
    "conversion_revenue",
    "conversions",
    "ad_spend",
    "return_on_ad_spend",
    "cost_per_acquisition",
    "session_to_conversion_rate",
)
METRICS = PROJECT / "models" / "marts" / "marketing" / "_marketing__metrics.yml"
PERIODS = (("raw", "2024-06-03", "2024-06-30"), ("rawBefore", "2024-05-06", "2024-06-02"))


@pytest.fixture(scope="module")
def page(sample_report: Report) -> Page:
    """Return the page with all rows of its tables, of which it else shows the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "MOST_ROWS", 10_000)
        return Page(html.render(sample_report))


def comparable(value: Any) -> Any:
    """Return a value, of the page or of a mart, in a form in which equal ones are equal."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    try:
        return round(float(Decimal(str(value))), 2 if abs(float(value)) >= 1 else 9)
    except ArithmeticError:
        return str(value)


def lines(rows: Any) -> list[str]:
    return sorted(repr([comparable(value) for value in row]) for row in rows)


def test_no_table_of_the_page_is_left_out_here(page: Page) -> None:
    assert set(page.tables) == set(AS_THEY_ARE) | set(ASKED_AGAIN)


@pytest.mark.parametrize("name", sorted(AS_THEY_ARE))
def test_a_table_shows_the_rows_of_its_mart(
    name: str, page: Page, sample: DuckDBPyConnection
) -> None:
    table = page.tables[name]
    columns = [OTHERWISE.get(name, {}).get(column, column) for column in table.columns]
    query = f"select {', '.join(columns)} from {table.mart} where {AS_THEY_ARE[name]}"
    assert lines(table.values) == lines(sample.execute(query).fetchall())


@pytest.mark.parametrize("name", sorted(ASKED_AGAIN))
def test_a_table_says_what_its_mart_says_asked_in_other_words(
    name: str, page: Page, sample: DuckDBPyConnection
) -> None:
    assert lines(page.tables[name].values) == lines(sample.execute(ASKED_AGAIN[name]).fetchall())


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        ("all", "true"),
        ("channel:google_ads", "channel = 'google_ads'"),
        ("campaign:camp_meta_retargeting", "campaign_id = 'camp_meta_retargeting'"),
    ],
)
def test_figures_are_those_of_the_mart_for_each_choice(
    key: str, scope: str, page: Page, sample: DuckDBPyConnection
) -> None:
    said = {figure["name"]: figure for figure in page.data["figures"][key]}
    for period, first, last in PERIODS:
        found = sample.execute(FIGURES.format(scope=scope), [first, last]).fetchall()[0]
        assert [comparable(said[name][period]) for name in NAMES] == [
            comparable(value) for value in found
        ]


def test_the_page_begins_with_the_figures_of_everything(page: Page) -> None:
    for figure in page.data["figures"]["all"]:
        card = page.figures[figure["name"]]
        assert (card["data-value"], card["data-before"]) == (figure["raw"], figure["rawBefore"])
        assert card["data-mart"] == QUERIES[card["data-query"]].mart


def test_heat_maps_hold_the_values_of_their_tables(page: Page) -> None:
    for name, column in (
        ("cohort_value", "revenue_per_customer"),
        ("shop_retention", "returning_rate"),
    ):
        table = page.tables[name]
        place = table.columns.index(column)
        since = (
            table.columns.index("months_since_first_purchase") if name == "shop_retention" else None
        )
        shown = [
            row[place]
            for row in table.values
            if row[place] and (since is None or row[since] != "0")
        ]
        assert sorted(page.heats[name]) == sorted(shown)


def test_rows_for_charts_are_those_of_the_tables(page: Page) -> None:
    for chart in page.data["charts"].values():
        table = page.tables[chart["query"]]
        columns = [column for column in table.columns if column in chart["rows"][0]]
        places = [table.columns.index(column) for column in columns]
        drawn = [[row[column] for column in columns] for row in chart["rows"]]
        assert len(columns) > 1
        assert set(lines(drawn)) <= set(lines([row[at] for at in places] for row in table.values))


def test_a_wrong_number_would_be_seen(page: Page, sample: DuckDBPyConnection) -> None:
    values = [list(row) for row in page.tables["value_tiers"].values]
    values[0][2] = str(int(values[0][2]) + 1)
    assert lines(values) != lines(sample.execute(ASKED_AGAIN["value_tiers"]).fetchall())


def test_every_figure_and_column_leads_to_its_definition(page: Page) -> None:
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inside) == len(page.links)
    assert set(inside) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_figure_is_called_and_defined_as_its_metric(
    sample_report: Report, sample_page: str
) -> None:
    declared = yaml.safe_load(METRICS.read_text(encoding="utf-8"))["metrics"]
    metrics = {metric["name"]: metric for metric in declared}
    assert [figure.name for figure in sample_report.figures["all"]] == list(NAMES)
    for figure in sample_report.figures["all"]:
        metric = metrics[figure.name]
        assert figure.label == metric["label"]
        assert f"{metric['description']} <span" in sample_page
        assert f"Metric: {metric['config']['meta']['formula']}." in sample_page


def test_the_sample_has_all_sections_in_order(sample_report: Report) -> None:
    assert [section.name for section in sample_report.sections] == [
        "changed",
        "leaks",
        "customers",
        "credit",
        "next",
        "trust",
        "shop",
        "finance",
        "gaming",
    ]
