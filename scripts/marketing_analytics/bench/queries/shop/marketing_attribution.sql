-- What does each channel bring: orders, revenue of first and last touch, new customers, and is it worth it?
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

paid as (
    select
        order_id,
        sum(amount) as total,
        sum(amount) filter (payment_method in ('coupon', 'gift_card')) as promotional,
        bool_or(payment_method in ('coupon', 'gift_card')) as is_promotional
    from dbt_production.payments
    where order_id is not null
    group by all
),

-- Customers of their own have a touch; test users' orders are left out, those of guests stand alone.
sales as (
    select
        orders.id,
        customers.id as customer_id,
        order_date,
        status,
        coalesce(total, 0) as total,
        coalesce(promotional, 0) as promotional,
        case
            when is_promotional then 'Promotional Campaign'
            when isodow(order_date) >= 6 then 'Social Media'
            when total > 10000 then 'Email Marketing'
            else 'Organic'
        end as channel
    from dbt_production.orders
    left join paid on paid.order_id = orders.id
    left join dbt_production.customers on customers.id = orders.user_id
    where order_date <= current_date and is_test_user is not true
),

touches as (
    select
        count(*) as touches,
        sum(total) as revenue,
        arg_min(channel, (order_date, id)) as first_channel,
        arg_max(channel, (order_date, id)) as last_channel
    from sales
    where status in ('shipped', 'completed') and customer_id is not null
    group by customer_id
),

parts as (
    select
        channel,
        count(*) as orders,
        sum(total) as gross,
        count(*) filter (status in ('shipped', 'completed')) as successful_orders,
        sum(total) filter (status in ('shipped', 'completed')) as revenue,
        sum(total) filter (status = 'placed') as pending,
        sum(total) filter (status in ('returned', 'return_pending')) as returned,
        sum(promotional) filter (status in ('shipped', 'completed')) as promotional,
        0 as new_customers,
        0 as repeat_customers,
        sum(total) filter (status in ('shipped', 'completed') and customer_id is null) as first_touch,
        first_touch as last_touch
    from sales
    group by 1
    union all
    select first_channel, 0, 0, 0, 0, 0, 0, 0, count(*), count(*) filter (touches > 1), sum(revenue), 0
    from touches
    group by 1
    union all
    select last_channel, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(revenue)
    from touches
    group by 1
    union all
    select distinct attribution_channel, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from rules.channel_rules
),

channels as (
    select
        channel,
        sum(orders) as orders,
        coalesce(sum(gross), 0) as gross,
        sum(successful_orders) as successful_orders,
        coalesce(sum(parts.revenue), 0) as revenue,
        coalesce(sum(pending), 0) as pending,
        coalesce(sum(returned), 0) as returned,
        coalesce(sum(promotional), 0) as promotional,
        sum(new_customers) as new_customers,
        sum(repeat_customers) as repeat_customers,
        coalesce(sum(first_touch), 0) as first_touch,
        coalesce(sum(last_touch), 0) as last_touch,
        coalesce(sum(parts.revenue) / 100 / nullif(sum(successful_orders), 0), 0) as order_value,
        coalesce(sum(repeat_customers) / nullif(sum(new_customers), 0), 0) as repeat_rate
    from parts
    group by channel
),

scored as (
    select
        *,
        sum(revenue) over () as shop_revenue,
        (100 * (
            0.4 * coalesce(order_value / nullif(max(order_value) over (), 0), 0)
            + 0.3 * coalesce(repeat_rate / nullif(max(repeat_rate) over (), 0), 0)
            + 0.3 * coalesce(new_customers / nullif(max(new_customers) over (), 0), 0)
        ))::decimal(18, 9) as score
    from channels
)

select
    channel as attribution_channel,
    successful_orders::bigint as total_conversions,
    revenue::decimal(16, 0) * 0.01::decimal(2, 2) as total_revenue,
    score::double as channel_efficiency_score,
    channel_classification,
    optimization_recommendation,
    orders::bigint as order_count,
    pending::decimal(16, 0) * 0.01::decimal(2, 2) as pending_revenue,
    returned::decimal(16, 0) * 0.01::decimal(2, 2) as returned_revenue,
    gross::decimal(16, 0) * 0.01::decimal(2, 2) as gross_revenue,
    new_customers::bigint as new_customer_count,
    repeat_customers::bigint as repeat_customer_count,
    repeat_rate,
    first_touch::decimal(16, 0) * 0.01::decimal(2, 2) as first_touch_revenue,
    last_touch::decimal(16, 0) * 0.01::decimal(2, 2) as last_touch_revenue,
    order_value as avg_order_value,
    promotional::decimal(16, 0) * 0.01::decimal(2, 2) as promotional_amount,
    coalesce(promotional / nullif(revenue, 0), 0) as promotional_dependency_rate,
    promotional / 100 / nullif(new_customers, 0) as acquisition_cost_proxy,
    (revenue * 0.6::double - promotional) / nullif(promotional, 0) as channel_return_ratio,
    coalesce(revenue / nullif(shop_revenue, 0), 0) as revenue_share_rate,
    (select day from as_of) as as_of_date
from scored
-- The class without a bound is for channels without a successful order.
left join rules.channel_classes
    on coalesce(min_efficiency_score, -1) = coalesce(
        (
            select max(min_efficiency_score)
            from rules.channel_classes as reached
            where scored.score >= reached.min_efficiency_score and scored.successful_orders > 0
        ), -1
    )
