-- Can I trust the totals? How much of the orders, payments and refunds does no mart show, and why?
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
        coalesce(order_date > current_date, false) as is_late,
        status in ('shipped', 'completed') as is_successful,
        case
            when orders.user_id is null then 'guest'
            when customers.id is null then 'unknown'
            when is_test_user then 'test'
            when orders.user_id in (
                select user_id from dbt_production.orders
                where status in ('shipped', 'completed') and order_date <= current_date and user_id is not null
            ) then 'buyer'
            else 'customer'
        end as buyer
    from dbt_production.orders
    left join dbt_production.customers on customers.id = orders.user_id
),

paid as (
    select
        sum(amount) as total,
        sum(amount) filter (sales.id is null) as unknown_order,
        sum(amount) filter (is_late) as late,
        sum(amount) filter (not is_late) as gross,
        sum(amount) filter (not is_late and is_successful) as successful,
        sum(amount) filter (not is_late and buyer = 'guest') as guest,
        sum(amount) filter (not is_late and buyer = 'unknown') as unknown,
        sum(amount) filter (not is_late and buyer = 'test') as test,
        sum(amount) filter (not is_late and buyer = 'customer') as no_success,
        sum(amount) filter (not is_late and is_successful and buyer = 'guest') as successful_guest,
        sum(amount) filter (not is_late and is_successful and buyer = 'unknown') as successful_unknown,
        sum(amount) filter (not is_late and is_successful and buyer = 'test') as successful_test,
        sum(amount) filter (
            not is_late and buyer <> 'test'
            and sales.id in (select order_id from dbt_production.order_items where order_id is not null)
        ) as with_items
    from dbt_production.payments
    left join sales on sales.id = order_id
),

sold as (
    select sum(amount) as items
    from dbt_production.order_items
    inner join sales on sales.id = order_id and not is_late and buyer <> 'test'
),

ordered as (
    select count(*) as orders, count(*) filter (is_late) as late_orders from sales
),

returned as (
    select
        sum(amount) as refunds,
        sum(amount) filter (refunded_at >= current_date + 1) as late_refunds,
        sum(amount) filter (refunded_at < current_date + 1 and sales.id is null) as unknown_refunds
    from dbt_production.refunds
    left join sales on sales.id = order_id and not is_late
),

stages as (
    select unnest([
        {
            stage: 'orders', source: orders * 100, unknown_order: 0, late: late_orders * 100,
            test: 0, guest: 0, unknown: 0, no_success: 0, items: 0
        },
        {
            stage: 'payments', source: total, unknown_order: unknown_order, late: late,
            test: 0, guest: 0, unknown: 0, no_success: 0, items: 0
        },
        {
            stage: 'refunds', source: refunds, unknown_order: unknown_refunds, late: late_refunds,
            test: 0, guest: 0, unknown: 0, no_success: 0, items: 0
        },
        {
            stage: 'customer value', source: gross, unknown_order: 0, late: 0,
            test: 0, guest: guest, unknown: unknown, no_success: 0, items: 0
        },
        {
            stage: 'segmentation', source: successful, unknown_order: 0, late: 0, test: successful_test,
            guest: successful_guest, unknown: successful_unknown, no_success: 0, items: 0
        },
        {
            stage: 'products', source: gross, unknown_order: 0, late: 0, test: test,
            guest: 0, unknown: 0, no_success: 0, items: with_items - items
        },
        {
            stage: 'cohorts', source: gross, unknown_order: 0, late: 0, test: test,
            guest: guest, unknown: unknown, no_success: no_success, items: 0
        },
        {
            stage: 'attribution', source: gross, unknown_order: 0, late: 0, test: test,
            guest: 0, unknown: 0, no_success: 0, items: 0
        },
        {
            stage: 'first touch', source: successful, unknown_order: 0, late: 0, test: successful_test,
            guest: 0, unknown: 0, no_success: 0, items: 0
        },
        {
            stage: 'last touch', source: successful, unknown_order: 0, late: 0, test: successful_test,
            guest: 0, unknown: 0, no_success: 0, items: 0
        }
    ], recursive := true)
    from paid, sold, ordered, returned
)

select
    stage,
    coalesce(source, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as source_total,
    (
        coalesce(source, 0) - coalesce(unknown_order, 0) - coalesce(late, 0) - coalesce(test, 0)
        - coalesce(guest, 0) - coalesce(unknown, 0) - coalesce(no_success, 0) - coalesce(items, 0)
    )::decimal(16, 0) * 0.01::decimal(2, 2) as mart_total,
    coalesce(unknown_order, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as unknown_order_total,
    coalesce(late, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as after_as_of_date_total,
    coalesce(test, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as test_user_total,
    coalesce(guest, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as guest_total,
    coalesce(unknown, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as unknown_customer_total,
    coalesce(no_success, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as no_successful_order_total,
    coalesce(items, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as item_difference_total,
    -- What is shown is the rest here: nothing is left over.
    0::decimal(18, 2) as unexplained_total,
    (select day from as_of) as as_of_date
from stages
