with shop_orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
),

marketing_conversions as (
    select * from {{ ref('stg_conversions') }}
    where
        conversion_date <= {{ as_of_date('marketing') }}
        -- A negative value takes money back, it is no purchase.
        and conversion_value >= 0
),

marketing_users as (
    select * from {{ ref('customer_lifetime_value') }}
),

ticket_purchases as (
    select * from {{ ref('stg_ticket_purchases') }}
    where purchase_date <= {{ as_of_date('gaming') }}
),

players as (
    select * from {{ ref('dim_customer') }}
),

final as (
    select
        'shop' as domain,
        customer_id,
        order_id as purchase_id,
        order_date as purchase_date,
        amount as purchase_amount,
        attribution_channel as segment
    from shop_orders
    union all
    select
        'marketing' as domain,
        marketing_conversions.user_id as customer_id,
        marketing_conversions.conversion_id as purchase_id,
        marketing_conversions.conversion_date as purchase_date,
        marketing_conversions.conversion_value as purchase_amount,
        marketing_users.acquisition_channel as segment
    from marketing_conversions
    inner join marketing_users
        on marketing_conversions.user_id = marketing_users.user_id
    union all
    select
        'gaming' as domain,
        ticket_purchases.user_id as customer_id,
        ticket_purchases.purchase_id,
        ticket_purchases.purchase_date,
        ticket_purchases.purchase_amount_usd as purchase_amount,
        coalesce(players.country, 'unknown') as segment
    from ticket_purchases
    inner join players
        on ticket_purchases.user_id = players.user_id
)

select * from final
