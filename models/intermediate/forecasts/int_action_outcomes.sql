{%- set last_day = dbt.dateadd('day', var('action_outcome_days'), 'first_date') -%}

with history as (
    select * from {{ ref('next_best_action_history') }}
),

contacts as (
    select * from {{ ref('stg_customer_contacts') }}
),

orders as (
    select * from {{ ref('orders') }}
    where order_status_group = 'successful'
),

-- The first time that a customer was to be told something: later ones are no second customer.
first_actions as (
    select
        customer_id,
        next_action,
        min(as_of_date) as first_date,
        max(case when is_holdout then 1 else 0 end) as holdout_count
    from history
    group by 1, 2
),

-- Only where the time to work is over.
finished_actions as (
    select
        customer_id,
        next_action,
        first_date,
        holdout_count,
        cast({{ last_day }} as date) as last_date
    from first_actions
    where cast({{ last_day }} as date) <= {{ as_of_date('shop') }}
),

events as (
    select
        customer_id,
        order_date as event_date,
        1 as order_count,
        amount as order_amount,
        0 as contact_count
    from orders
    union all
    select
        customer_id,
        contact_date as event_date,
        0 as order_count,
        0 as order_amount,
        1 as contact_count
    from contacts
),

final as (
    select
        actions.customer_id,
        actions.next_action,
        actions.first_date,
        actions.last_date,
        actions.holdout_count,
        max(coalesce(events.order_count, 0)) as buyer_count,
        sum(coalesce(events.order_amount, 0)) as order_amount,
        max(coalesce(events.contact_count, 0)) as contacted_count
    from finished_actions as actions
    left join events
        on
            actions.customer_id = events.customer_id
            and actions.first_date < events.event_date
            and actions.last_date >= events.event_date
    group by 1, 2, 3, 4, 5
)

select * from final
