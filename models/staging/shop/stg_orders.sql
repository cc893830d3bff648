with raw_orders as (
    {{ raw_rows('dbt_production', 'orders') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as order_id,
        cast(user_id as {{ dbt.type_string() }}) as customer_id,

        -- dimensions
        cast(status as {{ dbt.type_string() }}) as status,
        case
            when status in ('shipped', 'completed') then 'successful'
            when status in ('returned', 'return_pending') then 'returned'
            when status = 'placed' then 'pending'
            else 'unknown'
        end as order_status_group,
        cast(cycle_name as {{ dbt.type_string() }}) as product_name,

        -- dates
        {{ iso_day_of_week('cast(order_date as date)') }} as order_day_of_week,
        {{ iso_day_of_week('cast(order_date as date)') }} >= 6 as is_weekend,
        cast({{ dbt.date_trunc('month', 'cast(order_date as date)') }} as date) as order_month,
        cast({{ dbt.date_trunc('quarter', 'cast(order_date as date)') }} as date)
            as order_quarter,
        cast(order_date as date) as order_date
    from raw_orders
)

select * from final
