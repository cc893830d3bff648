-- Of the customers who first ordered in a month, by segment, how many ordered in the last 90 days?
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
        coalesce(order_date, refunded_at::date) as counted_date,
        amount
    from dbt_production.refunds
    left join dbt_production.orders
        on orders.id = refunds.order_id and order_date <= current_date
    where refunded_at < current_date + 1
),

-- Only orders of the window need their payments; a returned one without a refund comes to nothing.
facts as (
    select user_id, order_date, 0 as cents
    from dbt_production.orders
    where user_id is not null and order_date <= current_date
    union all
    select user_id, null, amount
    from dbt_production.payments
    inner join dbt_production.orders on orders.id = payments.order_id
    where
        user_id is not null
        and order_date > (select day - 90 from as_of) and order_date <= current_date
        and (
            status not in ('returned', 'return_pending')
            or orders.id in (select known_id from refunds where known_id is not null)
        )
    union all
    select user_id, null, -amount
    from refunds
    where user_id is not null and counted_date > (select day - 90 from as_of)
),

bought as (
    select
        user_id,
        date_trunc('month', min(order_date))::date as month,
        max(order_date) > (select day - 90 from as_of) as is_active,
        sum(cents)::bigint as net
    from facts
    group by user_id
)

select
    month as first_order_month,
    case when net >= 500000 then 'High' when net >= 100000 then 'Medium' else 'Low' end as cltv_segment,
    count(*) as customer_count,
    count(*) filter (is_active) as active_customer_count,
    count(*) filter (is_active) / count(*) as active_rate,
    coalesce(sum(net), 0)::decimal(16, 0) * 0.01::decimal(2, 2) as net_revenue_90d,
    (select day from as_of) as as_of_date
from dbt_production.customers
left join bought on bought.user_id = customers.id
where is_test_user is not true
group by 1, 2
