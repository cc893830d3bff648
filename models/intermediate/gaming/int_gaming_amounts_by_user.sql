with deposits as (
    select * from {{ ref('stg_deposits') }}
    where user_id is not null
),

-- Of all deposits, also those after the as-of date.
first_deposits as (
    {{ first_row_per_key(
        'deposits', 'user_id', ['deposit_amount_minor', 'deposit_timestamp'],
        ['deposit_timestamp', 'deposit_id']
    ) }}
),

-- Each source by itself: all rows in one table would be compared and grouped by stage, too.
amounts as (
    {% set deposited = from_minor_units('deposit_amount_minor') -%}
    {% for stage, relation, day, amount in [
        ('deposits', ref('stg_deposits'), 'deposit_date', deposited),
        ('first deposits', 'first_deposits', 'cast(deposit_timestamp as date)', deposited),
        ('purchases', ref('stg_ticket_purchases'), 'purchase_date', 'purchase_amount_usd'),
    ] -%}
    select
        '{{ stage }}' as stage,
        user_id,
        {{ day }} > {{ as_of_date('gaming') }} as is_late,
        sum({{ amount }}) as amount
    from {{ relation }}
    group by 2, 3
    union all
    {% endfor -%}
    select
        'web events' as stage,
        user_id,
        false as is_late,
        count(*) as amount
    from {{ ref('int_player_web_events') }}
    group by 2
    union all
    -- The model before has none of these. Whose they are makes no difference.
    select
        'web events' as stage,
        cast(null as {{ dbt.type_string() }}) as user_id,
        true as is_late,
        count(*) as amount
    from {{ ref('stg_web_events') }}
    where event_date > {{ as_of_date('gaming') }}
    having count(*) > 0
),

final as (
    select
        stage,
        user_id,
        is_late,
        cast(amount as {{ type_money() }}) as amount
    from amounts
)

select * from final
