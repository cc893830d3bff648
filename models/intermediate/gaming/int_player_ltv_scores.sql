with players as (
    select * from {{ ref('int_player_scores') }}
),

value_factors as (
    select
        value_factor,
        at_least,
        lead(at_least) over (order by at_least nulls last) as below
    from {{ ref('player_value_factors') }}
),

players_with_factors as (
    select
        players.*,
        coalesce(value_factors.value_factor, 0) as value_factor
    from players
    left join value_factors
        on {{ within_bounds(
            'players.predicted_annual_ltv', 'value_factors.at_least', 'value_factors.below'
        ) }}
),

final as (
    select
        *,
        -- Shares of the greatest sums, 3 and 4 scores of at most 5.
        {{ var('rfm_weight') }} * {{ safe_ratio('rfm_score', 15) }}
        + {{ var('behavioral_weight') }} * {{ safe_ratio('behavioral_score', 20) }}
        + {{ var('predicted_ltv_weight') }} * value_factor as ltv_score
    from players_with_factors
)

select * from final
