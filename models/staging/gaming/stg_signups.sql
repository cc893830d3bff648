with raw_signups as (
    {{ raw_rows('lottery_raw', 'signups') }}
),

final as (
    select
        -- keys
        cast(signup_id as {{ dbt.type_string() }}) as signup_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,

        -- dimensions
        cast(country as {{ dbt.type_string() }}) as country,

        -- dates
        cast(signup_timestamp as {{ dbt.type_timestamp() }}) as signup_timestamp,
        cast(signup_timestamp as date) as signup_date
    from raw_signups
)

select * from final
