-- A chain that is fitted to journeys converts as often as they do, and for the same revenue, whatever its order.
{{ config(enabled='marketing' in var('domains') or 'shop' in var('domains') or 'finance' in var('domains')) }}
with journeys as (
    select
        journey_source,
        journey_id,
        max(case when conversion_id is null then 0 else 1 end) as is_converted,
        max(coalesce(revenue, 0)) as revenue
    from {{ ref('attribution_touches') }}
    where touch_count > 0
    group by 1, 2
),

observed as (
    select
        journey_source,
        {{ safe_ratio('sum(is_converted)', 'count(*)') }} as conversion_rate,
        {{ safe_ratio('sum(revenue)', 'count(*)') }} as revenue_per_journey
    from journeys
    group by 1
)

select
    observed.journey_source,
    removals.markov_order,
    observed.conversion_rate as expected_conversion_rate,
    removals.conversion_rate as found_conversion_rate,
    observed.revenue_per_journey as expected_revenue_per_journey,
    removals.revenue_per_journey as found_revenue_per_journey
from observed
inner join {{ ref('int_attribution_removals') }} as removals
    on observed.journey_source = removals.journey_source
where
    removals.removed_channel is null
    and (
        abs(observed.conversion_rate - removals.conversion_rate) > 1e-9
        or abs(observed.revenue_per_journey - removals.revenue_per_journey)
        > 1e-9 * (1 + abs(observed.revenue_per_journey))
    )
