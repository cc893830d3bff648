with leaks as (
    select * from {{ ref('int_funnel_leaks_by_campaign') }}
),

worst_steps as (
    select
        *,
        {{ safe_ratio('total_conversions', 'total_impressions') }} as overall_funnel_efficiency,
        {{ safe_ratio('sum(revenue_amount) over ()', 'sum(total_conversions) over ()') }}
            as average_conversion_value,
        case
            when
                conversions_lost_before_click > 0
                and conversions_lost_before_click >= conversions_lost_before_session
                and conversions_lost_before_click >= conversions_lost_before_conversion
                then 'impression_to_click'
            when
                conversions_lost_before_session > 0
                and conversions_lost_before_session >= conversions_lost_before_conversion
                then 'click_to_session'
            when conversions_lost_before_conversion > 0 then 'session_to_conversion'
            else 'none'
        end as leak_step
    from leaks
),

worst_steps_measured as (
    select
        *,
        case leak_step
            when 'impression_to_click' then click_through_rate
            when 'click_to_session' then click_to_session_rate
            when 'session_to_conversion' then session_to_conversion_rate
        end as leak_step_rate,
        case leak_step
            when 'impression_to_click' then median_click_through_rate
            when 'click_to_session' then median_click_to_session_rate
            when 'session_to_conversion' then median_session_to_conversion_rate
        end as leak_median_rate,
        case leak_step
            when 'impression_to_click'
                then {{ wilson_bound('total_clicks', 'total_impressions', 'upper') }}
            when 'click_to_session'
                then {{ wilson_bound('total_sessions', 'total_clicks', 'upper') }}
            when 'session_to_conversion'
                then {{ wilson_bound('total_conversions', 'total_sessions', 'upper') }}
        end as leak_upper_bound,
        case leak_step
            when 'impression_to_click' then conversions_lost_before_click
            when 'click_to_session' then conversions_lost_before_session
            else conversions_lost_before_conversion
        end as leak_lost_conversions,
        case
            when total_conversions > 0
                then {{ safe_ratio('revenue_amount', 'total_conversions') }}
            else average_conversion_value
        end as value_per_lost_conversion
    from worst_steps
),

final as (
    select
        *,
        leak_lost_conversions * value_per_lost_conversion as leak_lost_revenue,
        coalesce(leak_upper_bound < leak_median_rate, false) as is_leak_significant,
        {{ safe_ratio('revenue_amount', 'spend_amount', otherwise='null') }}
            as return_on_ad_spend_ratio
    from worst_steps_measured
)

select * from final
