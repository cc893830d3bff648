-- What has each customer brought in all, after refunds, and how much of it in the last 90 days?
-- The latest day with an event, never later than today: what happened by today is all that is known.
with as_of as (
    select least(
        greatest(
            (select max(order_date) from dbt_production.orders),
            (select max(refunded_at) from dbt_production.refunds)::date,
            (select max(contacted_at) from dbt_production.customer_contacts)::date
        ),
        current_date
    ) as day
),

-- Refunds of known orders belong to the buyer and the day of the order, others to the customer whom they name.
refunds as (
    select
        orders.id as known_id,
        if(orders.id is null, refunds.user_id, orders.user_id) as user_id,
        coalesce(order_date, refunded_at::date) > (select day - 90 from as_of) as is_recent,
        amount
    from dbt_production.refunds
    left join dbt_production.orders
        on orders.id = refunds.order_id and order_date <= current_date
    where refunded_at < current_date + 1
),

-- Orders, their payments and refunds stacked: one aggregation per customer, none per order.
facts as (
    select user_id, order_date, false as is_recent, 0 as cents, 0 as refund
    from dbt_production.orders
    where user_id is not null and order_date <= current_date
    union all
    select
        user_id, null, order_date > (select day - 90 from as_of), amount,
        -- A returned order has been paid back, even where nobody has entered the refund.
        if(
            status in ('returned', 'return_pending')
            and orders.id not in (select known_id from refunds where known_id is not null),
            amount, 0
        )
    from dbt_production.payments
    inner join dbt_production.orders on orders.id = payments.order_id
    where user_id is not null and order_date <= current_date
    union all
    select user_id, null, is_recent, 0, amount
    from refunds
    where user_id is not null
),

bought as (
    select
        user_id,
        min(order_date) as first_date,
        max(order_date) as last_date,
        count(order_date) as orders,
        sum(cents)::decimal(16, 0) * 0.01::decimal(2, 2) as amount,
        sum(refund)::decimal(16, 0) * 0.01::decimal(2, 2) as refund,
        coalesce(sum(cents - refund) filter (is_recent), 0)::decimal(16, 0) * 0.01::decimal(2, 2) as recent
    from facts
    group by all
)

select
    customers.id as customer_id,
    first_date as first_order_date,
    last_date as last_order_date,
    coalesce(orders, 0) as orders_count,
    coalesce(amount, 0) as gross_amount,
    coalesce(refund, 0) as refund_amount,
    coalesce(amount - refund, 0)::decimal(18, 2) as net_amount,
    coalesce(amount / nullif(orders, 0), 0) as avg_order_value,
    coalesce(recent, 0) as net_revenue_90d,
    case when recent >= 5000 then 'High' when recent >= 1000 then 'Medium' else 'Low' end as cltv_segment,
    (select day from as_of) as as_of_date
from dbt_production.customers
left join bought on bought.user_id = customers.id
where is_test_user is not true
