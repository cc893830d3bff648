with customer_products as (
    select * from {{ ref('int_customer_products') }}
),

buyers as (
    select count(*) as buyer_count from {{ ref('int_first_successful_orders') }}
),

products as (
    select
        product_name,
        count(*) as customer_count,
        row_number() over (order by product_name nulls last) as product_number
    from customer_products
    group by 1
),

-- Pairs of numbers are counted in half the time of pairs of names.
customer_product_numbers as (
    select
        customer_products.customer_id,
        products.product_number
    from customer_products
    inner join products
        on customer_products.product_name = products.product_name
),

pairs as (
    select
        numbers.product_number,
        other_numbers.product_number as cross_sell_product_number,
        count(*) as cross_sell_customer_count
    from customer_product_numbers as numbers
    inner join customer_product_numbers as other_numbers
        on
            numbers.customer_id = other_numbers.customer_id
            and numbers.product_number <> other_numbers.product_number
    group by 1, 2
),

pairs_measured as (
    select
        products.product_name,
        other_products.product_name as cross_sell_product,
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
        on pairs.product_number = products.product_number
    inner join products as other_products
        on pairs.cross_sell_product_number = other_products.product_number
    cross join buyers
    where other_products.product_name <> {{ unknown_product() }}
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
