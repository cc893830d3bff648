with raw_customers as (
    {{ raw_rows('dbt_production', 'customers') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as customer_id,

        -- dimensions
        cast(first_name as {{ dbt.type_string() }}) as first_name,
        cast(last_name as {{ dbt.type_string() }}) as last_name,
        coalesce(cast(is_test_user as {{ dbt.type_boolean() }}), false) as is_test_user
    from raw_customers
)

select * from final
