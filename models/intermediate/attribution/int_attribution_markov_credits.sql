-- A Markov model credits channels over all journeys at once. Within a channel its campaigns share
-- what it gets as they share its linear credit; by touches, where none is in a journey that
-- converts.
with totals as (
    select * from {{ ref('int_attribution_credit_totals') }}
),

effects as (
    select * from {{ ref('int_attribution_removal_effects') }}
),

totals_compared as (
    select
        *,
        sum(linear_conversions - untouched_conversions) over (partition by journey_source)
            as source_conversions,
        sum(linear_revenue - untouched_revenue) over (partition by journey_source)
            as source_revenue,
        sum(linear_conversions - untouched_conversions) over (
            partition by journey_source, channel
        ) as channel_conversions,
        sum(touch_count) over (partition by journey_source, channel) as channel_touch_count
    from totals
),

shares as (
    select
        *,
        case
            when channel_conversions > 0
                then {{ safe_ratio(
                    'linear_conversions - untouched_conversions', 'channel_conversions'
                ) }}
            else {{ safe_ratio('touch_count', 'channel_touch_count') }}
        end as campaign_share_rate
    from totals_compared
),

chains as (
    select distinct
        journey_source,
        markov_order
    from effects
),

final as (
    select
        shares.journey_source,
        shares.channel,
        shares.campaign_id,
        {% for measure, effect in [
            ('conversions', 'conversion_share_rate'), ('revenue', 'revenue_share_rate')
        ] -%}
        shares.untouched_{{ measure }} + cast(
            coalesce(effects.{{ effect }}, 0)
            * shares.campaign_share_rate
            * cast(shares.source_{{ measure }} as {{ type_double() }})
            as {{ type_decimal(38, 15) }}
        ) as credited_{{ measure }},
        {% endfor -%}
        chains.markov_order
    from shares
    inner join chains
        on shares.journey_source = chains.journey_source
    left join effects
        on
            shares.journey_source = effects.journey_source
            and shares.channel = effects.channel
            and chains.markov_order = effects.markov_order
)

select * from final
