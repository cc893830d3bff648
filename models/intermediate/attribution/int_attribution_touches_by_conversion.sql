-- Each conversion looks back over a window of its own, so a touch may lead to several conversions.
with touches as (
    select * from {{ ref('int_attribution_stretches') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

final as (
    select
        touches.journey_source,
        touches.person_id,
        case
            when conversions.conversion_id is not null
                then {{ dbt.concat(["'to '", 'conversions.conversion_id']) }}
            else {{ dbt.concat([
                'cast(touches.stretch_number as ' ~ dbt.type_string() ~ ')',
                "' of '",
                'touches.person_id',
            ]) }}
        end as journey_id,
        conversions.conversion_id,
        conversions.is_acquisition,
        conversions.revenue,
        conversions.converted_at,
        0 as no_touch_count,
        touches.touch_id,
        touches.channel,
        touches.campaign_id,
        touches.touched_at
    from touches
    left join conversions
        on
            touches.journey_source = conversions.journey_source
            and touches.person_id = conversions.person_id
            and touches.touched_at <= conversions.converted_at
            and touches.touch_date >= conversions.lookback_start_date
    union all
    -- One row without a touch per conversion, behind the touches: it stays where there are none.
    select
        journey_source,
        person_id,
        {{ dbt.concat(["'to '", 'conversion_id']) }} as journey_id,
        conversion_id,
        is_acquisition,
        revenue,
        converted_at,
        1 as no_touch_count,
        cast(null as {{ dbt.type_string() }}) as touch_id,
        '(none)' as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_timestamp() }}) as touched_at
    from conversions
)

select * from final
