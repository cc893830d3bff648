"""What happens next: forecasts, how good the last ones would have been, and actions."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

FORECASTS = Query(
    name="forecasts",
    mart="marketing.customer_forecasts",
    title="What customers are expected to do",
    sql="""
select
    domain,
    horizon_days,
    count(*) as customer_count,
    sum(cast(expected_purchases as decimal(28, 6))) as expected_purchases,
    sum(cast(expected_value as decimal(28, 6))) as expected_value,
    sum(cast(discounted_value_12m as decimal(28, 6))) as discounted_value_12m,
    count(*) filter (churn_probability_90d >= 0.5) as likely_gone_count,
    max(coalesce(no_forecast_reason, no_value_reason)) as no_forecast_reason
from marketing.customer_forecasts
group by 1, 2
order by case domain when 'marketing' then 1 when 'shop' then 2 else 3 end, domain
""",
    columns=(
        Column(name="domain", label="of"),
        Column(name="horizon_days", label="days ahead", unit="days"),
        Column(
            name="customer_count", label="customers", unit="count", means="Customers of the domain."
        ),
        Column(name="expected_purchases", label="expected purchases", unit="estimate"),
        Column(name="expected_value", label="expected revenue", unit="money"),
        Column(name="discounted_value_12m", label="value of 12 months", unit="money"),
        Column(
            name="likely_gone_count",
            label="likely gone",
            unit="count",
            of="churn_probability_90d",
        ),
        Column(name="no_forecast_reason", label="no forecast"),
    ),
)
BACKTESTS = Query(
    name="backtests",
    mart="marketing.forecast_backtests",
    title="How the same forecast would have done, had it been made before",
    sql="""
select
    domain,
    fitted_through_date,
    horizon_days,
    no_backtest_reason,
    customer_count,
    actual_purchase_count,
    expected_purchases,
    bias_ratio,
    mean_absolute_error,
    naive_rate_mean_absolute_error,
    naive_same_mean_absolute_error,
    auc_rate,
    value_bias_ratio
from marketing.forecast_backtests
order by case domain when 'marketing' then 1 when 'shop' then 2 else 3 end, domain
""",
    columns=(
        Column(name="domain", label="of"),
        Column(name="fitted_through_date", label="made on", unit="day"),
        Column(name="horizon_days", label="days ahead", unit="days"),
        Column(name="no_backtest_reason", label="no backtest"),
        Column(name="customer_count", label="customers", unit="count"),
        Column(name="actual_purchase_count", label="purchases", unit="count"),
        Column(name="expected_purchases", label="expected", unit="estimate"),
        Column(name="bias_ratio", label="off by", unit="rate"),
        Column(name="mean_absolute_error", label="error per customer", unit="ratio"),
        Column(name="naive_rate_mean_absolute_error", label="error of own rate", unit="ratio"),
        Column(name="naive_same_mean_absolute_error", label="error of same again", unit="ratio"),
        Column(name="auc_rate", label="tells buyers apart", unit="rate"),
        Column(name="value_bias_ratio", label="revenue off by", unit="rate"),
    ),
)
ACTIONS = Query(
    name="next_actions",
    mart="marketing.next_best_action",
    title="What to do with whom",
    sql="""
select
    next_action,
    max(next_action_reason) as next_action_reason,
    count(*) filter (is_to_do) as to_do_count,
    count(*) filter (is_holdout) as holdout_count,
    count(*) filter (suppression_reason is not null) as suppressed_count,
    coalesce(sum(cast(value_at_risk_12m as decimal(28, 6))) filter (is_to_do), 0)
        as value_at_risk_12m
from marketing.next_best_action
group by 1
order by value_at_risk_12m desc, next_action
""",
    columns=(
        Column(name="next_action", label="action"),
        Column(name="next_action_reason", label="why"),
        Column(name="to_do_count", label="customers to contact", unit="count", of="is_to_do"),
        Column(name="value_at_risk_12m", label="value at risk", unit="money"),
        Column(name="holdout_count", label="held out", unit="count", of="is_holdout"),
        Column(name="suppressed_count", label="left alone", unit="count", of="suppression_reason"),
    ),
)
QUERIES = (FORECASTS, BACKTESTS, ACTIONS)
