with creatives as (
    select * from {{ ref('stg_ad_creatives') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

-- Creatives without a campaign are no campaign together: they have nothing to be compared with.
-- The sums of a campaign have the order of its rank, so that its creatives are sorted once.
totals_and_rank_added as (
    {% set campaign = 'partition by campaign_id order by calculated_ctr desc nulls last' -%}
    {% set all_rows = 'rows between unbounded preceding and unbounded following' -%}
    select
        *,
        case
            when campaign_id is not null then sum(impressions) over ({{ campaign }} {{ all_rows }})
        end as campaign_impressions,
        case
            when campaign_id is not null then sum(clicks) over ({{ campaign }} {{ all_rows }})
        end as campaign_clicks,
        case
            when campaign_id is not null then sum(spend) over ({{ campaign }} {{ all_rows }})
        end as campaign_spend,
        case
            when impressions > 0 and campaign_id is not null
                then rank() over ({{ campaign }})
        end as click_through_rank,
        sum(impressions) over (partition by creative_type) as type_impressions,
        sum(clicks) over (partition by creative_type) as type_clicks
    from creatives
),

rates_added as (
    select
        *,
        {{ safe_ratio('campaign_clicks', 'campaign_impressions') }}
            as campaign_click_through_rate,
        {{ safe_ratio('type_clicks', 'type_impressions') }} as type_click_through_rate
    from totals_and_rank_added
),

final as (
    select
        cast(rates_added.creative_id as {{ dbt.type_string() }}) as creative_id,
        cast(rates_added.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(rates_added.creative_type as {{ dbt.type_string() }}) as creative_type,
        cast(rates_added.creative_name as {{ dbt.type_string() }}) as creative_name,
        cast(rates_added.impressions as {{ dbt.type_bigint() }}) as impressions,
        cast(rates_added.clicks as {{ dbt.type_bigint() }}) as clicks,
        cast(rates_added.ctr as {{ type_double() }}) as ctr,
        cast(rates_added.spend as {{ type_money() }}) as spend,
        cast(rates_added.calculated_ctr as {{ type_double() }}) as calculated_ctr,
        cast(campaigns.campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(coalesce(campaigns.channel, 'unknown') as {{ dbt.type_string() }}) as channel,
        campaigns.campaign_id is not null as has_known_campaign,
        {{ safe_ratio('rates_added.spend', 'rates_added.clicks', otherwise='null') }}
            as cost_per_click,
        {{ safe_ratio('rates_added.spend', 'rates_added.campaign_spend') }}
            as campaign_spend_share_rate,
        {{ safe_ratio('rates_added.clicks', 'rates_added.campaign_clicks') }}
            as campaign_click_share_rate,
        cast(rates_added.click_through_rank as {{ dbt.type_int() }}) as click_through_rank,
        cast(rates_added.campaign_click_through_rate as {{ type_double() }})
            as campaign_click_through_rate,
        {{ safe_ratio(
            'rates_added.calculated_ctr',
            'rates_added.campaign_click_through_rate',
            otherwise='null'
        ) }} as click_through_to_campaign_ratio,
        cast(rates_added.type_click_through_rate as {{ type_double() }})
            as type_click_through_rate,
        {{ safe_ratio(
            'rates_added.calculated_ctr',
            'rates_added.type_click_through_rate',
            otherwise='null'
        ) }} as click_through_to_type_ratio,
        {{ wilson_bound('rates_added.clicks', 'rates_added.impressions', 'lower') }}
            as click_through_lower_bound,
        {{ wilson_bound('rates_added.clicks', 'rates_added.impressions', 'upper') }}
            as click_through_upper_bound,
        rates_added.impressions >= {{ var('min_rated_impressions') }} as is_rated
    from rates_added
    left join campaigns
        on rates_added.campaign_id = campaigns.campaign_id
)

select * from final
