"""The shop: segments, products, channels, and how many come back."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

SEGMENTS = Query(
    name="shop_segments",
    mart="marketing.customer_segmentation",
    title="Customers of the shop by segment",
    sql="""
select
    customer_segment,
    max(marketing_action) as marketing_action,
    count(*) as customer_count,
    sum(total_revenue) as revenue_amount,
    cast(sum(total_revenue) as double) / count(*) as revenue_per_customer,
    count(*) filter (churn_risk_level = 'high') as high_risk_count
from marketing.customer_segmentation
group by 1
order by revenue_amount desc, customer_segment
""",
    columns=(
        Column(name="customer_segment", label="segment"),
        Column(
            name="customer_count",
            label="customers",
            unit="count",
            means="Customers of the segment.",
        ),
        Column(name="revenue_amount", label="revenue", unit="money", of="total_revenue"),
        Column(
            name="revenue_per_customer",
            label="per customer",
            unit="money",
            means="Revenue / customers of the segment.",
        ),
        Column(name="high_risk_count", label="at high risk", unit="count", of="churn_risk_level"),
        Column(name="marketing_action", label="do"),
    ),
)
PRODUCTS = Query(
    name="shop_products",
    mart="marketing.product_performance",
    title="Best selling products",
    sql="""
select
    product_name,
    abc_category,
    product_status,
    total_revenue,
    revenue_share_rate,
    order_count,
    return_rate,
    recent_revenue,
    previous_revenue,
    marketing_recommendation
from marketing.product_performance
order by revenue_rank, product_name
limit 20
""",
    columns=(
        Column(name="product_name", label="product"),
        Column(name="abc_category", label="class"),
        Column(name="product_status", label="status"),
        Column(name="total_revenue", label="revenue", unit="money"),
        Column(name="revenue_share_rate", label="share", unit="rate"),
        Column(name="order_count", label="orders", unit="count"),
        Column(name="return_rate", label="returned", unit="rate"),
        Column(name="recent_revenue", label="last 30 days", unit="money"),
        Column(name="previous_revenue", label="30 days before", unit="money"),
        Column(name="marketing_recommendation", label="do"),
    ),
)
CHANNELS = Query(
    name="shop_channels",
    mart="marketing.marketing_attribution",
    title="Channels of the shop's orders",
    sql="""
select
    attribution_channel,
    total_conversions,
    total_revenue,
    revenue_share_rate,
    repeat_rate,
    avg_order_value,
    promotional_dependency_rate,
    channel_classification,
    optimization_recommendation
from marketing.marketing_attribution
order by total_revenue desc, attribution_channel
""",
    columns=(
        Column(name="attribution_channel", label="channel of the order"),
        Column(name="total_conversions", label="orders", unit="count"),
        Column(name="total_revenue", label="revenue", unit="money"),
        Column(name="revenue_share_rate", label="share", unit="rate"),
        Column(name="repeat_rate", label="bought again", unit="rate"),
        Column(name="avg_order_value", label="per order", unit="money"),
        Column(name="promotional_dependency_rate", label="paid by promotions", unit="rate"),
        Column(name="channel_classification", label="class"),
        Column(name="optimization_recommendation", label="do"),
    ),
)
RETENTION = Query(
    name="shop_retention",
    mart="marketing.customer_cohorts",
    title="Who comes back, by month of the first order",
    sql="""
select
    cohort_month,
    months_since_first_purchase,
    cohort_size,
    active_customer_count,
    retention_rate / 100 as returning_rate,
    cumulative_revenue_per_customer,
    is_complete
from marketing.customer_cohorts
where
    cohort_month >= date_trunc('month', as_of_date) - interval 12 month
    and months_since_first_purchase <= 12
order by cohort_month, months_since_first_purchase
""",
    columns=(
        Column(name="cohort_month", label="first order", unit="month"),
        Column(name="months_since_first_purchase", label="months since", unit="months"),
        Column(name="cohort_size", label="customers", unit="count"),
        Column(name="active_customer_count", label="bought", unit="count"),
        Column(name="returning_rate", label="share", unit="rate", of="retention_rate"),
        Column(name="cumulative_revenue_per_customer", label="revenue per customer", unit="money"),
        Column(name="is_complete", label="month is over", unit="flag"),
    ),
)
QUERIES = (SEGMENTS, PRODUCTS, CHANNELS, RETENTION)
