with orders as (
    select
        orders.*,
        coalesce(buyers.successful_order_count, 0) > 0 as has_successful_order
    from {{ ref('orders') }} as orders
    left join {{ ref('int_customer_orders') }} as buyers
        on orders.customer_id = buyers.customer_id
),

item_differences as (
    select * from {{ ref('int_item_differences') }}
),

order_amounts as (
    select
        buyer_type,
        has_successful_order,
        sum(amount) as gross_total,
        sum(case when order_status_group = 'successful' then amount else 0 end)
            as successful_total
    from orders
    group by 1, 2
),

amounts as (
    {% for stage, measure, left_out in [
        ('customer value', 'gross', "'guest', 'unknown customer'"),
        ('segmentation', 'successful', "'guest', 'unknown customer', 'test user'"),
        ('products', 'gross', "'test user'"),
        ('cohorts', 'gross', "'guest', 'unknown customer', 'test user'"),
        ('attribution', 'gross', "'test user'"),
        ('first touch', 'successful', "'test user'"),
        ('last touch', 'successful', "'test user'"),
    ] -%}
    select
        '{{ stage }}' as stage,
        case
            when buyer_type in ({{ left_out }}) then buyer_type
            {% if stage == 'cohorts' %}
            when not has_successful_order then 'no successful order'
            {% endif %}
            else 'shown'
        end as outcome,
        {{ measure }}_total as total
    from order_amounts
    union all
    {% endfor %}
    select
        'products' as stage,
        'items differ' as outcome,
        total
    from item_differences
    union all
    -- What is counted as a difference is not shown.
    select
        'products' as stage,
        'shown' as outcome,
        -total as total
    from item_differences
),

final as (
    select
        stage,
        outcome,
        sum(total) as total
    from amounts
    group by 1, 2
)

select * from final
