with sales as (
    select * from {{ ref('int_product_sales') }}
),

first_orders as (
    select * from {{ ref('int_first_successful_orders') }}
),

shop_period as (
    select
        min(order_date) as first_order_date,
        {{ as_of_date('shop') }} as as_of_date
    from {{ ref('orders') }}
    where buyer_type <> 'test user'
),

final as (
    select
        sales.*,
        sales.order_status_group = 'successful' as is_successful,
        first_orders.order_id is not null as is_first_order,
        sales.order_date > {{ dbt.dateadd('day', -30, 'shop_period.as_of_date') }} as is_recent,
        sales.order_date > {{ dbt.dateadd('day', -60, 'shop_period.as_of_date') }}
        and sales.order_date <= {{ dbt.dateadd('day', -30, 'shop_period.as_of_date') }}
            as is_previous,
        -- The middle day of an odd number of days belongs to the first half.
        2 * {{ dbt.datediff('shop_period.first_order_date', 'sales.order_date', 'day') }}
        <= {{ dbt.datediff('shop_period.first_order_date', 'shop_period.as_of_date', 'day') }}
            as is_first_half
    from sales
    left join first_orders
        on sales.order_id = first_orders.order_id
    cross join shop_period
)

select * from final
