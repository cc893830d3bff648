with players as (
    select * from {{ ref('int_players') }}
),

deposits as (
    select * from {{ ref('int_player_deposits') }}
),

purchases as (
    select * from {{ ref('int_player_purchases') }}
),

web_activity as (
    select * from {{ ref('int_player_web_activity') }}
),

classes as (
    select * from {{ ref('int_player_classes') }}
),

players_with_activity as (
    select
        players.*,
        deposits.first_deposit_timestamp,
        deposits.last_deposit_timestamp,
        deposits.first_deposit_amount_minor,
        purchases.first_purchase_timestamp,
        purchases.last_purchase_timestamp,
        web_activity.first_web_event_timestamp,
        web_activity.last_web_event_timestamp,
        coalesce(deposits.total_deposits, 0) as total_deposits,
        coalesce(deposits.total_deposit_amount_minor, 0) as total_deposit_amount_minor,
        coalesce(purchases.total_purchases, 0) as total_purchases,
        coalesce(purchases.total_purchase_amount_usd, 0) as total_purchase_amount_usd,
        coalesce(purchases.unique_games_played, 0) as unique_games_played,
        coalesce(purchases.high_jackpot_games_played, 0) as high_jackpot_games_played,
        coalesce(purchases.high_jackpot_spend_usd, 0) as high_jackpot_spend_usd,
        coalesce(web_activity.total_web_events, 0) as total_web_events,
        coalesce(web_activity.anonymous_web_event_count, 0) as anonymous_web_event_count,
        coalesce(web_activity.unique_campaigns_engaged, 0) as unique_campaigns_engaged
    from players
    left join deposits
        on players.user_id = deposits.user_id
    left join purchases
        on players.user_id = purchases.user_id
    left join web_activity
        on players.user_id = web_activity.user_id
),

players_with_classes as (
    select
        players_with_activity.*,
        segments.class_name as customer_segment,
        player_types.class_name as player_type
    from players_with_activity
    left join classes as segments
        on
            segments.classification = 'customer_segment'
            and {{ within_bounds(
                'players_with_activity.total_purchases', 'segments.at_least', 'segments.below'
            ) }}
    left join classes as player_types
        on
            player_types.classification = 'player_type'
            and {{ within_bounds(
                'players_with_activity.high_jackpot_games_played',
                'player_types.at_least',
                'player_types.below',
            ) }}
),

final as (
    select
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(country as {{ dbt.type_string() }}) as country,
        cast(signup_timestamp as {{ dbt.type_timestamp() }}) as signup_timestamp,
        cast(signup_date as date) as signup_date,
        cast(total_deposits as {{ dbt.type_bigint() }}) as total_deposits,
        cast(total_deposit_amount_minor as {{ dbt.type_bigint() }}) as total_deposit_amount_minor,
        cast(first_deposit_timestamp as {{ dbt.type_timestamp() }}) as first_deposit_timestamp,
        cast(last_deposit_timestamp as {{ dbt.type_timestamp() }}) as last_deposit_timestamp,
        {{ safe_ratio('total_deposit_amount_minor', 'total_deposits') }}
            as avg_deposit_amount_minor,
        cast(total_purchases as {{ dbt.type_bigint() }}) as total_purchases,
        cast(total_purchase_amount_usd as {{ type_money() }}) as total_purchase_amount_usd,
        cast(first_purchase_timestamp as {{ dbt.type_timestamp() }}) as first_purchase_timestamp,
        cast(last_purchase_timestamp as {{ dbt.type_timestamp() }}) as last_purchase_timestamp,
        {{ safe_ratio('total_purchase_amount_usd', 'total_purchases') }}
            as avg_purchase_amount_usd,
        cast(unique_games_played as {{ dbt.type_bigint() }}) as unique_games_played,
        cast(total_web_events as {{ dbt.type_bigint() }}) as total_web_events,
        cast(first_web_event_timestamp as {{ dbt.type_timestamp() }}) as first_web_event_timestamp,
        cast(last_web_event_timestamp as {{ dbt.type_timestamp() }}) as last_web_event_timestamp,
        cast(unique_campaigns_engaged as {{ dbt.type_bigint() }}) as unique_campaigns_engaged,
        cast(high_jackpot_games_played as {{ dbt.type_bigint() }}) as high_jackpot_games_played,
        cast(high_jackpot_spend_usd as {{ type_money() }}) as high_jackpot_spend_usd,
        -- What was bought or paid in before the signup is wrong data, not a fast player.
        cast(
            case
                when first_purchase_timestamp >= signup_timestamp
                    then {{ dbt.datediff('signup_timestamp', 'first_purchase_timestamp', 'day') }}
            end as {{ dbt.type_bigint() }}
        ) as days_to_first_purchase,
        cast(
            case
                when first_deposit_timestamp >= signup_timestamp
                    then {{ dbt.datediff('signup_timestamp', 'first_deposit_timestamp', 'day') }}
            end as {{ dbt.type_bigint() }}
        ) as days_to_first_deposit,
        cast(
            {{ dbt.datediff('signup_timestamp', 'first_web_event_timestamp', 'day') }}
            as {{ dbt.type_bigint() }}
        ) as days_to_first_web_event,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(player_type as {{ dbt.type_string() }}) as player_type,
        cast(first_deposit_amount_minor as {{ dbt.type_bigint() }}) as first_deposit_amount_minor,
        cast(anonymous_web_event_count as {{ dbt.type_bigint() }}) as anonymous_web_event_count,
        cast({{ as_of_date('gaming') }} as date) as as_of_date,
        {{ build_started_at() }} as dbt_updated_at
    from players_with_classes
)

select * from final
