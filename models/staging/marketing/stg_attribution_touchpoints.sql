with raw_attribution_touchpoints as (
    {{ raw_rows('marketing_raw', 'attribution_touchpoints') }}
),

final as (
    select
        -- keys
        cast(touchpoint_id as {{ dbt.type_string() }}) as touchpoint_id,
        cast(session_id as {{ dbt.type_string() }}) as session_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,

        -- dimensions
        cast(channel as {{ dbt.type_string() }}) as channel,

        -- measures
        -- A position in words ('first') becomes null here and fails the not_null test: as text,
        -- 'middle' would sort after 'last'.
        {{ try_cast('touchpoint_position', dbt.type_bigint()) }} as touchpoint_position,

        -- dates
        cast(timestamp as {{ dbt.type_timestamp() }}) as touched_at,
        cast(timestamp as date) as touch_date
    from raw_attribution_touchpoints
)

select * from final
