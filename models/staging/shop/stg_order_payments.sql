-- An incremental build asks for the as-of date. depends_on: {{ ref('int_shop_as_of_date') }}
with orders as (
    select * from {{ ref('stg_orders') }}
    {% if is_incremental() %}
    where order_date > {{ lookback_start_date() }}
    {% endif %}
),

payments as (
    select * from {{ ref('stg_payments') }}
),

orders_paid as (
    select
        orders.order_id,
        max(orders.order_date) as order_date,
        count(*) as payment_count,
        cast(sum(payments.amount) as {{ type_money() }}) as amount,
        {% for column, condition in [
            ('credit_card_amount', "payment_method = 'credit_card'"),
            ('bank_transfer_amount', "payment_method = 'bank_transfer'"),
            ('coupon_amount', "payment_method = 'coupon'"),
            ('gift_card_amount', "payment_method = 'gift_card'"),
            ('other_amount', "payment_category = 'unknown'"),
        ] -%}
        cast(
            sum(case when payments.{{ condition }} then payments.amount else 0 end)
            as {{ type_money() }}
        ) as {{ column }},
        {% endfor %}
        max(case when payments.is_promotional then 1 else 0 end) = 1 as has_promotional_payment
    from payments
    inner join orders
        on payments.order_id = orders.order_id
    group by 1
),

final as (
    select
        order_id,
        order_date,
        payment_count,
        amount,
        credit_card_amount,
        bank_transfer_amount,
        coupon_amount,
        gift_card_amount,
        other_amount,
        cast(coupon_amount + gift_card_amount as {{ type_money() }}) as promotional_amount,
        has_promotional_payment
    from orders_paid
)

select * from final
