-- Can I trust the totals? How much of what was paid and refunded belongs to no customer, and why?
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

sales as (
    select
        orders.id,
        order_date > current_date as is_late,
        status in ('returned', 'return_pending') as is_returned,
        case
            when order_date > current_date then 'late'
            when orders.user_id is null then 'guest'
            when customers.id is null then 'unknown'
            when is_test_user then 'test'
            else 'customer'
        end as buyer
    from dbt_production.orders
    left join dbt_production.customers on customers.id = orders.user_id
    where order_date is not null
),

refunds as (
    select
        refunds.id,
        order_id,
        amount,
        case
            when refunded_at >= current_date + 1 then 'late'
            when sales.id is not null then buyer
            when is_test_user then 'test'
            when customers.id is not null then 'customer'
            when user_id is not null then 'unknown'
            else 'nobody'
        end as buyer
    from dbt_production.refunds
    left join sales on sales.id = order_id and not is_late
    left join dbt_production.customers on customers.id = user_id
),

totals as (
    select
        sum(amount) as gross,
        sum(amount) filter (buyer = 'customer') as gross_customer,
        sum(amount) filter (buyer = 'late') as gross_late,
        sum(amount) filter (buyer = 'test') as gross_test,
        sum(amount) filter (buyer = 'guest') as gross_guest,
        sum(amount) filter (buyer = 'unknown') as gross_unknown,
        -- A returned order has been paid back, even where nobody has entered the refund.
        sum(amount) filter (is_assumed) as assumed,
        sum(amount) filter (is_assumed and buyer = 'customer') as assumed_customer,
        sum(amount) filter (is_assumed and buyer = 'test') as assumed_test,
        sum(amount) filter (is_assumed and buyer = 'guest') as assumed_guest,
        sum(amount) filter (is_assumed and buyer = 'unknown') as assumed_unknown
    from (
        select
            payments.amount,
            buyer,
            is_returned and not is_late
            and sales.id not in (
                select order_id from refunds where order_id is not null and buyer <> 'late'
            ) as is_assumed
        from dbt_production.payments
        inner join sales on sales.id = order_id
    )
),

refund_totals as (
    select
        sum(amount) as refund,
        sum(amount) filter (buyer = 'customer') as refund_customer,
        sum(amount) filter (buyer = 'late') as refund_late,
        sum(amount) filter (buyer = 'test') as refund_test,
        sum(amount) filter (buyer = 'guest') as refund_guest,
        sum(amount) filter (buyer = 'unknown') as refund_unknown,
        sum(amount) filter (buyer = 'nobody') as refund_nobody
    from refunds
),

measures as (
    select
        unnest(['gross', 'refunds']) as measure,
        unnest([gross, coalesce(refund, 0) + coalesce(assumed, 0)]) as source,
        unnest([gross_customer, coalesce(refund_customer, 0) + coalesce(assumed_customer, 0)]) as customer,
        unnest([gross_late, refund_late]) as late,
        unnest([gross_test, coalesce(refund_test, 0) + coalesce(assumed_test, 0)]) as test,
        unnest([gross_guest, coalesce(refund_guest, 0) + coalesce(assumed_guest, 0)]) as guest,
        unnest([gross_unknown, coalesce(refund_unknown, 0) + coalesce(assumed_unknown, 0)]) as unknown,
        unnest([0, refund_nobody]) as nobody
    from totals, refund_totals
),

-- Quarters show everybody but test users.
stages as (
    select *, stage like 'quarterly%' as shows_all
    from (
        values
            ('gross amount', 'gross'), ('refunds', 'refunds'),
            ('quarterly gross', 'gross'), ('quarterly refunds', 'refunds'),
            ('monthly gross', 'gross'), ('monthly refunds', 'refunds')
    ) as named (stage, measure)
    inner join measures using (measure)
)

select
    stage,
    coalesce(source, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as source_total,
    (
        coalesce(customer, 0)
        + if(shows_all, coalesce(guest, 0) + coalesce(unknown, 0) + coalesce(nobody, 0), 0)
    )::decimal(16, 0) * 0.01::decimal(2, 2) as mart_total,
    coalesce(late, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as after_as_of_date_total,
    coalesce(test, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as test_user_total,
    if(shows_all, 0, coalesce(guest, 0))::decimal(16, 0) * 0.01::decimal(2, 2) as guest_total,
    if(shows_all, 0, coalesce(unknown, 0))::decimal(16, 0) * 0.01::decimal(2, 2) as unknown_customer_total,
    if(shows_all, 0, coalesce(nobody, 0))::decimal(16, 0) * 0.01::decimal(2, 2) as no_customer_total,
    (
        coalesce(source, 0) - coalesce(customer, 0) - coalesce(late, 0) - coalesce(test, 0)
        - coalesce(guest, 0) - coalesce(unknown, 0) - coalesce(nobody, 0)
    )::decimal(16, 0) * 0.01::decimal(2, 2) as unexplained_total,
    (select day from as_of) as as_of_date
from stages
