with raw_deposits as (
    {{ raw_rows('lottery_raw', 'deposits') }}
),

final as (
    select
        -- keys
        cast(deposit_id as {{ dbt.type_string() }}) as deposit_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,

        -- measures
        cast(coalesce(deposit_amount_inminor, 0) as {{ dbt.type_bigint() }})
            as deposit_amount_minor,

        -- dates
        cast(deposit_timestamp as {{ dbt.type_timestamp() }}) as deposit_timestamp,
        cast(deposit_timestamp as date) as deposit_date
    from raw_deposits
)

select * from final
