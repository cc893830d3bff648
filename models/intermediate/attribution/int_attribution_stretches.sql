-- A person's touches fall into stretches: a conversion ends one, and so does staying away longer
-- than the look-back window. Touches that no conversion claims make a journey per stretch.
{%- set in_time -%}
partition by journey_source, person_id
            order by happened_at nulls last, is_conversion nulls last, event_id nulls last
{%- endset %}

with events as (
    select
        journey_source,
        person_id,
        touch_id as event_id,
        channel,
        campaign_id,
        touched_at as happened_at,
        touch_date as event_date,
        0 as is_conversion
    from {{ ref('int_attribution_raw_touches') }}
    union all
    select
        journey_source,
        person_id,
        conversion_id as event_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        converted_at as happened_at,
        conversion_date as event_date,
        1 as is_conversion
    from {{ ref('int_attribution_conversions') }}
    where person_id is not null
),

events_after_others as (
    select
        *,
        lag(event_date) over ({{ in_time }}) as previous_date,
        lag(is_conversion) over ({{ in_time }}) as is_previous_conversion
    from events
),

events_in_stretches as (
    select
        *,
        sum(
            case
                when is_conversion = 1 then 0
                when coalesce(is_previous_conversion, 1) = 1 then 1
                when
                    {{ dbt.datediff('previous_date', 'event_date', 'day') }}
                    > {{ var('attribution_lookback_days') }}
                    then 1
                else 0
            end
        ) over ({{ in_time }} rows between unbounded preceding and current row) as stretch_number
    from events_after_others
),

final as (
    select
        journey_source,
        person_id,
        stretch_number,
        event_id as touch_id,
        channel,
        campaign_id,
        happened_at as touched_at,
        event_date as touch_date
    from events_in_stretches
    where is_conversion = 0
)

select * from final
