-- Purchases. A page that is loaded again sends its purchase again: the first counts.
{{ config(materialized='view', schema='marketing_raw', alias='conversions') }}

with purchases as (
    select
        transaction_id,
        {{ dbt.concat(
            ['user_pseudo_id', "'.'", 'cast(ga_session_id as ' ~ dbt.type_string() ~ ')']
        ) }} as session_id,
        user_pseudo_id,
        purchase_revenue,
        {{ marketing_analytics.utc_timestamp('event_at') }} as purchased_at,
        row_number() over (
            partition by transaction_id order by event_at, user_pseudo_id
        ) as purchase_position
    from {{ source('ga4', 'events') }}
    where
        event_name = 'purchase'
        and transaction_id is not null
)

select
    transaction_id as conversion_id,
    session_id,
    cast(purchased_at as date) as date,
    user_pseudo_id as user_id,
    cast(null as {{ dbt.type_string() }}) as attributed_campaign_id,
    'last click of the session' as attribution_model,
    cast(purchase_revenue as {{ marketing_analytics.type_money() }}) as conversion_value,
    purchased_at as timestamp
from purchases
where purchase_position = 1
