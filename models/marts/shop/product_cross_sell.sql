with baskets as (
    select * from {{ ref('int_product_baskets') }}
),

products as (
    select
        product_name,
        cast(sum(customer_count) as {{ dbt.type_bigint() }}) as customer_count
    from baskets
    group by 1
),

basket_sizes as (
    select distinct
        basket_id,
        customer_count
    from baskets
),

buyers as (
    select cast(sum(customer_count) as {{ dbt.type_bigint() }}) as buyer_count
    from basket_sizes
),

pairs as (
    select
        baskets.product_name,
        other_products.product_name as cross_sell_product,
        cast(sum(baskets.customer_count) as {{ dbt.type_bigint() }}) as cross_sell_customer_count
    from baskets
    inner join baskets as other_products
        on
            baskets.basket_id = other_products.basket_id
            and baskets.product_name <> other_products.product_name
    group by 1, 2
),

pairs_measured as (
    select
        pairs.product_name,
        pairs.cross_sell_product,
        products.customer_count,
        pairs.cross_sell_customer_count,
        {{ safe_ratio('pairs.cross_sell_customer_count', 'products.customer_count') }}
            as confidence_rate,
        {{ safe_ratio('pairs.cross_sell_customer_count', 'buyers.buyer_count') }} as support_rate,
        {{ safe_ratio(
            'pairs.cross_sell_customer_count * buyers.buyer_count',
            'products.customer_count * other_products.customer_count'
        ) }} as lift_ratio
    from pairs
    inner join products
        on pairs.product_name = products.product_name
    inner join products as other_products
        on pairs.cross_sell_product = other_products.product_name
    cross join buyers
    where pairs.cross_sell_product <> {{ unknown_product() }}
),

final as (
    select
        cast(product_name as {{ dbt.type_string() }}) as product_name,
        cast(cross_sell_product as {{ dbt.type_string() }}) as cross_sell_product,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(cross_sell_customer_count as {{ dbt.type_bigint() }}) as cross_sell_customer_count,
        cast(confidence_rate as {{ type_double() }}) as confidence_rate,
        cast(support_rate as {{ type_double() }}) as support_rate,
        cast(lift_ratio as {{ type_double() }}) as lift_ratio,
        cast(
            row_number() over (
                partition by product_name
                order by
                    cross_sell_customer_count desc nulls last,
                    lift_ratio desc nulls last,
                    cross_sell_product asc nulls last
            ) as {{ dbt.type_int() }}
        ) as cross_sell_rank,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from pairs_measured
)

select * from final
