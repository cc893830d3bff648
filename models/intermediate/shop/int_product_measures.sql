with totals as (
    select * from {{ ref('int_product_totals') }}
),

accounts as (
    select count(*) as account_count from {{ ref('stg_customers') }}
    where not is_test_user
),

-- Products with the same revenue share rank and class, so a class depends on those that sell more.
products_ranked as (
    select
        *,
        rank() over (order by successful_revenue desc nulls last) as revenue_rank,
        cast(sum(successful_revenue) over () as {{ type_money() }}) as shop_revenue,
        cast(
            sum(successful_revenue) over (order by successful_revenue desc nulls last)
            - successful_revenue * count(*) over (partition by successful_revenue)
            as {{ type_money() }}
        ) as better_sellers_revenue
    from totals
),

final as (
    select
        products_ranked.*,
        accounts.account_count,
        {{ safe_ratio('products_ranked.returned_order_count', 'products_ranked.order_count') }}
            as return_rate,
        {{ safe_ratio('products_ranked.repeat_customer_count', 'products_ranked.customer_count') }}
            as repeat_purchase_rate,
        {{ dbt.datediff('products_ranked.first_order_date', as_of_date('shop'), 'day') }}
            as days_since_first_order,
        {{ dbt.datediff('products_ranked.last_successful_order_date', as_of_date('shop'), 'day') }}
            as days_since_last_sale
    from products_ranked
    cross join accounts
)

select * from final
