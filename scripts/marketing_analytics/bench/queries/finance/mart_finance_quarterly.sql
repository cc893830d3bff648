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

facts as (
    select user_id, date_trunc('quarter', order_date)::date as quarter, false as is_recent, 1 as orders, 0 as cents, 0 as refund
    from dbt_production.orders
    where order_date <= current_date
    union all
    select
        user_id,
        date_trunc('quarter', order_date)::date,
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
    where order_date <= current_date
    union all
    select user_id, quarter, is_recent, 0, 0, amount
    from refunds
),

customer_quarters as (
    select
        customers.id,
        quarter,
        sum(orders) as orders,
        sum(cents) as gross,
        sum(refund) as refund,
        coalesce(sum(cents - refund) filter (is_recent), 0) as recent
    from facts
    left join dbt_production.customers on customers.id = user_id
    where is_test_user is not true
    group by 1, 2
),

segments as (
    select
        id,
        case when sum(recent) >= 500000 then 'High' when sum(recent) >= 100000 then 'Medium' else 'Low' end as segment
    from customer_quarters
    where id is not null
    group by id
),

quarters as (
    select
        quarter,
        sum(gross) as gross,
        sum(refund) as refund,
        sum(customer_quarters.orders) as orders,
        count(*) filter (id is not null and customer_quarters.orders > 0) as customers,
        sum(gross - refund) filter (segment = 'High') as high,
        sum(gross - refund) filter (segment = 'Medium') as medium,
        sum(gross - refund) filter (segment = 'Low') as low,
        sum(gross - refund) filter (segment is null) as nobody
    from customer_quarters
    left join segments using (id)
    group by quarter
)

select
    calendar.day::date as quarter_start_date,
    coalesce(gross, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as gross_amount,
    coalesce(refund, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as refund_amount,
    coalesce(gross - refund, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as net_amount,
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
