with conversions as (
    select * from {{ ref('stg_conversions') }}
    where
        user_id is not null
        and conversion_date <= {{ as_of_date('marketing') }}
),

-- Asked of staging once more: two uses of the sums below would keep an engine from leaving out the
-- sessions where a reader needs no channel.
buyers as (
    select user_id from {{ ref('stg_conversions') }}
    where
        user_id is not null
        and conversion_date <= {{ as_of_date('marketing') }}
),

-- Only buyers need a first session.
sessions_of_buyers as (
    select sessions.*
    from {{ ref('stg_sessions') }} as sessions
    where
        sessions.session_date <= {{ as_of_date('marketing') }}
        and sessions.user_id in (select buyers.user_id from buyers)
),

purchases_by_user as (
    select
        user_id,
        min(converted_at) as first_purchase_date,
        max(converted_at) as last_purchase_date,
        count(*) as total_conversions,
        sum(conversion_value) as total_revenue
    from conversions
    group by 1
),

first_sessions as (
    {{ first_row_per_key(
        'sessions_of_buyers', 'user_id', ['channel'], ['session_started_at', 'session_id']
    ) }}
),

final as (
    select
        purchases_by_user.user_id,
        coalesce(first_sessions.channel, 'unknown') as acquisition_channel,
        purchases_by_user.first_purchase_date,
        purchases_by_user.last_purchase_date,
        purchases_by_user.total_conversions,
        purchases_by_user.total_revenue,
        {{ safe_ratio('purchases_by_user.total_revenue', 'purchases_by_user.total_conversions') }}
            as avg_order_value,
        {{ dbt.datediff(
            'purchases_by_user.first_purchase_date', 'purchases_by_user.last_purchase_date', 'day'
        ) }} as days_since_first_purchase,
        case
            when purchases_by_user.total_revenue >= {{ var('high_ltv_amount') }} then 'high'
            when purchases_by_user.total_revenue >= {{ var('medium_ltv_amount') }} then 'medium'
            else 'low'
        end as ltv_segment,
        {{ as_of_date('marketing') }} as as_of_date
    from purchases_by_user
    left join first_sessions
        on purchases_by_user.user_id = first_sessions.user_id
)

select * from final
