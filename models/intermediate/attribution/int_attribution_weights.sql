-- Probabilities of the chains' steps. Two states are never left: -1 collects the conversions, -3
-- their revenue; a journey that ends without one (-2) is just gone.
with transitions as (
    select * from {{ ref('int_attribution_transitions') }}
),

state_totals as (
    select
        journey_source,
        markov_order,
        from_state,
        sum(journey_count) as journey_count
    from transitions
    group by 1, 2, 3
),

final as (
    select
        transitions.journey_source,
        transitions.markov_order,
        transitions.from_state,
        transitions.to_state,
        transitions.to_code_1,
        transitions.to_code_2,
        transitions.to_code_3,
        {{ safe_ratio('transitions.journey_count', 'state_totals.journey_count') }} as weight
    from transitions
    inner join state_totals
        on
            transitions.journey_source = state_totals.journey_source
            and transitions.markov_order = state_totals.markov_order
            and transitions.from_state = state_totals.from_state
    where transitions.to_state <> -2
    union all
    select
        transitions.journey_source,
        transitions.markov_order,
        transitions.from_state,
        -3 as to_state,
        0 as to_code_1,
        0 as to_code_2,
        0 as to_code_3,
        {{ safe_ratio('transitions.revenue', 'state_totals.journey_count') }} as weight
    from transitions
    inner join state_totals
        on
            transitions.journey_source = state_totals.journey_source
            and transitions.markov_order = state_totals.markov_order
            and transitions.from_state = state_totals.from_state
    where transitions.to_state = -1
    {% for state in [-1, -3] -%}
    union all
    select distinct
        journey_source,
        markov_order,
        {{ state }} as from_state,
        {{ state }} as to_state,
        0 as to_code_1,
        0 as to_code_2,
        0 as to_code_3,
        cast(1 as {{ type_double() }}) as weight
    from transitions
    {% endfor %}
)

select * from final
