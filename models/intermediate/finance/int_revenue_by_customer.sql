{%- set window_start = dbt.dateadd('day', -90, as_of_date('shop')) -%}

-- Orders and refunds stacked, not joined: a customer with refunds only keeps them, nothing doubles.
with orders as (
    select * from {{ ref('orders') }}
    where buyer_type = 'customer'
),

refunds as (
    select
        *,
        {% if var('refund_basis') == 'order_date' %}
        -- A refund belongs to its order, as far as it has one.
        coalesce(order_date, refund_date)
        {%- elif var('refund_basis') == 'refund_date' -%}
        refund_date
        {%- else -%}
        {{ exceptions.raise_compiler_error(
            "var refund_basis is '" ~ var('refund_basis') ~ "'; give order_date or refund_date"
        ) }}
        {%- endif %} as counted_date
    from {{ ref('int_customer_refunds') }}
    where buyer_type = 'customer'
),

amounts as (
    select
        customer_id,
        order_date,
        1 as order_count,
        case when order_date > {{ window_start }} then 1 else 0 end as order_count_90d,
        amount as order_amount,
        case when order_date > {{ window_start }} then amount else 0 end as order_amount_90d,
        0 as refund_amount,
        0 as refund_amount_90d
    from orders
    union all
    select
        customer_id,
        cast(null as date) as order_date,
        0 as order_count,
        0 as order_count_90d,
        0 as order_amount,
        0 as order_amount_90d,
        refund_amount,
        case when counted_date > {{ window_start }} then refund_amount else 0 end
            as refund_amount_90d
    from refunds
),

final as (
    select
        customer_id,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        {{ sum_columns([
            'order_count', 'order_count_90d', 'order_amount', 'order_amount_90d', 'refund_amount',
            'refund_amount_90d'
        ]) }}
    from amounts
    group by 1
)

select * from final
