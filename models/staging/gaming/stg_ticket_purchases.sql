with raw_ticket_purchases as (
    {{ raw_rows('lottery_raw', 'ticket_purchases') }}
),

final as (
    select
        -- keys
        cast(purchase_id as {{ dbt.type_string() }}) as purchase_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(game_id as {{ dbt.type_string() }}) as game_id,

        -- measures
        cast(coalesce(purchase_amount_usd, 0) as {{ type_money() }}) as purchase_amount_usd,

        -- dates
        cast(purchase_timestamp as {{ dbt.type_timestamp() }}) as purchase_timestamp,
        cast(purchase_timestamp as date) as purchase_date
    from raw_ticket_purchases
)

select * from final
