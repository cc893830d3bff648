with lines as (
    select * from {{ ref('int_customer_order_lines') }}
    where product_name <> {{ unknown_product() }}
),

members as (
    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'first_successful_order_date') }} as date) as cohort_month
    from {{ ref('int_customer_orders') }}
),

products as (
    select
        members.cohort_month,
        lines.product_name,
        sum(lines.amount) as revenue
    from lines
    inner join members
        on lines.customer_id = members.customer_id
    group by 1, 2
),

products_ranked as (
    select
        *,
        row_number() over (
            partition by cohort_month
            order by revenue desc nulls last, product_name asc nulls last
        ) as product_position
    from products
),

final as (
    select
        cohort_month,
        max(case when product_position = 1 then product_name end) as top_product_1,
        max(case when product_position = 2 then product_name end) as top_product_2,
        max(case when product_position = 3 then product_name end) as top_product_3
    from products_ranked
    where product_position <= 3
    group by 1
)

select * from final
