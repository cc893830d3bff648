-- A customer's touches are the successful orders in time; a guest's order is a path of its own.
with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type <> 'test user'
),

customer_revenue as (
    select
        customer_id,
        successful_order_count,
        successful_revenue
    from {{ ref('int_customer_orders') }}
),

single_orders as (
    select
        attribution_channel,
        sum(amount) as revenue
    from orders
    where buyer_type <> 'customer'
    group by 1
),

first_touches as (
    select
        first_orders.attribution_channel,
        count(*) as new_customer_count,
        sum(case when customer_revenue.successful_order_count > 1 then 1 else 0 end)
            as repeat_customer_count,
        sum(customer_revenue.successful_revenue) as revenue
    from {{ ref('int_first_successful_orders') }} as first_orders
    inner join customer_revenue
        on first_orders.customer_id = customer_revenue.customer_id
    group by 1
),

last_touches as (
    select
        last_orders.attribution_channel,
        sum(customer_revenue.successful_revenue) as revenue
    from {{ ref('int_last_successful_orders') }} as last_orders
    inner join customer_revenue
        on last_orders.customer_id = customer_revenue.customer_id
    group by 1
),

channels as (
    select distinct attribution_channel from {{ ref('channel_rules') }}
),

final as (
    select
        channels.attribution_channel,
        coalesce(first_touches.new_customer_count, 0) as new_customer_count,
        coalesce(first_touches.repeat_customer_count, 0) as repeat_customer_count,
        coalesce(first_touches.revenue, 0) + coalesce(single_orders.revenue, 0)
            as first_touch_revenue,
        coalesce(last_touches.revenue, 0) + coalesce(single_orders.revenue, 0)
            as last_touch_revenue
    from channels
    left join first_touches
        on channels.attribution_channel = first_touches.attribution_channel
    left join last_touches
        on channels.attribution_channel = last_touches.attribution_channel
    left join single_orders
        on channels.attribution_channel = single_orders.attribution_channel
)

select * from final
