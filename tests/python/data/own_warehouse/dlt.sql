-- The same shop and campaigns as dlt writes them: lists are tables, money from Shopify is text.
create schema facebook_ads_data;
create table facebook_ads_data.campaigns (
    id text, name text, status text, daily_budget text, _dlt_load_id text, _dlt_id text
);
insert into facebook_ads_data.campaigns values
    ('101', 'Spring', 'ACTIVE', '5000', '1', 'c1'), ('202', 'Friends', 'PAUSED', null, '1', 'c2');
create table facebook_ads_data.ads (
    id text, name text, campaign_id text, _dlt_load_id text, _dlt_id text
);
insert into facebook_ads_data.ads values
    ('9001', 'Tulips', '101', '1', 'a1'), ('9002', 'Two friends', '202', '1', 'a2');
create table facebook_ads_data.facebook_insights (
    campaign_id bigint, adset_id bigint, ad_id bigint, date_start timestamptz, date_stop timestamptz,
    impressions bigint, clicks bigint, spend numeric(38, 9), _dlt_load_id text, _dlt_id text
);
insert into facebook_ads_data.facebook_insights values
    (101, 11, 9001, '2024-05-01 00:00:00+00', '2024-05-01 00:00:00+00', 1000, 50, 40.00, '1', 'i1'),
    (101, 11, 9001, '2024-05-02 00:00:00+00', '2024-05-02 00:00:00+00', 2000, 70, 60.00, '1', 'i2'),
    (202, 21, 9002, '2024-05-02 00:00:00+00', '2024-05-02 00:00:00+00', 500, 10, 20.00, '1', 'i3');

create schema shopify_data;
create table shopify_data.customers (
    id bigint, first_name text, last_name text, email text, _dlt_load_id text, _dlt_id text
);
insert into shopify_data.customers values
    (1, 'Ann', 'A.', 'ann@mail.example', '1', 'u1'),
    (2, 'Bob', 'B.', null, '1', 'u2'),
    (3, 'Tim', 'T.', 'Tim@My-Shop.example', '1', 'u3');
create table shopify_data.orders (
    id bigint, customer__id bigint, created_at timestamptz, financial_status text,
    fulfillment_status text, total_price text, total_outstanding text, test boolean,
    _dlt_load_id text, _dlt_id text
);
insert into shopify_data.orders values
    (1001, 1, '2024-05-01 23:30:00-04:00', 'paid', 'fulfilled', '120.00', '0.00', false, '1', 'o1'),
    (1002, 1, '2024-05-20 10:00:00+00:00', 'paid', 'fulfilled', '30.50', null, null, '1', 'o2'),
    (1003, 2, '2024-05-21 10:00:00+00:00', 'refunded', 'fulfilled', '90.00', '0.00', false, '1', 'o3'),
    (1004, 2, '2024-05-22 10:00:00+00:00', 'partially_refunded', 'fulfilled', '50.00', '0.00', false, '1', 'o4'),
    (1005, 3, '2024-05-23 10:00:00+00:00', 'paid', null, '30.00', '0.00', false, '1', 'o5'),
    (1006, 1, '2024-05-23 10:00:00+00:00', 'paid', 'fulfilled', '99.00', '0.00', true, '1', 'o6'),
    (1008, 2, '2024-05-24 10:00:00+00:00', 'voided', null, '97.00', '0.00', false, '1', 'o8');
create table shopify_data.orders__payment_gateway_names (
    value text, _dlt_parent_id text, _dlt_list_idx bigint, _dlt_id text
);
insert into shopify_data.orders__payment_gateway_names values
    ('shopify_payments', 'o1', 0, 'w1'), ('gift_card', 'o2', 0, 'w2'),
    ('shopify_payments', 'o2', 1, 'w3'), ('manual', 'o3', 0, 'w4'),
    ('shopify_payments', 'o4', 0, 'w5'), ('shopify_payments', 'o5', 0, 'w6');
create table shopify_data.orders__line_items (
    id bigint, title text, quantity bigint, price text, total_discount text, _dlt_parent_id text,
    _dlt_list_idx bigint, _dlt_id text
);
insert into shopify_data.orders__line_items values
    (1, 'City bike', 1, '100.00', '0.00', 'o1', 0, 'l1'),
    (2, 'Helmet', 1, '20.00', null, 'o1', 1, 'l2'),
    (3, 'Helmet', 2, '20.00', '9.50', 'o2', 0, 'l3'),
    (4, 'City bike', 1, '100.00', '10.00', 'o3', 0, 'l4'),
    (5, 'Bell', 5, '10.00', '0.00', 'o4', 0, 'l5'),
    (6, 'Helmet', 1, '30.00', '0.00', 'o5', 0, 'l6'),
    (7, 'City bike', 1, '99.00', '0.00', 'o6', 0, 'l7'),
    (9, 'City bike', 1, '97.00', '0.00', 'o8', 0, 'l9');
create table shopify_data.orders__refunds (
    id bigint, created_at timestamptz, _dlt_parent_id text, _dlt_list_idx bigint, _dlt_id text
);
insert into shopify_data.orders__refunds values
    (1, '2024-05-25 10:00:00+00:00', 'o3', 0, 'r1'), (2, '2024-05-25 23:30:00-04:00', 'o4', 0, 'r2');
create table shopify_data.orders__refunds__transactions (
    id bigint, kind text, status text, amount text, _dlt_parent_id text, _dlt_list_idx bigint,
    _dlt_id text
);
insert into shopify_data.orders__refunds__transactions values
    (7, 'refund', 'success', '90.00', 'r1', 0, 't1'),
    (9, 'refund', 'failure', '12.00', 'r2', 0, 't2'),
    (10, 'refund', 'success', '12.00', 'r2', 1, 't3');
