with raw_payments as (
    {{ raw_rows('dbt_production', 'payments') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as payment_id,
        cast(order_id as {{ dbt.type_string() }}) as order_id,

        -- dimensions
        cast(payment_method as {{ dbt.type_string() }}) as payment_method,
        case
            when payment_method = 'credit_card' then 'card'
            when payment_method = 'bank_transfer' then 'bank'
            when payment_method in ('coupon', 'gift_card') then 'promotional'
            else 'unknown'
        end as payment_category,
        coalesce(payment_method in ('coupon', 'gift_card'), false) as is_promotional,
        cast(cycle_name as {{ dbt.type_string() }}) as product_name,

        -- measures
        {{ from_minor_units('amount') }} as amount
    from raw_payments
)

select * from final
