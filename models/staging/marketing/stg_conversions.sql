with raw_conversions as (
    {{ raw_rows('marketing_raw', 'conversions') }}
),

final as (
    select
        -- keys
        cast(conversion_id as {{ dbt.type_string() }}) as conversion_id,
        cast(session_id as {{ dbt.type_string() }}) as session_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(attributed_campaign_id as {{ dbt.type_string() }}) as attributed_campaign_id,

        -- dimensions
        cast(attribution_model as {{ dbt.type_string() }}) as attribution_model,
        case
            when conversion_value >= {{ var('high_conversion_value') }} then 'high'
            when conversion_value >= {{ var('medium_conversion_value') }} then 'medium'
            else 'low'
        end as conversion_value_tier,

        -- measures
        cast(coalesce(conversion_value, 0) as {{ type_money() }}) as conversion_value,

        -- dates
        cast(timestamp as {{ dbt.type_timestamp() }}) as converted_at,
        cast(timestamp as date) as conversion_date
    from raw_conversions
    {% if var('conversion_attribution_model') is not none %}
    -- Raw holds one row per attribution model: revenue must count once.
    where attribution_model = '{{ var('conversion_attribution_model') }}'
    {% endif %}
)

select * from final
