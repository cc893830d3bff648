with scores as (
    select 1 as score
    {% for score in range(2, 6) %}
    union all
    select {{ score }} as score
    {% endfor %}
),

score_combinations as (
    select
        recency.score as recency_score,
        frequency.score as frequency_score,
        monetary.score as monetary_score
    from scores as recency
    cross join scores as frequency
    cross join scores as monetary
),

rules as (
    select * from {{ ref('rfm_segments') }}
),

rules_that_match as (
    select
        score_combinations.*,
        rules.customer_segment,
        row_number() over (
            partition by
                score_combinations.recency_score,
                score_combinations.frequency_score,
                score_combinations.monetary_score
            order by rules.priority nulls last
        ) as rule_position
    from score_combinations
    inner join rules
        on
            score_combinations.recency_score
            between rules.min_recency_score and rules.max_recency_score
            and score_combinations.frequency_score
            between rules.min_frequency_score and rules.max_frequency_score
            and score_combinations.monetary_score
            between rules.min_monetary_score and rules.max_monetary_score
),

final as (
    select
        recency_score,
        frequency_score,
        monetary_score,
        customer_segment,
        case
            when monetary_score >= 4 then 'high'
            when monetary_score = 3 then 'medium'
            else 'low'
        end as value_tier,
        case
            when recency_score >= 4 and frequency_score >= 3 then 'high'
            when recency_score >= 3 or frequency_score >= 3 then 'moderate'
            else 'low'
        end as engagement_level
    from rules_that_match
    where rule_position = 1
)

select * from final
