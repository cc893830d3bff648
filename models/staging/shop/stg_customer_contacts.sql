with raw_customer_contacts as (
    {{ raw_rows('dbt_production', 'customer_contacts') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as contact_id,
        cast(user_id as {{ dbt.type_string() }}) as customer_id,

        -- dimensions
        cast(action as {{ dbt.type_string() }}) as contact_action,

        -- dates
        cast(contacted_at as {{ dbt.type_timestamp() }}) as contacted_at,
        cast(contacted_at as date) as contact_date
    from raw_customer_contacts
)

select * from final
