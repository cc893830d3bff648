with sales as (
    select * from {{ ref('int_product_sales') }}
    where
        order_status_group = 'successful'
        and customer_id is not null
),

final as (
    select
        customer_id,
        product_name,
        count(*) as order_count
    from sales
    group by 1, 2
)

select * from final
