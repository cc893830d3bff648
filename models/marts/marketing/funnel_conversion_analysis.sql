with verdicts as (
    select * from {{ ref('int_campaign_verdicts') }}
),

campaign_actions as (
    select * from {{ ref('campaign_actions') }}
),

comparisons as (
    {{ compared_with_the_rest('verdicts', 'campaign_id', {
        'click_through': ('total_clicks', 'total_impressions'),
        'session_to_conversion': ('total_conversions', 'total_sessions'),
    }) }}
),

verdicts_joined_to_actions as (
    select
        verdicts.*,
        {% for rate in ['click_through', 'session_to_conversion'] %}
        comparisons.{{ rate }}_difference,
        comparisons.{{ rate }}_difference_lower_bound,
        comparisons.{{ rate }}_difference_upper_bound,
        comparisons.{{ rate }}_p_value,
        comparisons.{{ rate }}_comparison,
        {% endfor %}
        campaign_actions.recommended_action,
        campaign_actions.recommended_action_reason
    from verdicts
    inner join comparisons
        on verdicts.campaign_id = comparisons.campaign_id
    left join campaign_actions
        on
            case when verdicts.is_rated then 'rated' else 'too_little' end
            = campaign_actions.evidence
            and case when verdicts.is_leak_significant then verdicts.leak_step else 'none' end
            = campaign_actions.leak_step
            and verdicts.return_band = campaign_actions.return_band
),

final as (
    select
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(total_impressions as {{ dbt.type_bigint() }}) as total_impressions,
        cast(total_clicks as {{ dbt.type_bigint() }}) as total_clicks,
        cast(total_sessions as {{ dbt.type_bigint() }}) as total_sessions,
        cast(total_conversions as {{ dbt.type_bigint() }}) as total_conversions,
        cast(click_through_rate as {{ type_double() }}) as click_through_rate,
        cast(click_to_session_rate as {{ type_double() }}) as click_to_session_rate,
        cast(session_to_conversion_rate as {{ type_double() }}) as session_to_conversion_rate,
        cast(overall_funnel_efficiency as {{ type_double() }}) as overall_funnel_efficiency,
        cast(funnel_efficiency_score as {{ type_double() }}) as funnel_efficiency_score,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        {{ safe_ratio('spend_amount', 'total_clicks', otherwise='null') }} as cost_per_click,
        {{ safe_ratio('spend_amount', 'total_conversions', otherwise='null') }}
            as cost_per_acquisition,
        cast(return_on_ad_spend_ratio as {{ type_double() }}) as return_on_ad_spend_ratio,
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
        cast(leak_step as {{ dbt.type_string() }}) as leak_step,
        cast(leak_step_rate as {{ type_double() }}) as leak_step_rate,
        cast(leak_median_rate as {{ type_double() }}) as leak_median_rate,
        cast(leak_lost_conversions as {{ type_double() }}) as leak_lost_conversions,
        cast(leak_lost_revenue as {{ type_double() }}) as leak_lost_revenue,
        is_leak_significant,
        is_high_click_through_low_conversion,
        is_rated,
        cast(return_band as {{ dbt.type_string() }}) as return_band,
        cast(recommended_action as {{ dbt.type_string() }}) as recommended_action,
        cast(recommended_action_reason as {{ dbt.type_string() }}) as recommended_action_reason,
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
    from verdicts_joined_to_actions
)

select * from final
