with scores as (
    select * from {{ ref('customer_ltv_scoring') }}
),

journeys as (
    select * from {{ ref('player_journeys') }}
),

tiers as (
    select * from {{ ref('int_player_classes') }}
    where classification = 'vip_tier'
),

players_by_tier as (
    select
        journeys.first_channel as channel,
        scores.vip_tier,
        count(*) as player_count,
        sum(scores.total_purchase_amount_usd) as total_purchase_amount_usd,
        sum(scores.total_deposit_amount_minor) as total_deposit_amount_minor,
        -- As decimals, because the sum of doubles depends on their order.
        sum(cast(scores.ltv_score as {{ type_decimal(18, 9) }})) as ltv_score
    from scores
    inner join journeys
        on scores.user_id = journeys.user_id
    group by 1, 2
),

channels as (
    select
        channel,
        sum(player_count) as channel_player_count
    from players_by_tier
    group by 1
),

final as (
    select
        cast(channels.channel as {{ dbt.type_string() }}) as channel,
        cast(tiers.class_name as {{ dbt.type_string() }}) as vip_tier,
        cast(coalesce(players.player_count, 0) as {{ dbt.type_bigint() }}) as player_count,
        {{ safe_ratio('players.player_count', 'channels.channel_player_count') }} as player_rate,
        cast(coalesce(players.total_purchase_amount_usd, 0) as {{ type_money() }})
            as total_purchase_amount_usd,
        cast(coalesce(players.total_deposit_amount_minor, 0) as {{ dbt.type_bigint() }})
            as total_deposit_amount_minor,
        {{ safe_ratio('players.ltv_score', 'players.player_count', otherwise='null') }}
            as avg_ltv_score,
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from channels
    cross join tiers
    left join players_by_tier as players
        on
            channels.channel = players.channel
            and tiers.class_name = players.vip_tier
)

select * from final
