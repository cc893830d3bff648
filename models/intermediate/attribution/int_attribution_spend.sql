-- In the shop what a channel costs is what it gives away in coupons and gift cards.
with campaigns as (
    select * from {{ ref('int_campaigns') }}
),

orders as (
    select * from {{ ref('int_attribution_orders') }}
),

final as (
    select
        'marketing' as journey_source,
        channel,
        campaign_id,
        campaign_name,
        spend_amount
    from campaigns
    union all
    select
        'shop' as journey_source,
        attribution_channel as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        sum(promotional_amount) as spend_amount
    from orders
    group by 1, 2, 3, 4
)

select * from final
