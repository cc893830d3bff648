with raw_refunds as (
    {{ raw_rows('dbt_production', 'refunds') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as refund_id,
        cast(order_id as {{ dbt.type_string() }}) as order_id,
        cast(user_id as {{ dbt.type_string() }}) as customer_id,

        -- measures
        {{ from_minor_units('amount') }} as refund_amount,

        -- dates
        cast(refunded_at as {{ dbt.type_timestamp() }}) as refunded_at,
        cast(refunded_at as date) as refund_date
    from raw_refunds
)

select * from final
