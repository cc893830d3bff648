with players as (
    select * from {{ ref('dim_customer') }}
),

journeys as (
    select * from {{ ref('player_journeys') }}
),

channel_parts as (
    select
        journeys.first_channel as channel,
        1 as player_count,
        case when players.total_purchases > 0 then 1 else 0 end as buyer_count,
        case when players.high_jackpot_games_played > 0 then 1 else 0 end
            as high_jackpot_player_count,
        players.high_jackpot_spend_usd,
        players.total_purchase_amount_usd,
        cast(0 as {{ type_money() }}) as spend_usd
    from journeys
    inner join players
        on journeys.user_id = players.user_id
    union all
    select
        channel,
        0 as player_count,
        0 as buyer_count,
        0 as high_jackpot_player_count,
        0 as high_jackpot_spend_usd,
        0 as total_purchase_amount_usd,
        spend_usd
    from {{ ref('int_gaming_campaigns') }}
),

channels as (
    select
        channel,
        {{ sum_columns([
            'player_count', 'buyer_count', 'high_jackpot_player_count', 'high_jackpot_spend_usd',
            'total_purchase_amount_usd', 'spend_usd',
        ]) }}
    from channel_parts
    group by 1
),

final as (
    select
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(player_count as {{ dbt.type_bigint() }}) as player_count,
        cast(buyer_count as {{ dbt.type_bigint() }}) as buyer_count,
        cast(high_jackpot_player_count as {{ dbt.type_bigint() }}) as high_jackpot_player_count,
        {{ safe_ratio('high_jackpot_player_count', 'player_count') }} as high_jackpot_player_rate,
        {% for side in ['lower', 'upper'] -%}
        {{ wilson_bound('high_jackpot_player_count', 'player_count', side) }}
            as high_jackpot_player_rate_{{ side }}_bound,
        {% endfor -%}
        cast(high_jackpot_spend_usd as {{ type_money() }}) as high_jackpot_spend_usd,
        {{ safe_ratio('high_jackpot_spend_usd', 'total_purchase_amount_usd') }}
            as high_jackpot_spend_rate,
        {{ safe_ratio('high_jackpot_spend_usd', 'high_jackpot_player_count', otherwise='null') }}
            as spend_per_high_jackpot_player_usd,
        cast(spend_usd as {{ type_money() }}) as ad_spend_usd,
        {{ safe_ratio('spend_usd', 'high_jackpot_player_count', otherwise='null') }}
            as cost_per_high_jackpot_player_usd,
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from channels
)

select * from final
