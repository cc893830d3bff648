"""What customers are worth: by tier, by channel, by the month in which they came."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

TIERS = Query(
    name="value_tiers",
    mart="marketing.customer_lifetime_value",
    title="Customers by tier of lifetime value",
    sql="""
select
    ltv_segment,
    acquisition_channel,
    count(*) as customer_count,
    sum(total_revenue) as revenue_amount,
    sum(total_conversions) as purchase_count
from marketing.customer_lifetime_value
group by 1, 2
order by case ltv_segment when 'high' then 1 when 'medium' then 2 else 3 end, 4 desc, 2
""",
    columns=(
        Column(name="ltv_segment", label="tier"),
        Column(name="acquisition_channel", label="channel"),
        Column(
            name="customer_count", label="customers", unit="count", means="Customers of the tier."
        ),
        Column(name="revenue_amount", label="revenue", unit="money", of="total_revenue"),
        Column(name="purchase_count", label="purchases", unit="count", of="total_conversions"),
    ),
    channel="acquisition_channel",
)
CHANNELS = Query(
    name="channel_value",
    mart="marketing.channel_lifetime_value",
    title="Customers by the channel that brought them",
    sql="""
select
    acquisition_channel,
    customer_count,
    repeat_rate,
    high_customer_count,
    medium_customer_count,
    low_customer_count,
    revenue_amount,
    revenue_per_customer,
    spend_amount,
    case when spend_amount > 0 then acquisition_cost end as acquisition_cost,
    case when spend_amount > 0 then value_to_cost_ratio end as value_to_cost_ratio,
    months_to_payback
from marketing.channel_lifetime_value
order by revenue_amount desc, acquisition_channel
""",
    columns=(
        Column(name="acquisition_channel", label="channel"),
        Column(name="customer_count", label="customers", unit="count"),
        Column(name="repeat_rate", label="bought again", unit="rate"),
        Column(name="high_customer_count", label="high", unit="count"),
        Column(name="medium_customer_count", label="medium", unit="count"),
        Column(name="low_customer_count", label="low", unit="count"),
        Column(name="revenue_amount", label="revenue", unit="money"),
        Column(name="revenue_per_customer", label="per customer", unit="money"),
        Column(name="spend_amount", label="spend", unit="money"),
        Column(name="acquisition_cost", label="cost per customer", unit="money"),
        Column(name="value_to_cost_ratio", label="value : cost", unit="ratio"),
        Column(name="months_to_payback", label="months to payback", unit="months"),
    ),
    channel="acquisition_channel",
)
COHORTS = Query(
    name="cohort_value",
    mart="marketing.acquisition_cohort_value",
    title="Revenue per customer, by channel and month of the first purchase",
    sql="""
select
    acquisition_channel,
    cohort_month,
    customer_count,
    revenue_amount,
    revenue_per_customer,
    spend_amount,
    value_to_cost_ratio,
    months_to_payback,
    months_observed
from marketing.acquisition_cohort_value
where cohort_month >= date_trunc('month', as_of_date) - interval 11 month
order by cohort_month desc, acquisition_channel
""",
    columns=(
        Column(name="acquisition_channel", label="channel"),
        Column(name="cohort_month", label="month", unit="month"),
        Column(name="customer_count", label="customers", unit="count"),
        Column(name="revenue_amount", label="revenue", unit="money"),
        Column(name="revenue_per_customer", label="per customer", unit="money"),
        Column(name="spend_amount", label="spend", unit="money"),
        Column(name="value_to_cost_ratio", label="value : cost", unit="ratio"),
        Column(name="months_to_payback", label="months to payback", unit="months"),
        Column(name="months_observed", label="months seen", unit="months"),
    ),
    channel="acquisition_channel",
)
QUERIES = (TIERS, CHANNELS, COHORTS)
