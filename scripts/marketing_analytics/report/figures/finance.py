"""Finance: net revenue by quarter and by segment."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

QUARTERS = Query(
    name="finance_quarters",
    mart="mart_marketing.mart_finance_quarterly",
    title="Net revenue by quarter",
    sql="""
select
    quarter_start_date,
    gross_amount,
    refund_amount,
    net_amount,
    orders_count,
    customers_count,
    high_net_amount,
    medium_net_amount,
    low_net_amount,
    is_complete
from mart_marketing.mart_finance_quarterly
order by quarter_start_date
""",
    columns=(
        Column(name="quarter_start_date", label="quarter from", unit="day"),
        Column(name="gross_amount", label="gross", unit="money"),
        Column(name="refund_amount", label="refunds", unit="money"),
        Column(name="net_amount", label="net", unit="money"),
        Column(name="orders_count", label="orders", unit="count"),
        Column(name="customers_count", label="customers", unit="count"),
        Column(name="high_net_amount", label="net of High", unit="money"),
        Column(name="medium_net_amount", label="net of Medium", unit="money"),
        Column(name="low_net_amount", label="net of Low", unit="money"),
        Column(name="is_complete", label="quarter is over", unit="flag"),
    ),
)
SEGMENTS = Query(
    name="finance_segments",
    mart="mart_marketing.mart_customer_revenue",
    title="Net revenue of the last 90 days by segment",
    sql="""
select
    cltv_segment,
    count(*) as customer_count,
    sum(net_revenue_90d) as net_revenue_90d,
    sum(order_amount_90d) as order_amount_90d,
    sum(refund_amount_90d) as refund_amount_90d,
    sum(orders_count_90d) as orders_count_90d
from mart_marketing.mart_customer_revenue
group by 1
order by case cltv_segment when 'High' then 1 when 'Medium' then 2 else 3 end
""",
    columns=(
        Column(name="cltv_segment", label="segment"),
        Column(
            name="customer_count",
            label="customers",
            unit="count",
            means="Customers of the segment.",
        ),
        Column(name="net_revenue_90d", label="net revenue", unit="money"),
        Column(name="order_amount_90d", label="orders", unit="money"),
        Column(name="refund_amount_90d", label="refunds", unit="money"),
        Column(name="orders_count_90d", label="number of orders", unit="count"),
    ),
)
QUERIES = (QUARTERS, SEGMENTS)
