-- Run once on BigQuery: the export's events with what the models need of their nested fields. Put in your project
-- and property. events_intraday_* lacks the traffic source, so only whole days are taken.
create or replace view `my-project.ga4.events` as
select
    event_name,
    timestamp_micros(event_timestamp) as event_at,
    user_pseudo_id,
    (select value.int_value from unnest(event_params) where key = 'ga_session_id')
        as ga_session_id,
    (select value.int_value from unnest(event_params) where key = 'engagement_time_msec')
        as engagement_time_msec,
    session_traffic_source_last_click.cross_channel_campaign.campaign_id as campaign_id,
    session_traffic_source_last_click.cross_channel_campaign.default_channel_group
        as default_channel_group,
    device.category as device_category,
    geo.country as country,
    ecommerce.transaction_id as transaction_id,
    ecommerce.purchase_revenue as purchase_revenue
from `my-project.analytics_123456789.events_*`
where regexp_contains(_table_suffix, r'^\d{8}$')
