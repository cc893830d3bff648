with orders as (
    select * from {{ ref('orders') }}
    where buyer_type <> 'test user'
),

touches as (
    select * from {{ ref('int_channel_touches') }}
),

orders_by_channel as (
    select
        attribution_channel,
        count(*) as order_count,
        sum(amount) as gross_revenue,
        {% for group in ['successful', 'pending', 'returned'] %}
        sum(case when order_status_group = '{{ group }}' then amount else 0 end)
            as {{ group }}_revenue,
        {% endfor %}
        sum(case when order_status_group = 'successful' then 1 else 0 end)
            as successful_order_count,
        sum(case when order_status_group = 'successful' then promotional_amount else 0 end)
            as promotional_amount
    from orders
    group by 1
),

final as (
    select
        touches.*,
        {% for column in [
            'order_count', 'gross_revenue', 'successful_revenue', 'pending_revenue',
            'returned_revenue', 'successful_order_count', 'promotional_amount',
        ] -%}
        coalesce(orders_by_channel.{{ column }}, 0) as {{ column }},
        {% endfor %}
        {{ safe_ratio(
            'orders_by_channel.successful_revenue', 'orders_by_channel.successful_order_count'
        ) }} as avg_order_value,
        {{ safe_ratio('touches.repeat_customer_count', 'touches.new_customer_count') }}
            as repeat_rate
    from touches
    left join orders_by_channel
        on touches.attribution_channel = orders_by_channel.attribution_channel
)

select * from final
