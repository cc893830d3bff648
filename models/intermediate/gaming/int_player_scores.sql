{%- set measures = [
    ('recency', 'days_since_last_activity', '<=', 'at_most'),
    ('frequency', 'purchases_per_month', '>=', 'at_least'),
    ('monetary', 'avg_purchase_amount_usd', '>=', 'at_least'),
    ('high_jackpot', 'high_jackpot_games_played', '>=', 'at_least'),
    ('game_variety', 'unique_games_played', '>=', 'at_least'),
    ('deposit_behavior', 'total_deposits', '>=', 'at_least'),
    ('quick_conversion', 'days_to_first_purchase', '<=', 'at_most'),
] -%}

with players as (
    select * from {{ ref('int_player_behavior') }}
),

rules as (
    select * from {{ ref('player_scores') }}
),

-- All bounds in one row, so that a player is compared with them and joined with nothing.
bounds as (
    select
        {% for name, _, _, bound in measures -%}
        {% for score in [5, 4, 3, 2] -%}
        max(case when score_name = '{{ name }}' and score = {{ score }} then {{ bound }} end)
            as {{ name }}_{{ score }},
        {% endfor -%}
        {% endfor -%}
        count(*) as rule_count
    from rules
),

players_scored as (
    select
        {% for name, measure, comparison, _ in measures -%}
        case
            {% if name == 'quick_conversion' -%}
            when players.days_to_first_purchase is null then 0
            {% endif -%}
            {% for score in [5, 4, 3, 2] -%}
            when players.{{ measure }} {{ comparison }} bounds.{{ name }}_{{ score }}
                then {{ score }}
            {% endfor -%}
            else 1
        end as {{ name }}_score,
        {% endfor -%}
        players.user_id,
        players.customer_tenure_days,
        players.days_since_last_activity,
        players.purchases_per_month,
        players.predicted_annual_ltv
    from players
    cross join bounds
),

final as (
    select
        *,
        recency_score + frequency_score + monetary_score as rfm_score,
        high_jackpot_score + game_variety_score + deposit_behavior_score
        + quick_conversion_score as behavioral_score
    from players_scored
)

select * from final
