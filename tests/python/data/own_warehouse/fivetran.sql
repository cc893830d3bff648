-- Tables of Fivetran's shapes, with the columns that the templates read and the traps of each.
create schema ad_reporting;
create table ad_reporting.ad_reporting__campaign_report (
    source_relation text, date_day date, platform text, account_id text, account_name text,
    campaign_id text, campaign_name text, clicks bigint, impressions bigint, spend double precision,
    conversions double precision, conversions_value double precision
);
insert into ad_reporting.ad_reporting__campaign_report values
    ('', '2024-05-01', 'google_ads', '1', 'Shop', '101', 'Spring', 50, 1000, 40.00, 1, 700),
    -- One campaign and day in two accounts.
    ('', '2024-05-02', 'google_ads', '1', 'Shop', '101', 'Spring', 60, 1500, 45.50, 1, 400),
    ('', '2024-05-02', 'google_ads', '2', 'Shop 2', '101', 'Spring', 10, 500, 14.50, 0, 0),
    ('', '2024-05-02', 'facebook_ads', '3', 'Shop', '202', 'Friends', 10, 500, 20.00, 1, 99.99);
create table ad_reporting.ad_reporting__ad_report (
    source_relation text, date_day date, platform text, account_id text, account_name text,
    campaign_id text, campaign_name text, ad_group_id text, ad_group_name text, ad_id text,
    ad_name text, clicks bigint, impressions bigint, spend double precision,
    conversions double precision, conversions_value double precision
);
insert into ad_reporting.ad_reporting__ad_report values
    ('', '2024-05-01', 'google_ads', '1', 'Shop', '101', 'Spring', '11', 'All', '9001', 'Tulips', 50, 1000, 40.00, 1, 700),
    ('', '2024-05-02', 'google_ads', '1', 'Shop', '101', 'Spring', '11', 'All', '9001', 'Tulips', 70, 2000, 60.00, 1, 400),
    ('', '2024-05-02', 'facebook_ads', '3', 'Shop', '202', 'Friends', '21', 'All', '9002', 'Two friends', 10, 500, 20.00, 1, 99.99);

create schema shopify;
create table shopify.customer (
    id numeric, first_name text, last_name text, email text, _fivetran_deleted boolean,
    _fivetran_synced timestamptz
);
insert into shopify.customer values
    (1, 'Ann', 'A.', 'ann@mail.example', false, now()),
    (2, 'Bob', 'B.', null, null, now()),
    (3, 'Tim', 'T.', 'Tim@My-Shop.example', false, now()),
    (4, 'Gone', 'G.', 'gone@mail.example', true, now());
create table shopify."order" (
    id numeric, customer_id numeric, created_at timestamptz, financial_status text,
    fulfillment_status text, cancelled_at timestamptz, total_price double precision, test boolean,
    _fivetran_deleted boolean
);
insert into shopify."order" values
    -- On 2 May in UTC.
    (1001, 1, '2024-05-01 23:30:00-04:00', 'paid', 'fulfilled', null, 120.00, false, false),
    (1002, 1, '2024-05-20 10:00:00+00:00', 'paid', 'fulfilled', null, 30.50, null, null),
    (1003, 2, '2024-05-21 10:00:00+00:00', 'refunded', 'fulfilled', null, 90.00, false, false),
    (1004, 2, '2024-05-22 10:00:00+00:00', 'partially_refunded', 'fulfilled', null, 50.00, false, false),
    (1005, 3, '2024-05-23 10:00:00+00:00', 'paid', null, null, 30.00, false, false),
    -- A trial order, a deleted one, and one that was cancelled before it was paid.
    (1006, 1, '2024-05-23 10:00:00+00:00', 'paid', 'fulfilled', null, 99.00, true, false),
    (1007, 1, '2024-05-23 10:00:00+00:00', 'paid', 'fulfilled', null, 98.00, false, true),
    (1008, 2, '2024-05-24 10:00:00+00:00', 'voided', null, '2024-05-24 11:00:00+00:00', 97.00, false, false);
create table shopify.order_line (
    id numeric, order_id numeric, title text, quantity numeric, price double precision,
    total_discount double precision
);
insert into shopify.order_line values
    (1, 1001, 'City bike', 1, 100.00, 0),
    (2, 1001, 'Helmet', 1, 20.00, null),
    (3, 1002, 'Helmet', 2, 20.00, 9.50),
    (4, 1003, 'City bike', 1, 100.00, 10.00),
    (5, 1004, 'Bell', 5, 10.00, 0),
    (6, 1005, 'Helmet', 1, 30.00, 0),
    (7, 1006, 'City bike', 1, 99.00, 0),
    (8, 1007, 'City bike', 1, 98.00, 0),
    (9, 1008, 'City bike', 1, 97.00, 0);
create table shopify.transaction (
    id numeric, order_id numeric, refund_id numeric, parent_id numeric, kind text, status text,
    gateway text, amount double precision, created_at timestamptz, test boolean
);
insert into shopify.transaction values
    -- Authorized, then captured: paid once.
    (1, 1001, null, null, 'authorization', 'success', 'shopify_payments', 120.00, '2024-05-01 23:30:00-04:00', false),
    (2, 1001, null, 1, 'capture', 'success', 'shopify_payments', 120.00, '2024-05-02 09:00:00-04:00', false),
    -- One try failed; paid in two ways.
    (3, 1002, null, null, 'sale', 'failure', 'shopify_payments', 30.50, '2024-05-20 10:00:00+00:00', false),
    (4, 1002, null, null, 'sale', 'success', 'gift_card', 10.50, '2024-05-20 10:01:00+00:00', false),
    (5, 1002, null, null, 'SALE', 'SUCCESS', 'shopify_payments', 20.00, '2024-05-20 10:01:00+00:00', false),
    (6, 1003, null, null, 'sale', 'success', 'manual', 90.00, '2024-05-21 10:00:00+00:00', false),
    (7, 1003, 1, 6, 'refund', 'success', 'manual', 90.00, '2024-05-25 10:00:00+00:00', false),
    (8, 1004, null, null, 'sale', 'success', 'shopify_payments', 50.00, '2024-05-22 10:00:00+00:00', false),
    (9, 1004, 2, 8, 'refund', 'failure', 'shopify_payments', 12.00, '2024-05-25 23:00:00-04:00', false),
    (10, 1004, 2, 8, 'refund', 'success', 'shopify_payments', 12.00, '2024-05-25 23:30:00-04:00', false),
    (11, 1005, null, null, 'sale', 'success', 'shopify_payments', 30.00, '2024-05-23 10:00:00+00:00', false),
    (12, 1006, null, null, 'sale', 'success', 'bogus', 99.00, '2024-05-23 10:00:00+00:00', true),
    (13, 1007, null, null, 'sale', 'success', 'shopify_payments', 98.00, '2024-05-23 10:00:00+00:00', false),
    (14, 1008, null, null, 'authorization', 'success', 'shopify_payments', 97.00, '2024-05-24 10:00:00+00:00', false),
    (15, 1008, null, 14, 'void', 'success', 'shopify_payments', 97.00, '2024-05-24 11:00:00+00:00', false);
