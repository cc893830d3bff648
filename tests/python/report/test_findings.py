"""Sentences from rows: what is told, what is said to rest on little, what is left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marketing_analytics.report.findings import credit, customers, domains, forecast, leaks, trust
from marketing_analytics.report.results import Failure, Rejected, Results
from report import made


def test_a_great_ad_with_a_terrible_site_is_told_with_what_it_loses() -> None:
    rows = [
        made.leak("Best", click_through_rate=0.09),
        made.leak("Second", click_through_rate=0.08),
        made.leak(
            "Spring",
            leak_step="session_to_conversion",
            leak_step_rate=0.1,
            leak_median_rate=0.15,
            leak_lost_conversions=41.2,
            leak_lost_revenue=2900.4,
            is_leak_significant=True,
            total_impressions=13_000,
            total_sessions=820,
            total_conversions=82,
            click_through_rate=0.07,
            click_through_comparison="higher",
        ),
    ]
    told = leaks.findings(made.table("campaign_leaks", *rows), "$")
    assert told[1].text == (
        "Spring has the third-best click-through (7.00 % of 13,000 impressions) but loses 9 of 10 "
        "sessions before the purchase: 10.0 % go on, of the median campaign 15.0 %. At the median "
        "rate it would have made about 41 more conversions (≈ $2,900)."
    )
    assert (told[1].channel, told[1].campaign, told[1].tone) == ("search", "spring", "bad")


def test_a_leak_within_chance_or_without_enough_data_is_no_finding() -> None:
    leaking = {"leak_step": "click_to_session", "leak_lost_conversions": 5.0}
    rows = [
        made.leak("Chance", **leaking),
        made.leak("Tiny", **leaking, is_leak_significant=True, is_rated=False),
    ]
    told = [one.text for one in leaks.findings(made.table("campaign_leaks", *rows), "$")]
    assert told == [
        "No campaign falls behind the median campaign by more than chance explains.",
        "Tiny has too little data to be judged.",
    ]


def test_few_clicks_are_told_as_clicks() -> None:
    row = made.leak(
        "Banner",
        leak_step="impression_to_click",
        leak_step_rate=0.0005,
        leak_median_rate=0.0168,
        leak_lost_conversions=1.2,
        leak_lost_revenue=60.0,
        is_leak_significant=True,
        total_impressions=28_568,
    )
    told = leaks.findings(made.table("campaign_leaks", row), "")[1].text
    assert told == (
        "Banner is clicked on in 0.05 % of 28,568 impressions, the median campaign in 1.68 %. "
        "At the median rate it would have made about 1 more conversion (≈ 60.00)."
    )


def channel(name: str, customers_: int, ratio: float | None, months: int | None) -> dict[str, Any]:
    return {
        "acquisition_channel": name,
        "customer_count": customers_,
        "value_to_cost_ratio": ratio,
        "months_to_payback": months,
        "acquisition_cost": 20.0,
        "revenue_per_customer": 50.0,
    }


def test_a_channel_of_few_customers_is_said_to_be_one() -> None:
    table = made.table(
        "channel_value",
        channel("search", 30, 2.5, 2),
        channel("social", 29, 9.0, 0),
        channel("organic", 300, None, None),
    )
    told = customers.findings({"channel_value": table}, "$")
    assert [one.tone for one in told] == ["good", "low volume"]
    assert told[0].text == (
        "A customer of search cost $20.00 and has brought a revenue of $50.00 so far, 2.50 of "
        "margin for each unit of cost; the channel paid back after 2 months (30 customers)."
    )
    assert "social (9.00 of 29 customers)" in told[1].text


def test_models_that_disagree_are_named_with_what_they_say() -> None:
    table = made.table(
        "channel_credit",
        made.credit("email", 0.8, all=30, first_touch=10, last_touch=50),
        made.credit("search", 0.1, all=100, last_touch=90),
        made.credit("tiny", 0.9, all=2, first_touch=9),
        made.credit("(none)", 0.0, all=11),
    )
    assert [one.text for one in credit.findings(table)] == [
        "email: from 10.0 conversions (first touch) to 50.0 (last touch). It closes 50 journeys "
        "and opens 10: first touch misses what it closes.",
        "All models agree to within 25.0 % on search.",
        "Too few conversions to compare models: tiny.",
    ]


def forecast_tables(**backtest: Any) -> dict[str, Any]:
    predicted = {
        "domain": "shop",
        "horizon_days": 90,
        "customer_count": 400,
        "expected_purchases": 300.4,
        "expected_value": 1000,
        "no_forecast_reason": None,
    }
    tested = {
        "domain": "shop",
        "fitted_through_date": date(2024, 4, 1),
        "no_backtest_reason": None,
        "actual_purchase_count": 200,
        "expected_purchases": 180.0,
        "bias_ratio": -0.1,
        "value_bias_ratio": None,
        "mean_absolute_error": 0.5,
        "naive_rate_mean_absolute_error": 0.4,
        **backtest,
    }
    return {
        "forecasts": made.table("forecasts", predicted),
        "backtests": made.table("backtests", tested),
    }


def test_a_forecast_stands_beside_how_well_it_would_have_done() -> None:
    told = forecast.findings(forecast_tables(), "$")[0].text
    assert told == (
        "Shop: 400 customers are expected to buy 300 times worth $1,000 in the next 90 days. Made "
        "on 2024-04-01, it would have said 180 where 200 came (10.0 % too few); per customer it is "
        "not closer than each customer's rate carried on (mean error 0.50 against 0.40)."
    )


def test_a_forecast_that_could_not_be_tested_says_so() -> None:
    told = forecast.findings(forecast_tables(no_backtest_reason="too few repeat buyers"), "$")
    assert "It cannot be tested against the past yet (too few repeat buyers)." in told[0].text


def test_a_backtest_in_whose_time_nothing_came_has_no_share_to_be_off_by() -> None:
    nothing = forecast_tables(actual_purchase_count=0, bias_ratio=None)
    told = forecast.findings(nothing, "$")[0].text
    assert "it would have said 180 where 0 came; per customer" in told


def trust_tables(unexplained: float, failed: int = 0) -> dict[str, Any]:
    reconciled = {
        "stage": "spend",
        "unexplained_total": unexplained,
        "as_of_date": date(2024, 6, 30),
    }
    build = {
        "invocation_id": "one",
        "finished_at": datetime(2024, 7, 1, 6, 30),
        "passed_count": 12,
        "warned_count": 0,
        "failed_count": failed,
        "error_count": 0,
    }
    return {
        "marketing_reconciliation": made.table("marketing_reconciliation", reconciled),
        "builds": made.table("builds", build),
    }


def test_what_reconciles_and_passed_is_said_in_three_sentences() -> None:
    assert [one.text for one in trust.findings(trust_tables(0), None, ())] == [
        "Nothing is lost between raw data and marts without a reason (1 total).",
        "All 12 tests of the last build passed.",
        "The numbers are those of 2024-06-30; built on 2024-07-01 06:30 UTC.",
    ]


def test_what_does_not_reconcile_failed_or_was_refused_is_told_as_bad() -> None:
    results = Results(
        invocation="one",
        passed_count=11,
        failures=(Failure(name="unique_x", status="fail", row_count=3),),
    )
    told = trust.findings(
        trust_tables(-2.5), results, (Rejected(table="marketing_raw.sessions", row_count=4),)
    )
    assert [(one.tone, one.text) for one in told[:3]] == [
        ("bad", "Marketing does not reconcile: spend (-2.5) without a reason."),
        ("bad", "1 test of the last build did not pass: unique_x (fail, 3 rows)."),
        (
            "bad",
            "4 rows of the raw files were refused while loading: marketing_raw.sessions (4).",
        ),
    ]


def test_a_model_that_failed_is_no_build_that_passed() -> None:
    results = Results(
        invocation="one",
        passed_count=11,
        failures=(
            Failure(name="orders", is_test=False, status="error", row_count=0),
            Failure(name="unique_x", status="skipped", row_count=0),
        ),
    )
    told = trust.findings(trust_tables(0), results, ())[1]
    assert told.tone == "bad"
    assert told.text == (
        "1 model and 1 test of the last build did not pass: orders (error) and unique_x (skipped)."
    )


def test_a_build_without_tests_has_not_passed_any() -> None:
    none = Results(invocation="one", passed_count=0, failures=())
    told = trust.findings(trust_tables(0), none, ())[1]
    assert (told.tone, told.text) == ("low volume", "No test ran in the last build.")


def test_results_of_another_build_are_not_believed() -> None:
    other = Results(invocation="two", passed_count=99, failures=())
    told = [one.text for one in trust.findings(trust_tables(0, failed=2), other, ())]
    assert "2 tests of the last build did not pass; its results are not at hand." in told


def test_a_quarter_is_compared_with_the_one_before_and_a_year_ago_where_complete() -> None:
    def quarter(month: int, year: int, net: float, is_complete: bool = True) -> dict[str, Any]:
        return {
            "quarter_start_date": date(year, month, 1),
            "net_amount": net,
            "gross_amount": 1000,
            "refund_amount": 50,
            "orders_count": 10,
            "customers_count": 8,
            "is_complete": is_complete,
        }

    table = made.table(
        "finance_quarters",
        quarter(1, 2023, 400),
        quarter(4, 2023, 500),
        quarter(7, 2023, 500),
        quarter(10, 2023, 640),
        quarter(1, 2024, 800),
        quarter(4, 2024, 9, is_complete=False),
    )
    assert domains.finance({"finance_quarters": table}, "$")[0].text == (
        "Net revenue of the quarter from 2024-01-01: $800, from 10 orders of 8 customers; "
        "+25.0 % against the quarter before, +100.0 % against a year ago. Refunds took 5.00 %."
    )
    after_none = made.table("finance_quarters", quarter(1, 2024, 0), quarter(4, 2024, 9))
    assert "; with nothing in the quarter before. " in (
        domains.finance({"finance_quarters": after_none}, "$")[0].text
    )
