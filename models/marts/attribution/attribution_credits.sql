{%- set models = journey_attribution_models() %}

with touch_credits as (
    select * from {{ ref('int_attribution_touch_credits') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where
        is_enabled
        and markov_order is null
),

credits as (
    select
        touch_credits.*,
        models.attribution_model,
        case models.attribution_model
            {%- for model in models %}
            when '{{ model }}' then touch_credits.{{ model }}
            {%- endfor %}
        end as credit
    from touch_credits
    cross join models
),

final as (
    select
        cast(journey_source as {{ dbt.type_string() }}) as journey_source,
        cast(conversion_id as {{ dbt.type_string() }}) as conversion_id,
        cast(touch_id as {{ dbt.type_string() }}) as touch_id,
        cast(attribution_model as {{ dbt.type_string() }}) as attribution_model,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(touch_position as {{ dbt.type_bigint() }}) as touch_position,
        cast(credit as {{ type_double() }}) as credit,
        cast(credit * cast(revenue as {{ type_double() }}) as {{ type_double() }})
            as credited_revenue
    from credits
)

select * from final
