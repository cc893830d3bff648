with customer_products as (
    select * from {{ ref('int_customer_products') }}
),

sales as (
    select * from {{ ref('int_product_sales') }}
    where customer_id is not null
),

first_orders as (
    select * from {{ ref('int_first_successful_orders') }}
),

buyers as (
    select
        product_name,
        count(*) as customer_count,
        sum(case when order_count > 1 then 1 else 0 end) as repeat_customer_count
    from customer_products
    group by 1
),

first_purchases as (
    select
        sales.product_name,
        count(*) as new_customer_count
    from sales
    inner join first_orders
        on sales.order_id = first_orders.order_id
    group by 1
),

final as (
    select
        buyers.product_name,
        buyers.customer_count,
        buyers.repeat_customer_count,
        coalesce(first_purchases.new_customer_count, 0) as new_customer_count
    from buyers
    left join first_purchases
        on buyers.product_name = first_purchases.product_name
)

select * from final
