{%- set chosen_model = var('conversion_attribution_model') -%}

with raw_conversions as (
    {{ raw_rows('marketing_raw', 'conversions') }}
),

conversions_cast as (
    select
        -- keys
        cast(conversion_id as {{ dbt.type_string() }}) as conversion_id,
        cast(session_id as {{ dbt.type_string() }}) as session_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(attributed_campaign_id as {{ dbt.type_string() }}) as attributed_campaign_id,

        -- dimensions
        cast(attribution_model as {{ dbt.type_string() }}) as attribution_model,

        -- measures
        cast(coalesce(conversion_value, 0) as {{ type_money() }}) as conversion_value,

        -- dates
        cast(timestamp as {{ dbt.type_timestamp() }}) as converted_at,
        cast(timestamp as date) as conversion_date
    from raw_conversions
),

{% if chosen_model is not none %}
-- Raw holds one row per attribution model: revenue must count once. A conversion that the chosen
-- model does not know stays, credited to nobody. Equal ranks stay too: the key's test finds them.
conversions_ranked as (
    select
        *,
        rank() over (
            partition by conversion_id
            order by
                case when attribution_model = '{{ chosen_model }}' then 0 else 1 end nulls last,
                coalesce(attribution_model, '') nulls last
        ) as model_position
    from conversions_cast
),

conversions_picked as (
    select
        conversion_id,
        session_id,
        user_id,
        case when attribution_model = '{{ chosen_model }}' then attributed_campaign_id end
            as attributed_campaign_id,
        attribution_model,
        conversion_value,
        converted_at,
        conversion_date
    from conversions_ranked
    where model_position = 1
),
{% else %}
conversions_picked as (
    select * from conversions_cast
),
{% endif %}

final as (
    select
        conversion_id,
        session_id,
        user_id,
        attributed_campaign_id,
        attribution_model,
        case
            when conversion_value >= {{ var('high_conversion_value') }} then 'high'
            when conversion_value >= {{ var('medium_conversion_value') }} then 'medium'
            else 'low'
        end as conversion_value_tier,
        conversion_value,
        converted_at,
        conversion_date
    from conversions_picked
)

select * from final
