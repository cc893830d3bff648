-- Do the rules of players cover every player, and can each of them be reached?
{{ config(enabled='gaming' in var('domains')) }}

with classes as (
    select
        classification,
        min(at_least) as lowest
    from {{ ref('player_classes') }}
    group by 1
),

rules as (
    {% for seed, outcome, bounds in [
        ('player_promotion_rules', 'promotion_category',
            ['min_ltv_score', 'min_inactive_days', 'max_inactive_days']),
        ('player_risk_rules', 'risk_score', ['max_tenure_days', 'min_inactive_days']),
    ] %}
    select
        '{{ seed }}' as rule_table,
        priority,
        max(priority) over () as last_priority,
        {% for bound in bounds %}{{ bound }} is null and {% endfor %}true as matches_all
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

scores as (
    select
        score_name,
        score,
        coalesce(at_least, -at_most) as bound,
        lead(coalesce(at_least, -at_most)) over (partition by score_name order by score nulls last)
            as next_bound
    from {{ ref('player_scores') }}
),

problems as (
    select 'the lowest class of ' || classification || ' does not begin at 0' as problem
    from classes
    where lowest <> 0
    union all
    select rule_table || ' does not end with a rule that matches everybody' as problem
    from rules
    where matches_all <> (priority = last_priority)
    union all
    select
        score_name || ': the bound of ' || cast(score as {{ dbt.type_string() }})
        || ' is no wider than that of the next score' as problem
    from scores
    where bound >= next_bound
)

select * from problems
