-- Does a rule of next_best_actions match every customer of a state, and is it the last one of it?
{{ config(enabled='shop' in var('domains') or 'finance' in var('domains')) }}
with states as (
    select
        customer_state,
        max(priority) as last_priority,
        max(
            case
                when
                    repeat_count_at_least is null
                    and churn_probability_at_least is null
                    and value_12m_at_least is null
                    then priority
            end
        ) as open_priority,
        min(
            case
                when
                    repeat_count_at_least is null
                    and churn_probability_at_least is null
                    and value_12m_at_least is null
                    then priority
            end
        ) as first_open_priority
    from {{ ref('next_best_actions') }}
    group by 1
),

counted as (
    select count(*) as state_count
    from states
),

problems as (
    select 'the last rule of each state must be its only one without bounds' as problem
    from states
    where
        open_priority is null
        or open_priority <> last_priority
        or first_open_priority <> last_priority
    union all
    select 'there must be rules for three states' as problem
    from counted
    where state_count <> 3
)

select * from problems
