with deposits as (
    select * from {{ ref('stg_deposits') }}
    where user_id is not null
),

-- Of all deposits, also those after the as-of date.
first_deposits as (
    {{ first_row_per_key(
        'deposits', 'user_id', ['deposit_amount_minor', 'deposit_date'],
        ['deposit_timestamp', 'deposit_id']
    ) }}
),

events as (
    select
        'deposits' as stage,
        user_id,
        deposit_date as event_date,
        {{ from_minor_units('deposit_amount_minor') }} as amount
    from {{ ref('stg_deposits') }}
    union all
    select
        'first deposits' as stage,
        user_id,
        deposit_date as event_date,
        {{ from_minor_units('deposit_amount_minor') }} as amount
    from first_deposits
    union all
    select
        'purchases' as stage,
        user_id,
        purchase_date as event_date,
        purchase_amount_usd as amount
    from {{ ref('stg_ticket_purchases') }}
    union all
    select
        'web events' as stage,
        user_id,
        cast(event_timestamp as date) as event_date,
        cast(1 as {{ type_money() }}) as amount
    from {{ ref('int_player_web_events') }}
    union all
    -- The model before has none of these.
    select
        'web events' as stage,
        user_id,
        event_date,
        cast(1 as {{ type_money() }}) as amount
    from {{ ref('stg_web_events') }}
    where event_date > {{ as_of_date('gaming') }}
),

final as (
    select
        stage,
        user_id,
        event_date > {{ as_of_date('gaming') }} as is_late,
        sum(amount) as amount
    from events
    group by 1, 2, 3
)

select * from final
