with campaign_days as (
    select
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend
    from {{ ref('stg_campaigns_daily') }}
),

sessions as (
    select count(*) as session_count from {{ ref('stg_sessions') }}
),

conversions as (
    select
        count(*) as conversion_count,
        sum(conversion_value) as conversion_value
    from {{ ref('stg_conversions') }}
),

funnel as (
    select
        sum(total_impressions) as impressions,
        sum(total_clicks) as clicks,
        sum(spend_amount) as spend,
        sum(total_sessions) as session_count,
        sum(total_conversions) as conversion_count,
        sum(revenue_amount) as conversion_value
    from {{ ref('funnel_conversion_analysis') }}
),

customers as (
    select sum(total_revenue) as customer_value from {{ ref('customer_lifetime_value') }}
),

outcomes as (
    select * from {{ ref('int_outcomes_by_stage') }}
),

totals as (
    {% for stage, source_column, mart_column in [
        ('impressions', 'campaign_days.impressions', 'funnel.impressions'),
        ('clicks', 'campaign_days.clicks', 'funnel.clicks'),
        ('spend', 'campaign_days.spend', 'funnel.spend'),
        ('sessions', 'sessions.session_count', 'funnel.session_count'),
        ('conversions', 'conversions.conversion_count', 'funnel.conversion_count'),
        ('conversion value', 'conversions.conversion_value', 'funnel.conversion_value'),
        ('customer value', 'conversions.conversion_value', 'customers.customer_value'),
    ] %}
    select
        '{{ stage }}' as stage,
        cast(coalesce({{ source_column }}, 0) as {{ type_money() }}) as source_total,
        cast(coalesce({{ mart_column }}, 0) as {{ type_money() }}) as mart_total
    from campaign_days
    cross join sessions
    cross join conversions
    cross join funnel
    cross join customers
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stages as (
    select
        totals.stage,
        totals.source_total,
        totals.mart_total,
        coalesce(outcomes.by_attributed_campaign_total, 0)
            as by_attributed_campaign_total,
        coalesce(outcomes.by_session_campaign_total, 0) as by_session_campaign_total,
        coalesce(outcomes.no_campaign_total, 0) as no_campaign_total,
        coalesce(outcomes.unknown_campaign_total, 0) as unknown_campaign_total,
        coalesce(outcomes.no_user_total, 0) as no_user_total,
        coalesce(outcomes.after_as_of_date_total, 0) as after_as_of_date_total
    from totals
    left join outcomes
        on totals.stage = outcomes.stage
),

final as (
    select
        cast(stage as {{ dbt.type_string() }}) as stage,
        cast(source_total as {{ type_money() }}) as source_total,
        cast(mart_total as {{ type_money() }}) as mart_total,
        cast(by_attributed_campaign_total as {{ type_money() }}) as by_attributed_campaign_total,
        cast(by_session_campaign_total as {{ type_money() }}) as by_session_campaign_total,
        cast(no_campaign_total as {{ type_money() }}) as no_campaign_total,
        cast(unknown_campaign_total as {{ type_money() }}) as unknown_campaign_total,
        cast(no_user_total as {{ type_money() }}) as no_user_total,
        cast(after_as_of_date_total as {{ type_money() }}) as after_as_of_date_total,
        cast(
            source_total - mart_total - no_campaign_total - unknown_campaign_total
            - no_user_total - after_as_of_date_total
            as {{ type_money() }}
        ) as unexplained_total,
        source_total = mart_total + no_campaign_total + unknown_campaign_total
        + no_user_total + after_as_of_date_total as is_reconciled,
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from stages
)

select * from final
