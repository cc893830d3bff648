-- Is every total of the raw tables in the marts, or counted as left out with a reason?
{{ config(enabled='marketing' in var('domains')) }}
-- depends_on: {{ ref('stg_campaigns_daily') }}
-- depends_on: {{ ref('stg_sessions') }}
-- depends_on: {{ ref('stg_conversions') }}
-- depends_on: {{ ref('stg_ad_creatives') }}
with raw_campaigns_daily as (
    {{ raw_rows('marketing_raw', 'campaigns_daily') }}
),

raw_sessions as (
    {{ raw_rows('marketing_raw', 'sessions') }}
),

raw_conversions as (
    {{ raw_rows('marketing_raw', 'conversions') }}
),

raw_ad_creatives as (
    {{ raw_rows('marketing_raw', 'ad_creatives') }}
),

{% if var('conversion_attribution_model') is none %}
counted_conversions as (
    select * from raw_conversions
),
{% else %}
models_of_conversions as (
    select
        conversion_id,
        min(coalesce(attribution_model, '')) as first_model,
        max(
            case
                when attribution_model = '{{ var('conversion_attribution_model') }}'
                    then attribution_model
            end
        ) as chosen_model
    from raw_conversions
    group by 1
),

counted_conversions as (
    select raw_conversions.*
    from raw_conversions
    inner join models_of_conversions
        on
            raw_conversions.conversion_id = models_of_conversions.conversion_id
            and coalesce(raw_conversions.attribution_model, '') = coalesce(
                models_of_conversions.chosen_model, models_of_conversions.first_model
            )
),
{% endif %}

-- One row each, even where a table is empty.
{% for relation, raw_columns, mart, mart_columns in [
    (
        'raw_campaigns_daily', ['impressions', 'clicks', 'spend'],
        'funnel_conversion_analysis', [
            'total_impressions', 'total_clicks', 'spend_amount', 'total_sessions',
            'total_conversions', 'revenue_amount'
        ]
    ),
    (
        'raw_ad_creatives', ['impressions', 'clicks', 'spend'],
        'creative_performance', ['impressions', 'clicks', 'spend']
    ),
    (
        'counted_conversions', ['conversion_value'],
        'customer_lifetime_value', ['total_revenue']
    ),
    ('raw_sessions', [], none, []),
] %}
{{ relation }}_totals as (
    select
        {% for column in raw_columns -%}
        coalesce(sum({{ column }}), 0) as {{ column }},
        {% endfor -%}
        count(*) as row_count
    from {{ relation }}
),

{% if mart %}
{{ mart }}_totals as (
    select
        {{ sum_columns(mart_columns) }}
    from {{ ref(mart) }}
),
{% endif %}
{% endfor %}

left_out as (
    select
        stage,
        sum(
            coalesce(no_campaign_total, 0)
            + coalesce(unknown_campaign_total, 0)
            + coalesce(no_user_total, 0)
            + coalesce(after_as_of_date_total, 0)
        ) as left_out_total
    from {{ ref('funnel_reconciliation') }}
    group by 1
),

totals as (
    {% for measure, raw_table, raw_column, mart, mart_column in [
        (
            'impressions', 'raw_campaigns_daily', 'impressions',
            'funnel_conversion_analysis', 'total_impressions'
        ),
        (
            'clicks', 'raw_campaigns_daily', 'clicks',
            'funnel_conversion_analysis', 'total_clicks'
        ),
        (
            'spend', 'raw_campaigns_daily', 'spend',
            'funnel_conversion_analysis', 'spend_amount'
        ),
        (
            'sessions', 'raw_sessions', 'row_count',
            'funnel_conversion_analysis', 'total_sessions'
        ),
        (
            'conversions', 'counted_conversions', 'row_count',
            'funnel_conversion_analysis', 'total_conversions'
        ),
        (
            'conversion value', 'counted_conversions', 'conversion_value',
            'funnel_conversion_analysis', 'revenue_amount'
        ),
        (
            'customer value', 'counted_conversions', 'conversion_value',
            'customer_lifetime_value', 'total_revenue'
        ),
        (
            'creative impressions', 'raw_ad_creatives', 'impressions',
            'creative_performance', 'impressions'
        ),
        (
            'creative clicks', 'raw_ad_creatives', 'clicks',
            'creative_performance', 'clicks'
        ),
        (
            'creative spend', 'raw_ad_creatives', 'spend',
            'creative_performance', 'spend'
        ),
    ] %}
    select
        '{{ measure }}' as measure,
        cast({{ raw_table }}_totals.{{ raw_column }} as {{ type_money() }}) as expected,
        cast(coalesce({{ mart }}_totals.{{ mart_column }}, 0) as {{ type_money() }})
            as mart_total
    from {{ raw_table }}_totals
    cross join {{ mart }}_totals
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (
    select
        totals.measure,
        totals.expected,
        totals.mart_total + coalesce(left_out.left_out_total, 0) as found
    from totals
    left join left_out
        on totals.measure = left_out.stage
)

select * from compared
where expected <> found
