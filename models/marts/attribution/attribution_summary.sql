{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with credits as (
    select * from {{ ref('int_attribution_campaign_credits') }}
),

spend as (
    select * from {{ ref('int_attribution_spend') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where is_enabled
),

effects as (
    select * from {{ ref('int_attribution_removal_effects') }}
),

-- Stacked: a campaign may be credited without spend, and spend without being credited.
parts as (
    select
        journey_source,
        channel,
        campaign_id,
        {{ no_text }} as campaign_name,
        attribution_model,
        credited_conversions,
        credited_revenue,
        cast(0 as {{ type_money() }}) as spend_amount
    from credits
    union all
    select
        spend.journey_source,
        spend.channel,
        spend.campaign_id,
        spend.campaign_name,
        models.attribution_model,
        0 as credited_conversions,
        0 as credited_revenue,
        spend.spend_amount
    from spend
    cross join models
),

levels as (
    {% for level, campaign_id, campaign_name in [
        ('channel', no_text, no_text),
        ('campaign', 'campaign_id', 'max(campaign_name)'),
    ] %}
    select
        journey_source,
        '{{ level }}' as summary_level,
        channel,
        {{ campaign_id }} as campaign_id,
        attribution_model,
        {{ campaign_name }} as campaign_name,
        sum(credited_conversions) as credited_conversions,
        sum(credited_revenue) as credited_revenue,
        sum(spend_amount) as spend_amount
    from parts
    group by 1, 2, 3, 4, 5
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        cast(levels.journey_source as {{ dbt.type_string() }}) as journey_source,
        cast(levels.summary_level as {{ dbt.type_string() }}) as summary_level,
        cast(levels.channel as {{ dbt.type_string() }}) as channel,
        cast(levels.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(levels.campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(levels.attribution_model as {{ dbt.type_string() }}) as attribution_model,
        cast(levels.credited_conversions as {{ type_double() }}) as credited_conversions,
        cast(levels.credited_revenue as {{ type_money() }}) as credited_revenue,
        {{ safe_ratio(
            'levels.credited_conversions',
            'sum(levels.credited_conversions) over ('
            ~ 'partition by levels.journey_source, levels.summary_level, levels.attribution_model)',
        ) }} as credited_conversion_rate,
        cast(
            case when levels.summary_level = 'channel' then effects.removal_effect end
            as {{ type_double() }}
        ) as removal_effect,
        cast(levels.spend_amount as {{ type_money() }}) as spend_amount,
        {{ safe_ratio('levels.credited_revenue', 'levels.spend_amount', otherwise='null') }}
            as return_on_ad_spend_ratio,
        {{ safe_ratio('levels.spend_amount', 'levels.credited_conversions', otherwise='null') }}
            as cost_per_acquisition
    from levels
    inner join models
        on levels.attribution_model = models.attribution_model
    left join effects
        on
            levels.journey_source = effects.journey_source
            and levels.channel = effects.channel
            and models.markov_order = effects.markov_order
)

select * from final
