with final as (
    {% for domain in ['shop', 'marketing', 'gaming'] if is_built(domain) %}
    {% if domain == 'shop' %}
    select
        'shop' as domain,
        customer_id,
        order_id as purchase_id,
        order_date as purchase_date,
        amount as purchase_amount,
        attribution_channel as segment
    from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
    {% elif domain == 'marketing' %}
    select
        'marketing' as domain,
        conversions.user_id as customer_id,
        conversions.conversion_id as purchase_id,
        conversions.conversion_date as purchase_date,
        conversions.conversion_value as purchase_amount,
        buyers.acquisition_channel as segment
    from {{ ref('stg_conversions') }} as conversions
    inner join {{ ref('customer_lifetime_value') }} as buyers
        on conversions.user_id = buyers.user_id
    where
        conversions.conversion_date <= {{ as_of_date('marketing') }}
        -- A negative value takes money back, it is no purchase.
        and conversions.conversion_value >= 0
    {% else %}
    select
        'gaming' as domain,
        purchases.user_id as customer_id,
        purchases.purchase_id,
        purchases.purchase_date,
        purchases.purchase_amount_usd as purchase_amount,
        coalesce(players.country, 'unknown') as segment
    from {{ ref('stg_ticket_purchases') }} as purchases
    inner join {{ ref('dim_customer') }} as players
        on purchases.user_id = players.user_id
    where purchases.purchase_date <= {{ as_of_date('gaming') }}
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
