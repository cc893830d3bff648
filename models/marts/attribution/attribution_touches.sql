with touches as (
    select * from {{ ref('int_attribution_journeys') }}
),

final as (
    select
        cast(journey_source as {{ dbt.type_string() }}) as journey_source,
        cast(journey_id as {{ dbt.type_string() }}) as journey_id,
        cast(person_id as {{ dbt.type_string() }}) as person_id,
        cast(conversion_id as {{ dbt.type_string() }}) as conversion_id,
        coalesce(is_acquisition, false) as is_acquisition,
        cast(touch_id as {{ dbt.type_string() }}) as touch_id,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(touched_at as {{ dbt.type_timestamp() }}) as touched_at,
        cast(touch_position as {{ dbt.type_bigint() }}) as touch_position,
        cast(touch_count as {{ dbt.type_bigint() }}) as touch_count,
        cast(converted_at as {{ dbt.type_timestamp() }}) as converted_at,
        cast({{ dbt.datediff('touched_at', 'converted_at', 'day') }} as {{ dbt.type_bigint() }})
            as days_to_conversion,
        cast(revenue as {{ type_money() }}) as revenue
    from touches
)

select * from final
