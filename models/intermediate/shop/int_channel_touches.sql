-- A customer's revenue goes to two channels whole; a guest's order is a path of its own.
with touches as (
    select * from {{ ref('int_customer_touches') }}
),

single_orders as (
    select
        attribution_channel,
        sum(amount) as revenue
    from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type not in ('customer', 'test user')
    group by 1
),

first_touches as (
    select
        first_attribution_channel as attribution_channel,
        count(*) as new_customer_count,
        sum(case when touch_count > 1 then 1 else 0 end) as repeat_customer_count,
        sum(revenue) as revenue
    from touches
    group by 1
),

last_touches as (
    select
        last_attribution_channel as attribution_channel,
        sum(revenue) as revenue
    from touches
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
