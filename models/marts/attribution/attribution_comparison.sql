{%- set models = journey_attribution_models() + ['markov_1', 'markov_2', 'markov_3'] %}

with summary as (
    select * from {{ ref('attribution_summary') }}
),

compared as (
    select
        journey_source,
        summary_level,
        channel,
        campaign_id,
        max(campaign_name) as campaign_name,
        max(spend_amount) as spend_amount,
        {% for model in models -%}
        max(case when attribution_model = '{{ model }}' then credited_conversions end)
            as {{ model }}_conversions,
        max(case when attribution_model = '{{ model }}' then credited_revenue end)
            as {{ model }}_revenue,
        {% endfor -%}
        min(credited_conversions) as least_conversions,
        max(credited_conversions) as most_conversions
    from summary
    group by 1, 2, 3, 4
),

final as (
    select
        cast(journey_source as {{ dbt.type_string() }}) as journey_source,
        cast(summary_level as {{ dbt.type_string() }}) as summary_level,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        {% for model in models -%}
        cast({{ model }}_conversions as {{ type_double() }}) as {{ model }}_conversions,
        cast({{ model }}_revenue as {{ type_money() }}) as {{ model }}_revenue,
        {% endfor -%}
        {{ safe_ratio('most_conversions - least_conversions', 'most_conversions') }}
            as model_disagreement_rate
    from compared
)

select * from final
