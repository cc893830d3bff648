with stages as (
    select * from {{ ref('int_funnel_stages_by_channel') }}
),

comparisons as (
    {{ compared_with_the_rest('stages', 'channel', {
        'click_through': ('total_clicks', 'total_impressions'),
        'session_to_conversion': ('total_conversions', 'total_sessions'),
    }) }}
),

stages_compared as (
    select
        {% for rate in ['click_through', 'session_to_conversion'] %}
        comparisons.{{ rate }}_difference,
        comparisons.{{ rate }}_difference_lower_bound,
        comparisons.{{ rate }}_difference_upper_bound,
        comparisons.{{ rate }}_p_value,
        comparisons.{{ rate }}_comparison,
        {% endfor %}
        stages.*
    from stages
    inner join comparisons
        on stages.channel = comparisons.channel
),

final as (
    select
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(total_impressions as {{ dbt.type_bigint() }}) as total_impressions,
        cast(total_clicks as {{ dbt.type_bigint() }}) as total_clicks,
        cast(total_sessions as {{ dbt.type_bigint() }}) as total_sessions,
        cast(total_conversions as {{ dbt.type_bigint() }}) as total_conversions,
        {{ safe_ratio('total_clicks', 'total_impressions') }} as click_through_rate,
        {{ safe_ratio('total_sessions', 'total_clicks') }} as click_to_session_rate,
        {{ safe_ratio('total_conversions', 'total_sessions') }} as session_to_conversion_rate,
        {{ safe_ratio('total_conversions', 'total_impressions') }} as overall_funnel_efficiency,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        {{ safe_ratio('spend_amount', 'total_clicks', otherwise='null') }} as cost_per_click,
        {{ safe_ratio('spend_amount', 'total_conversions', otherwise='null') }}
            as cost_per_acquisition,
        {{ safe_ratio('revenue_amount', 'spend_amount', otherwise='null') }}
            as return_on_ad_spend_ratio,
        {{ lost_count('total_impressions', 'total_clicks') }} as impression_to_click_lost_count,
        {{ lost_rate('total_impressions', 'total_clicks') }} as impression_to_click_lost_rate,
        {{ lost_count('total_clicks', 'total_sessions') }} as click_to_session_lost_count,
        {{ lost_rate('total_clicks', 'total_sessions') }} as click_to_session_lost_rate,
        {{ lost_count('total_sessions', 'total_conversions') }}
            as session_to_conversion_lost_count,
        {{ lost_rate('total_sessions', 'total_conversions') }}
            as session_to_conversion_lost_rate,
        {{ wilson_bound('total_clicks', 'total_impressions', 'lower') }}
            as click_through_lower_bound,
        {{ wilson_bound('total_clicks', 'total_impressions', 'upper') }}
            as click_through_upper_bound,
        {{ wilson_bound('total_sessions', 'total_clicks', 'lower') }}
            as click_to_session_lower_bound,
        {{ wilson_bound('total_sessions', 'total_clicks', 'upper') }}
            as click_to_session_upper_bound,
        {{ wilson_bound('total_conversions', 'total_sessions', 'lower') }}
            as session_to_conversion_lower_bound,
        {{ wilson_bound('total_conversions', 'total_sessions', 'upper') }}
            as session_to_conversion_upper_bound,
        {{ wilson_bound('total_conversions', 'total_impressions', 'lower') }}
            as overall_funnel_lower_bound,
        {{ wilson_bound('total_conversions', 'total_impressions', 'upper') }}
            as overall_funnel_upper_bound,
        {% for rate in ['click_through', 'session_to_conversion'] %}
        cast({{ rate }}_difference as {{ type_double() }}) as {{ rate }}_difference,
        cast({{ rate }}_difference_lower_bound as {{ type_double() }})
            as {{ rate }}_difference_lower_bound,
        cast({{ rate }}_difference_upper_bound as {{ type_double() }})
            as {{ rate }}_difference_upper_bound,
        cast({{ rate }}_p_value as {{ type_double() }}) as {{ rate }}_p_value,
        cast({{ rate }}_comparison as {{ dbt.type_string() }}) as {{ rate }}_comparison,
        {% endfor %}
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from stages_compared
)

select * from final
