with sales as (
    select * from {{ ref('int_product_sales_dated') }}
),

totals as (
    select
        product_name,
        count(*) as order_count,
        sum(case when is_successful then 1 else 0 end) as successful_order_count,
        sum(case when order_status_group = 'returned' then 1 else 0 end) as returned_order_count,
        sum(case when is_first_order then 1 else 0 end) as new_customer_count,
        sum(case when is_successful then quantity else 0 end) as quantity,
        sum(amount) as gross_revenue,
        {% for group in ['successful', 'pending', 'returned'] %}
        sum(case when order_status_group = '{{ group }}' then amount else 0 end)
            as {{ group }}_revenue,
        {% endfor %}
        {% for method in ['credit_card', 'bank_transfer', 'coupon', 'gift_card'] %}
        sum(case when is_successful then {{ method }}_revenue else 0 end)
            as {{ method }}_revenue,
        {% endfor %}
        {% for period in ['recent', 'previous', 'first_half'] %}
        sum(case when is_successful and is_{{ period }} then amount else 0 end)
            as {{ period }}_revenue,
        {% endfor %}
        min(order_date) as first_order_date,
        max(case when is_successful then order_date end) as last_successful_order_date
    from sales
    group by 1
),

-- Customers first: counting distinct keys would cost many times as much.
customer_products as (
    select
        customer_id,
        product_name,
        count(*) as order_count
    from sales
    where
        is_successful
        and customer_id is not null
    group by 1, 2
),

buyers as (
    select
        product_name,
        count(*) as customer_count,
        sum(case when order_count > 1 then 1 else 0 end) as repeat_customer_count
    from customer_products
    group by 1
),

final as (
    select
        totals.*,
        totals.coupon_revenue + totals.gift_card_revenue as promotional_revenue,
        coalesce(buyers.customer_count, 0) as customer_count,
        coalesce(buyers.repeat_customer_count, 0) as repeat_customer_count
    from totals
    left join buyers
        on totals.product_name = buyers.product_name
)

select * from final
