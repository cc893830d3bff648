with lines as (
    select * from {{ ref('int_customer_order_lines') }}
),

final as (
    select distinct
        customer_id,
        product_name
    from lines
)

select * from final
