-- Customers with the same products count together, since there are far fewer baskets to pair.
with customer_products as (
    select * from {{ ref('int_customer_products') }}
),

-- Names would be ambiguous in a text: they may hold the comma that parts them.
product_numbers as (
    select
        product_name,
        row_number() over (order by product_name nulls last) as product_number
    from customer_products
    group by 1
),

customers as (
    select
        customer_products.customer_id,
        {{ sorted_numbers('product_numbers.product_number') }} as product_numbers
    from customer_products
    inner join product_numbers
        on customer_products.product_name = product_numbers.product_name
    group by 1
),

baskets as (
    select
        product_numbers,
        min(customer_id) as basket_id,
        count(*) as customer_count
    from customers
    group by 1
),

final as (
    select
        baskets.basket_id,
        customer_products.product_name,
        baskets.customer_count
    from baskets
    inner join customer_products
        on baskets.basket_id = customer_products.customer_id
)

select * from final
