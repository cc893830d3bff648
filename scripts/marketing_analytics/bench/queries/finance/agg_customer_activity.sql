-- What did each customer order, pay and get back in each month, and what is the customer's segment today?
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

-- A refund stands in the month in which the money went back, for the segment on the day of its order.
refunds as (
    select
        orders.id as known_id,
        if(orders.id is null, refunds.user_id, orders.user_id) as user_id,
        date_trunc('month', refunded_at)::date as month,
        coalesce(order_date, refunded_at::date) > (select day - 90 from as_of) as is_recent,
        amount
    from dbt_production.refunds
    left join dbt_production.orders
        on orders.id = refunds.order_id and order_date <= current_date
    where refunded_at < current_date + 1
),

facts as (
    select
        user_id,
        date_trunc('month', order_date)::date as month,
        false as is_recent,
        1 as orders,
        0 as cents,
        0 as refund
    from dbt_production.orders
    where user_id is not null and order_date <= current_date
    union all
    select
        user_id,
        date_trunc('month', order_date)::date,
        order_date > (select day - 90 from as_of),
        0,
        amount,
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
    select user_id, month, is_recent, 0, 0, amount
    from refunds
    where user_id is not null
),

months as (
    select
        user_id,
        month,
        sum(orders)::bigint as orders,
        sum(cents)::bigint as gross,
        sum(refund)::bigint as refund,
        coalesce(sum(cents - refund) filter (is_recent), 0)::bigint as recent
    from facts
    semi join (select id as user_id from dbt_production.customers where is_test_user is not true)
        using (user_id)
    group by all
),

segments as (
    select
        user_id,
        case when sum(recent) >= 500000 then 'High' when sum(recent) >= 100000 then 'Medium' else 'Low' end as segment
    from months
    group by user_id
)

select
    user_id as customer_id,
    month as activity_month,
    orders as orders_count,
    coalesce(gross, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as gross_amount,
    coalesce(refund, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as refund_amount,
    (coalesce(gross, 0) - coalesce(refund, 0))::decimal(16, 0) * 0.01::decimal(2, 2) as net_amount,
    segment as cltv_segment,
    (select day from as_of) as as_of_date
from months
inner join segments using (user_id)
