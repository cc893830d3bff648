-- Each session is a touch.
{{ config(materialized='view', schema='marketing_raw', alias='attribution_touchpoints') }}

select
    session_id as touchpoint_id,
    session_id,
    user_id,
    campaign_id,
    channel,
    cast(
        row_number() over (partition by user_id order by session_start, session_id)
        as {{ dbt.type_bigint() }}
    ) as touchpoint_position,
    session_start as timestamp
from {{ ref('raw_sessions') }}
