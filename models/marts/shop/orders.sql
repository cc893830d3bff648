-- An incremental build reads refunds by their day. depends_on: {{ ref('stg_refunds') }}
{% if is_incremental() -%}
-- Days inside the look-back, and earlier ones of which an order was refunded inside of it.
with changed_days as (
    select order_date from {{ ref('stg_orders') }}
    where order_date > {{ lookback_start_date() }}
    union all
    select stg_orders.order_date
    from {{ ref('stg_orders') }} as stg_orders
    inner join {{ ref('stg_refunds') }} as late_refunds
        on stg_orders.order_id = late_refunds.order_id
    where late_refunds.refund_date > {{ lookback_start_date() }}
),

orders as (
    select * from {{ ref('stg_orders') }}
    where order_date in (select changed_days.order_date from changed_days)
),
{%- else -%}
with orders as (
    select * from {{ ref('stg_orders') }}
),
{%- endif %}

payments as (
    select * from {{ ref('stg_order_payments') }}
),

customers as (
    select * from {{ ref('stg_customers') }}
),

channels as (
    select * from {{ ref('int_channels_by_order_kind') }}
),

refunds as (
    select * from {{ ref('int_refunds_by_order') }}
),

orders_with_amounts as (
    select
        orders.*,
        {% for column in [
            'amount', 'credit_card_amount', 'coupon_amount', 'bank_transfer_amount',
            'gift_card_amount', 'other_amount', 'promotional_amount', 'payment_count',
        ] %}
        coalesce(payments.{{ column }}, 0) as {{ column }},
        {% endfor %}
        coalesce(payments.has_promotional_payment, false) as has_promotional_payment,
        coalesce(payments.amount, 0) > {{ var('email_order_amount') }} as is_high_value,
        case
            when orders.customer_id is null then 'guest'
            when customers.customer_id is null then 'unknown customer'
            when customers.is_test_user then 'test user'
            else 'customer'
        end as buyer_type,
        coalesce(refunds.refund_count, 0) as refund_count,
        orders.order_status_group = 'returned' and refunds.order_id is null
            as is_refund_assumed,
        -- A returned order has been paid back, even where nobody has entered the refund.
        case
            when orders.order_status_group = 'returned' and refunds.order_id is null
                then coalesce(payments.amount, 0)
            else coalesce(refunds.refund_amount, 0)
        end as refund_amount
    from orders
    left join payments
        on orders.order_id = payments.order_id
    left join customers
        on orders.customer_id = customers.customer_id
    left join refunds
        on orders.order_id = refunds.order_id
),

final as (
    select
        cast(amounts.order_id as {{ dbt.type_string() }}) as order_id,
        cast(amounts.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(amounts.order_date as date) as order_date,
        cast(amounts.status as {{ dbt.type_string() }}) as status,
        cast(amounts.credit_card_amount as {{ type_money() }}) as credit_card_amount,
        cast(amounts.coupon_amount as {{ type_money() }}) as coupon_amount,
        cast(amounts.bank_transfer_amount as {{ type_money() }}) as bank_transfer_amount,
        cast(amounts.gift_card_amount as {{ type_money() }}) as gift_card_amount,
        cast(amounts.amount as {{ type_money() }}) as amount,
        cast(amounts.other_amount as {{ type_money() }}) as other_amount,
        cast(amounts.promotional_amount as {{ type_money() }}) as promotional_amount,
        cast(amounts.payment_count as {{ dbt.type_bigint() }}) as payment_count,
        cast(amounts.order_status_group as {{ dbt.type_string() }}) as order_status_group,
        cast(amounts.product_name as {{ dbt.type_string() }}) as product_name,
        cast(amounts.order_month as date) as order_month,
        amounts.is_weekend,
        amounts.has_promotional_payment,
        cast(amounts.buyer_type as {{ dbt.type_string() }}) as buyer_type,
        cast(channels.attribution_channel as {{ dbt.type_string() }}) as attribution_channel,
        cast(amounts.refund_count as {{ dbt.type_bigint() }}) as refund_count,
        cast(amounts.refund_amount as {{ type_money() }}) as refund_amount,
        amounts.is_refund_assumed,
        cast(amounts.amount - amounts.refund_amount as {{ type_money() }}) as net_amount
    from orders_with_amounts as amounts
    left join channels
        on
            amounts.has_promotional_payment = channels.has_promotional_payment
            and amounts.is_weekend = channels.is_weekend
            and amounts.is_high_value = channels.is_high_value
    -- After the joins: DuckDB takes the filter for one that leaves a fifth of all orders, and would
    -- build its hash tables of orders rather than of what is looked up.
    where amounts.order_date <= {{ as_of_date('shop') }}
)

select * from final
