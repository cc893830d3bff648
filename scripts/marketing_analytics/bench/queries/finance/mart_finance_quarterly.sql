-- What came in and went back in each quarter, from how many customers, and of which segment are they today?
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

-- A refund stands in the quarter in which the money went back, for the segment on the day of its order.
refunds as (
    select
        orders.id as known_id,
        if(orders.id is null, refunds.user_id, orders.user_id) as user_id,
        date_trunc('quarter', refunded_at)::date as quarter,
        coalesce(order_date, refunded_at::date) > (select day - 90 from as_of) as is_recent,
        amount
    from dbt_production.refunds
    left join dbt_production.orders
        on orders.id = refunds.order_id and order_date <= current_date
    where refunded_at < current_date + 1
),

-- Only the last 90 days decide of a segment; a returned order without a refund comes to nothing.
recent as (
    select user_id, sum(cents) as net
    from (
        select user_id, amount as cents
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
        select user_id, -amount
        from refunds
        where user_id is not null and is_recent
    )
    group by user_id
),

accounts as (
    select
        customers.id as account_id,
        is_test_user,
        case when net >= 500000 then 'High' when net >= 100000 then 'Medium' else 'Low' end as segment
    from dbt_production.customers
    left join recent on recent.user_id = customers.id
),

parts as (
    select
        quarter,
        sum(orders) as orders,
        count(account_id) as customers,
        null as segment,
        0 as gross,
        0 as refund
    from (
        select date_trunc('quarter', order_date)::date as quarter, account_id, count(*) as orders
        from dbt_production.orders
        left join accounts on account_id = user_id
        where order_date <= current_date and is_test_user is not true
        group by all
    )
    group by quarter
    union all
    select
        date_trunc('quarter', order_date)::date,
        0,
        0,
        coalesce(segment, 'none'),
        sum(amount),
        -- A returned order has been paid back, even where nobody has entered the refund.
        sum(amount) filter (
            status in ('returned', 'return_pending')
            and orders.id not in (select known_id from refunds where known_id is not null)
        )
    from dbt_production.payments
    inner join dbt_production.orders on orders.id = payments.order_id
    left join accounts on account_id = user_id
    where order_date <= current_date and is_test_user is not true
    group by 1, 4
    union all
    select quarter, 0, 0, coalesce(segment, 'none'), 0, sum(amount)
    from refunds
    left join accounts on account_id = user_id
    where is_test_user is not true
    group by 1, 4
),

quarters as (
    select
        quarter,
        sum(gross) as gross,
        sum(refund) as refund,
        sum(orders) as orders,
        sum(customers)::bigint as customers,
        sum(coalesce(gross, 0) - coalesce(refund, 0)) filter (segment = 'High') as high,
        sum(coalesce(gross, 0) - coalesce(refund, 0)) filter (segment = 'Medium') as medium,
        sum(coalesce(gross, 0) - coalesce(refund, 0)) filter (segment = 'Low') as low,
        sum(coalesce(gross, 0) - coalesce(refund, 0)) filter (segment = 'none') as nobody
    from parts
    group by quarter
)

select
    calendar.day::date as quarter_start_date,
    coalesce(gross, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as gross_amount,
    coalesce(refund, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as refund_amount,
    (coalesce(gross, 0) - coalesce(refund, 0))::decimal(16, 0) * 0.01::decimal(2, 2) as net_amount,
    coalesce(orders, 0)::bigint as orders_count,
    coalesce(customers, 0) as customers_count,
    coalesce(high, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as high_net_amount,
    coalesce(medium, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as medium_net_amount,
    coalesce(low, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as low_net_amount,
    coalesce(nobody, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as no_customer_net_amount,
    calendar.day + interval 3 month - interval 1 day <= (select day from as_of) as is_complete,
    (select day from as_of) as as_of_date
-- A quarter without any order has a row, too.
from generate_series((select min(quarter) from quarters), (select day from as_of), interval 3 month) as calendar (day)
left join quarters on quarter = calendar.day
