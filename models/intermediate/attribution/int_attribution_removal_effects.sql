-- The share of the conversions that would be gone with the channel, and its part in all such
-- shares.
with removals as (
    select * from {{ ref('int_attribution_removals') }}
    where removed_channel is not null
),

whole_chains as (
    select * from {{ ref('int_attribution_removals') }}
    where removed_channel is null
),

-- Decimals, so that their sums do not depend on their order.
effects as (
    select
        removals.journey_source,
        removals.markov_order,
        {% for measure in ['conversion_rate', 'revenue_per_journey'] -%}
        cast(
            1 - {{ safe_ratio('removals.' ~ measure, 'whole_chains.' ~ measure, otherwise=1) }}
            as {{ type_decimal(38, 18) }}
        ) as {{ measure }}_effect,
        {% endfor -%}
        removals.removed_channel as channel
    from removals
    inner join whole_chains
        on
            removals.journey_source = whole_chains.journey_source
            and removals.markov_order = whole_chains.markov_order
),

effects_summed as (
    select
        *,
        sum(conversion_rate_effect) over (partition by journey_source, markov_order)
            as conversion_rate_effects,
        sum(revenue_per_journey_effect) over (partition by journey_source, markov_order)
            as revenue_per_journey_effects
    from effects
),

final as (
    select
        journey_source,
        markov_order,
        channel,
        cast(conversion_rate_effect as {{ type_double() }}) as removal_effect,
        {{ safe_ratio('conversion_rate_effect', 'conversion_rate_effects') }}
            as conversion_share_rate,
        -- Revenue that is nothing or less cannot be shared out by itself.
        case
            when revenue_per_journey_effects > 0
                then {{ safe_ratio('revenue_per_journey_effect', 'revenue_per_journey_effects') }}
            else {{ safe_ratio('conversion_rate_effect', 'conversion_rate_effects') }}
        end as revenue_share_rate
    from effects_summed
)

select * from final
