-- Each total from staging, by why it is not in the marts; what is there is 'shown'.
with players as (
    select * from {{ ref('int_players') }}
),

amounts_by_user as (
    select * from {{ ref('int_gaming_amounts_by_user') }}
),

event_totals as (
    select
        amounts_by_user.stage,
        case
            when amounts_by_user.is_late then 'after as-of date'
            when players.user_id is not null then 'shown'
            when amounts_by_user.stage = 'web events' and amounts_by_user.user_id is null
                then 'anonymous visitor'
            else 'unknown player'
        end as outcome,
        sum(amounts_by_user.amount) as total
    from amounts_by_user
    left join players
        on amounts_by_user.user_id = players.user_id
    group by 1, 2
),

signup_totals as (
    select
        'players' as stage,
        case
            when signups.signup_date > {{ as_of_date('gaming') }} then 'after as-of date'
            when signups.signup_id <> players.signup_id then 'repeated signup'
            else 'shown'
        end as outcome,
        count(*) as total
    from {{ ref('stg_signups') }} as signups
    left join players
        on signups.user_id = players.user_id
    group by 2
),

spend_totals as (
    select
        'ad spend' as stage,
        case
            when spend_date > {{ as_of_date('gaming') }} then 'after as-of date'
            else 'shown'
        end as outcome,
        sum(spend_usd) as total
    from {{ ref('stg_funnel_spend') }}
    group by 2
),

final as (
    {% for part in ['event_totals', 'signup_totals', 'spend_totals'] -%}
    select
        stage,
        outcome,
        cast(total as {{ type_money() }}) as total
    from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
