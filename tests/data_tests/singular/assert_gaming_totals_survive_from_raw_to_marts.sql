-- Is every cent of the raw purchases, deposits and spend in the marts, but for what is left out by rule?
-- Counted from the raw rows by other joins than the models'.
{{ config(enabled='gaming' in var('domains')) }}
-- depends_on: {{ ref('stg_signups') }}
with raw_signups as (
    {{ raw_rows('lottery_raw', 'signups') }}
),

raw_purchases as (
    {{ raw_rows('lottery_raw', 'ticket_purchases') }}
),

raw_deposits as (
    {{ raw_rows('lottery_raw', 'deposits') }}
),

raw_spend as (
    {{ raw_rows('lottery_raw', 'funnel_spend') }}
),

players as (
    select distinct user_id
    from raw_signups
    where cast(signup_timestamp as date) <= {{ as_of_date('gaming') }}
),

expected as (
    select
        'cents of purchases' as measure,
        sum(cast(raw_purchases.purchase_amount_usd * 100 as {{ dbt.type_bigint() }})) as cents
    from raw_purchases
    inner join players
        on raw_purchases.user_id = players.user_id
    where cast(raw_purchases.purchase_timestamp as date) <= {{ as_of_date('gaming') }}
    union all
    select
        'cents of deposits' as measure,
        sum(raw_deposits.deposit_amount_inminor) as cents
    from raw_deposits
    inner join players
        on raw_deposits.user_id = players.user_id
    where cast(raw_deposits.deposit_timestamp as date) <= {{ as_of_date('gaming') }}
    union all
    select
        'cents of spend' as measure,
        sum(spend_inminor) as cents
    from raw_spend
    where cast(date as date) <= {{ as_of_date('gaming') }}
    union all
    select
        'players' as measure,
        count(*) as cents
    from players
),

found as (
    {% for measure, mart, total in [
        ('cents of purchases', 'dim_customer', 'sum(total_purchase_amount_usd) * 100'),
        ('cents of purchases', 'customer_ltv_scoring', 'sum(total_purchase_amount_usd) * 100'),
        ('cents of purchases', 'channel_value_tiers', 'sum(total_purchase_amount_usd) * 100'),
        ('cents of purchases', 'campaign_return_on_ad_spend', 'sum(first_touch_purchase_usd) * 100'),
        ('cents of purchases', 'channel_return_on_ad_spend', 'sum(last_touch_purchase_usd) * 100'),
        ('cents of deposits', 'dim_customer', 'sum(total_deposit_amount_minor)'),
        ('cents of deposits', 'channel_value_tiers', 'sum(total_deposit_amount_minor)'),
        ('cents of spend', 'campaign_return_on_ad_spend', 'sum(spend_usd) * 100'),
        ('cents of spend', 'channel_return_on_ad_spend', 'sum(spend_usd) * 100'),
        ('cents of spend', 'channel_high_jackpot_players', 'sum(ad_spend_usd) * 100'),
        ('players', 'player_journeys', 'count(*)'),
        ('players', 'channel_first_purchase_times', 'sum(player_count)'),
        ('players', 'channel_high_jackpot_players', 'sum(player_count)'),
    ] %}
    select
        '{{ measure }}' as measure,
        '{{ mart }}' as mart,
        cast({{ total }} as {{ dbt.type_bigint() }}) as cents
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    found.measure,
    found.mart,
    expected.cents as expected,
    found.cents as found
from found
left join expected
    on found.measure = expected.measure
where coalesce(expected.cents, 0) <> coalesce(found.cents, 0)
