-- A copy of the view events.bigquery.sql.
create schema ga4;
create table ga4.events (
    event_name text, event_at timestamptz, user_pseudo_id text, ga_session_id bigint,
    engagement_time_msec bigint, campaign_id text, default_channel_group text,
    device_category text, country text, transaction_id text, purchase_revenue double precision
);
insert into ga4.events
    (event_name, event_at, user_pseudo_id, ga_session_id, engagement_time_msec, campaign_id,
     default_channel_group, transaction_id, purchase_revenue)
values
    ('session_start', '2024-05-01 10:00:00+00', 'u1', 1, null, '101', 'Paid Search', null, null),
    ('page_view', '2024-05-01 10:00:01+00', 'u1', 1, 200000, '101', 'Paid Search', null, null),
    ('page_view', '2024-05-01 10:03:00+00', 'u1', 1, 199999, '101', 'Paid Search', null, null),
    ('purchase', '2024-05-01 10:05:00+00', 'u1', 1, 1, '101', 'Paid Search', 'T1', 700),
    -- The page of thanks, loaded again.
    ('purchase', '2024-05-01 10:09:00+00', 'u1', 1, null, '101', 'Paid Search', 'T1', 700),
    -- The visitor number 1 of another visitor; on 2 May in UTC.
    ('page_view', '2024-05-01 23:30:00-04', 'u2', 1, 59999, '101', 'Paid Search', null, null),
    ('purchase', '2024-05-01 23:45:00-04', 'u2', 1, null, '101', 'Paid Search', 'T2', 400),
    ('page_view', '2024-05-02 18:00:00+00', 'u2', 2, 10, '(not set)', 'Direct', null, null),
    ('purchase', '2024-05-02 18:05:00+00', 'u2', 2, null, '(not set)', 'Direct', 'T3', 299.99),
    ('purchase', '2024-05-02 09:00:00+00', 'u3', 7, null, '202', 'Paid Social', 'T4', 99.99),
    -- Consent was refused: no visitor, no session.
    ('page_view', '2024-05-02 09:00:00+00', null, null, null, null, 'Direct', null, null);
