with campaigns as (
    select * from {{ ref('int_funnel_worst_steps_by_campaign') }}
),

volumes_checked as (
    select
        *,
        total_impressions >= {{ var('min_rated_impressions') }} as has_rated_impressions,
        total_sessions >= {{ var('min_rated_sessions') }} as has_rated_sessions,
        total_impressions > 0 as has_impressions,
        revenue_amount * {{ var('gross_margin_rate') }} as margin_amount
    from campaigns
),

campaigns_ranked as (
    select
        *,
        percent_rank() over (
            partition by has_impressions order by overall_funnel_efficiency nulls last
        ) as efficiency_rank,
        count(*) over (partition by has_impressions) as ranked_count,
        percent_rank() over (
            partition by has_rated_impressions order by click_through_rate desc nulls last
        ) as click_through_rank,
        percent_rank() over (
            partition by has_rated_sessions order by session_to_conversion_rate nulls last
        ) as conversion_rank
    from volumes_checked
),

final as (
    select
        *,
        case
            when has_impressions and ranked_count = 1 then 1
            when has_impressions then efficiency_rank
        end as funnel_efficiency_score,
        -- A leak proved before the session is enough: it may be why there are so few sessions.
        has_rated_impressions and (
            has_rated_sessions
            or (
                is_leak_significant
                and leak_step in ('impression_to_click', 'click_to_session')
            )
        ) as is_rated,
        coalesce(
            has_rated_impressions
            and has_rated_sessions
            and click_through_rank <= 0.25
            and conversion_rank <= 0.25
            and click_through_rate > median_click_through_rate
            and session_to_conversion_rate < median_session_to_conversion_rate,
            false
        ) as is_high_click_through_low_conversion,
        -- Compared, not divided: a return of exactly 1 must not become 0.9999999999999999.
        case
            when spend_amount = 0 then 'no_spend'
            when margin_amount < {{ var('heavy_loss_return') }} * spend_amount then 'heavy_loss'
            when margin_amount < spend_amount then 'loss'
            when margin_amount < {{ var('strong_return') }} * spend_amount then 'profit'
            else 'strong'
        end as return_band
    from campaigns_ranked
)

select * from final
