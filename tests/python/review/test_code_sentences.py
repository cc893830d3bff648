"""What is said of the change of the review document: 90 days, refunds subtracted, a third tier."""

from __future__ import annotations

from marketing_analytics.review.code import code_changes
from marketing_analytics.review.findings import Change
from review.code_builds import TYPES, build, uid

BASE = """
with orders as (
    select * from staging.stg_orders
    where status <> 'test'
),

revenue as (
    select
        customer_id,
        sum(amount) as net_revenue,
        count(distinct order_id) as orders_count
    from orders
    group by 1
),

final as (
    select
        cast(customers.customer_id as text) as customer_id,
        cast(coalesce(revenue.net_revenue, 0) as decimal(18, 2)) as net_revenue,
        case
            when revenue.net_revenue >= 5000 then 'High'
            else 'Low'
        end as cltv_segment,
        coalesce(revenue.orders_count, 0) as orders_count
    from staging.stg_customers as customers
    left join revenue
        on customers.customer_id = revenue.customer_id
)

select * from final
"""
HEAD = (
    BASE.replace(
        "    where status <> 'test'\n),",
        "    where status <> 'test' and order_date > cast('2026-03-31' as date) - 90\n),\n\n"
        "refunds as (\n"
        "    select order_id, sum(refund_amount) as refund_amount\n"
        "    from staging.stg_refunds\n"
        "    group by 1\n"
        "),",
    )
    .replace("customer_id,\n        sum(", "orders.customer_id,\n        sum(")
    .replace("distinct order_id", "distinct orders.order_id")
    .replace("sum(amount)", "sum(orders.amount - coalesce(refunds.refund_amount, 0))")
    .replace(
        "from orders\n",
        "from orders\n    left join refunds on orders.order_id = refunds.order_id\n",
    )
    .replace("net_revenue", "net_revenue_90d")
    .replace("else 'Low'", "when revenue.net_revenue_90d >= 1000 then 'Medium' else 'Low'")
)


def test_the_change_of_the_document_in_words() -> None:
    found = code_changes(build({"m": BASE}), build({"m": HEAD}), TYPES)[uid("m")]
    # A customer has a row as before, so it is columns that change and not the rows.
    assert found.change is Change.LOGIC
    assert found.columns == frozenset(
        {"net_revenue", "net_revenue_90d", "cltv_segment", "orders_count"}
    )
    assert found.sentences == (
        "adds a filter: order_date > cast('2026-03-31' as date) - 90 (in orders)",
        "adds the step refunds of stg_refunds",
        "renames net_revenue to net_revenue_90d (in revenue)",
        "net_revenue_90d: sum(amount) becomes sum(amount - coalesce(refund_amount, 0))"
        " (in revenue)",
        "joins refunds (left join) (in revenue)",
        "adds the case branch 'Medium' to cltv_segment: net_revenue_90d >= 1000",
    )


def test_a_long_fragment_is_cut() -> None:
    code = "select order_id from raw.orders where status in ({})"
    long = ", ".join(f"'status number {number}'" for number in range(20))
    before, after = code.format("'a', 'b'"), code.format(long)
    (sentence,) = code_changes(build({"m": before}), build({"m": after}), TYPES)[uid("m")].sentences
    assert sentence.startswith(
        "filter: status in ('a', 'b') becomes status in ('status number 0', "
    )
    assert sentence.endswith("…")
    assert len(sentence) < 140
