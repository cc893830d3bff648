with totals as (
    select * from {{ ref('int_product_totals') }}
),

buyers as (
    select * from {{ ref('int_product_buyers') }}
),

accounts as (
    select count(*) as account_count from {{ ref('stg_customers') }}
    where not is_test_user
),

-- Products with the same revenue share rank and class, so a class depends on those that sell more.
products_ranked as (
    select
        *,
        rank() over (order by successful_revenue desc) as revenue_rank,
        sum(successful_revenue) over () as shop_revenue,
        sum(successful_revenue) over (order by successful_revenue desc)
        - successful_revenue * count(*) over (partition by successful_revenue)
            as better_sellers_revenue
    from totals
),

final as (
    select
        products_ranked.*,
        accounts.account_count,
        coalesce(buyers.customer_count, 0) as customer_count,
        coalesce(buyers.repeat_customer_count, 0) as repeat_customer_count,
        coalesce(buyers.new_customer_count, 0) as new_customer_count,
        {{ safe_ratio('products_ranked.better_sellers_revenue', 'products_ranked.shop_revenue') }}
            as better_sellers_rate,
        {{ safe_ratio('products_ranked.returned_order_count', 'products_ranked.order_count') }}
            as return_rate,
        {{ safe_ratio('buyers.repeat_customer_count', 'buyers.customer_count') }}
            as repeat_purchase_rate,
        {{ dbt.datediff('products_ranked.first_order_date', as_of_date('shop'), 'day') }}
            as days_since_first_order,
        {{ dbt.datediff('products_ranked.last_successful_order_date', as_of_date('shop'), 'day') }}
            as days_since_last_sale
    from products_ranked
    left join buyers
        on products_ranked.product_name = buyers.product_name
    cross join accounts
)

select * from final
