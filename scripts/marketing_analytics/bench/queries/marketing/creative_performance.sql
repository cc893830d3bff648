-- Which creative to replace?
create or replace temp macro wilson(k, n, side) as
case
    when n > 0 and k between 0 and n then greatest(0, least(1,
        (k + 1.9207294103470203e0 + side * 1.959963984540054e0 * sqrt(k::double * (n - k) / n + 0.9603647051735101e0))
        / (n + 3.8414588206940406e0)
    ))
end;

with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

campaigns as (
    select
        campaign_id,
        arg_max(campaign_name, date) as campaign_name,
        arg_max(channel, date) as channel
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

creatives as (
    select
        creative_id,
        campaign_id,
        creative_type,
        creative_name,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        ctr,
        coalesce(spend, 0) as spend,
        coalesce(clicks / nullif(impressions, 0), 0) as calculated_ctr
    from marketing_raw.ad_creatives
),

per_campaign as (
    select
        campaign_id,
        sum(clicks) as clicks,
        sum(clicks) / nullif(sum(impressions), 0) as ctr,
        sum(spend) as spend
    from creatives
    where campaign_id is not null
    group by all
),

per_type as (
    select creative_type, sum(clicks) / nullif(sum(impressions), 0) as ctr
    from creatives
    group by all
)

select
    creative_id,
    creatives.campaign_id,
    creatives.creative_type,
    creative_name,
    impressions,
    creatives.clicks,
    creatives.ctr,
    creatives.spend,
    calculated_ctr,
    campaign_name,
    coalesce(channel, 'unknown') as channel,
    campaigns.campaign_id is not null as has_known_campaign,
    creatives.spend::double / nullif(creatives.clicks, 0) as cost_per_click,
    coalesce(creatives.spend::double / nullif(per_campaign.spend, 0)::double, 0) as campaign_spend_share_rate,
    coalesce(creatives.clicks / nullif(per_campaign.clicks, 0), 0) as campaign_click_share_rate,
    if(
        impressions > 0 and creatives.campaign_id is not null,
        rank() over (partition by creatives.campaign_id order by calculated_ctr desc),
        null
    ) as click_through_rank,
    coalesce(per_campaign.ctr, 0) as campaign_click_through_rate,
    calculated_ctr / nullif(per_campaign.ctr, 0) as click_through_to_campaign_ratio,
    coalesce(per_type.ctr, 0) as type_click_through_rate,
    calculated_ctr / nullif(per_type.ctr, 0) as click_through_to_type_ratio,
    wilson(creatives.clicks, impressions, -1) as click_through_lower_bound,
    wilson(creatives.clicks, impressions, 1) as click_through_upper_bound,
    impressions >= 1000 as is_rated
from creatives
left join campaigns on creatives.campaign_id = campaigns.campaign_id
left join per_campaign on creatives.campaign_id = per_campaign.campaign_id
left join per_type on creatives.creative_type is not distinct from per_type.creative_type
