-- Does every model give away all conversions and all revenue, to the cent, by channel and by campaign? Is
-- all spend there, and every journey on a path? Counted from staging and from the orders.
{{ config(enabled='marketing' in var('domains') or 'shop' in var('domains') or 'finance' in var('domains')) }}
with parts as (
    {% for domain in ['marketing', 'shop'] if is_built(domain) %}
    {% if domain == 'marketing' %}
    select
        'marketing' as journey_source,
        count(*) as conversion_count,
        coalesce(sum(conversion_value), 0) as revenue,
        0 as spend_amount
    from {{ ref('stg_conversions') }}
    where conversion_date <= {{ as_of_date('marketing') }}
    union all
    select
        'marketing' as journey_source,
        0 as conversion_count,
        0 as revenue,
        coalesce(sum(spend), 0) as spend_amount
    from {{ ref('stg_campaigns_daily') }}
    where activity_date <= {{ as_of_date('marketing') }}
    {% else %}
    select
        'shop' as journey_source,
        count(*) as conversion_count,
        coalesce(sum(amount), 0) as revenue,
        coalesce(sum(promotional_amount), 0) as spend_amount
    from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type <> 'test user'
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    select
        journey_source,
        sum(conversion_count) as conversion_count,
        sum(revenue) as revenue,
        sum(spend_amount) as spend_amount
    from parts
    group by 1
),

models as (
    select * from {{ ref('attribution_models') }}
    where is_enabled
),

summary as (
    select
        journey_source,
        summary_level,
        attribution_model,
        sum(credited_conversions) as conversion_count,
        sum(credited_revenue) as revenue,
        sum(spend_amount) as spend_amount
    from {{ ref('attribution_summary') }}
    group by 1, 2, 3
),

summary_compared as (
    {% for level in ['channel', 'campaign'] %}
    select
        '{{ level }}' as part,
        totals.journey_source,
        models.attribution_model,
        totals.conversion_count as expected_conversion_count,
        totals.revenue as expected_revenue,
        totals.spend_amount as expected_spend_amount,
        coalesce(summary.conversion_count, 0) as found_conversion_count,
        coalesce(summary.revenue, 0) as found_revenue,
        coalesce(summary.spend_amount, 0) as found_spend_amount
    from totals
    cross join models
    left join summary
        on
            totals.journey_source = summary.journey_source
            and models.attribution_model = summary.attribution_model
            and summary.summary_level = '{{ level }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

paths as (
    select
        journey_source,
        sum(conversion_count) as conversion_count,
        sum(revenue) as revenue
    from {{ ref('attribution_paths') }}
    group by 1
),

compared as (
    select * from summary_compared
    union all
    select
        'paths' as part,
        totals.journey_source,
        cast(null as {{ dbt.type_string() }}) as attribution_model,
        totals.conversion_count as expected_conversion_count,
        totals.revenue as expected_revenue,
        0 as expected_spend_amount,
        coalesce(paths.conversion_count, 0) as found_conversion_count,
        coalesce(paths.revenue, 0) as found_revenue,
        0 as found_spend_amount
    from totals
    left join paths
        on totals.journey_source = paths.journey_source
)

select * from compared
where
    expected_revenue <> found_revenue
    or expected_spend_amount <> found_spend_amount
    -- Parts of conversions are doubles.
    or abs(expected_conversion_count - found_conversion_count) > 1e-9 * expected_conversion_count
