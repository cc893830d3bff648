with players as (
    select * from {{ ref('dim_customer') }}
),

scores as (
    select * from {{ ref('int_player_ltv_scores') }}
),

tiers as (
    select * from {{ ref('int_player_classes') }}
    where classification = 'vip_tier'
),

promotion_rules as (
    select * from {{ ref('player_promotion_rules') }}
),

risk_rules as (
    select * from {{ ref('player_risk_rules') }}
),

promotions_that_match as (
    select
        scores.user_id,
        promotion_rules.priority,
        promotion_rules.promotion_category
    from scores
    inner join promotion_rules
        on
            (
                promotion_rules.min_ltv_score is null
                or scores.ltv_score >= promotion_rules.min_ltv_score
            )
            and (
                promotion_rules.min_inactive_days is null
                or scores.days_since_last_activity >= promotion_rules.min_inactive_days
            )
            and (
                promotion_rules.max_inactive_days is null
                or scores.days_since_last_activity <= promotion_rules.max_inactive_days
            )
),

promotions as (
    {{ first_row_per_key(
        'promotions_that_match', 'user_id', ['promotion_category'], ['priority']
    ) }}
),

risks_that_match as (
    select
        scores.user_id,
        risk_rules.priority,
        risk_rules.risk_score
    from scores
    inner join risk_rules
        on
            (
                risk_rules.max_tenure_days is null
                or scores.customer_tenure_days <= risk_rules.max_tenure_days
            )
            and (
                risk_rules.min_inactive_days is null
                or scores.days_since_last_activity >= risk_rules.min_inactive_days
            )
),

risks as (
    {{ first_row_per_key('risks_that_match', 'user_id', ['risk_score'], ['priority']) }}
),

final as (
    select
        cast(players.user_id as {{ dbt.type_string() }}) as user_id,
        cast(players.country as {{ dbt.type_string() }}) as country,
        cast(players.signup_date as date) as signup_date,
        cast(players.total_deposits as {{ dbt.type_bigint() }}) as total_deposits,
        cast(players.total_deposit_amount_minor as {{ dbt.type_bigint() }})
            as total_deposit_amount_minor,
        cast(players.total_purchases as {{ dbt.type_bigint() }}) as total_purchases,
        cast(players.total_purchase_amount_usd as {{ type_money() }}) as total_purchase_amount_usd,
        cast(players.unique_games_played as {{ dbt.type_bigint() }}) as unique_games_played,
        cast(players.high_jackpot_games_played as {{ dbt.type_bigint() }})
            as high_jackpot_games_played,
        cast(players.high_jackpot_spend_usd as {{ type_money() }}) as high_jackpot_spend_usd,
        {% for score in [
            'recency', 'frequency', 'monetary', 'rfm', 'high_jackpot', 'game_variety',
            'deposit_behavior', 'quick_conversion', 'behavioral'
        ] -%}
        cast(scores.{{ score }}_score as {{ dbt.type_int() }}) as {{ score }}_score,
        {% endfor -%}
        cast(scores.predicted_annual_ltv as {{ type_double() }}) as predicted_annual_ltv,
        cast(scores.ltv_score as {{ type_double() }}) as ltv_score,
        cast(risks.risk_score as {{ dbt.type_int() }}) as risk_score,
        cast(tiers.class_name as {{ dbt.type_string() }}) as vip_tier,
        cast(promotions.promotion_category as {{ dbt.type_string() }}) as promotion_category,
        cast(players.customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(players.player_type as {{ dbt.type_string() }}) as player_type,
        cast(scores.days_since_last_activity as {{ dbt.type_bigint() }})
            as days_since_last_activity,
        cast(scores.customer_tenure_days as {{ dbt.type_bigint() }}) as customer_tenure_days,
        cast(scores.purchases_per_month as {{ type_double() }}) as purchases_per_month,
        cast(players.avg_purchase_amount_usd as {{ type_double() }}) as avg_spend_per_purchase_usd,
        cast(scores.value_factor as {{ type_double() }}) as value_factor,
        cast(players.as_of_date as date) as as_of_date,
        {{ build_started_at() }} as dbt_updated_at
    from players
    inner join scores
        on players.user_id = scores.user_id
    left join tiers
        on {{ within_bounds('scores.ltv_score', 'tiers.at_least', 'tiers.below') }}
    left join promotions
        on players.user_id = promotions.user_id
    left join risks
        on players.user_id = risks.user_id
)

select * from final
