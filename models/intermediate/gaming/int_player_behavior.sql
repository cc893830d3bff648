with players as (
    select
        *,
        -- In three orders, because some engines have no greatest of a null.
        greatest(
            coalesce(last_purchase_timestamp, last_deposit_timestamp, last_web_event_timestamp),
            coalesce(last_deposit_timestamp, last_web_event_timestamp, last_purchase_timestamp),
            coalesce(last_web_event_timestamp, last_purchase_timestamp, last_deposit_timestamp)
        ) as last_activity_timestamp,
        {{ dbt.datediff('signup_date', 'as_of_date', 'day') }} as customer_tenure_days
    from {{ ref('dim_customer') }}
),

players_with_rated_tenure as (
    select
        *,
        cast(coalesce(last_activity_timestamp, signup_timestamp) as date) as last_activity_date,
        -- A player of one day has no yearly value yet.
        greatest(customer_tenure_days, {{ var('min_rated_tenure_days') }}) as rated_tenure_days
    from players
),

final as (
    select
        user_id,
        total_deposits,
        avg_purchase_amount_usd,
        unique_games_played,
        high_jackpot_games_played,
        days_to_first_purchase,
        customer_tenure_days,
        {{ dbt.datediff('last_activity_date', 'as_of_date', 'day') }}
            as days_since_last_activity,
        -- A month of 30 days, a year of 365.
        {{ safe_ratio('total_purchases * 30', 'rated_tenure_days') }} as purchases_per_month,
        {{ safe_ratio('total_purchase_amount_usd * 365', 'rated_tenure_days') }}
            as predicted_annual_ltv
    from players_with_rated_tenure
)

select * from final
