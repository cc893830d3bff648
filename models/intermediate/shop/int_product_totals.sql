with sales as (
    select * from {{ ref('int_product_sales') }}
),

shop_period as (
    select
        min(order_date) as first_order_date,
        {{ as_of_date('shop') }} as as_of_date
    from sales
),

sales_dated as (
    select
        sales.*,
        sales.order_status_group = 'successful' as is_successful,
        sales.order_date > {{ dbt.dateadd('day', -30, 'shop_period.as_of_date') }} as is_recent,
        sales.order_date > {{ dbt.dateadd('day', -60, 'shop_period.as_of_date') }}
        and sales.order_date <= {{ dbt.dateadd('day', -30, 'shop_period.as_of_date') }}
            as is_previous,
        -- The middle day of an odd number of days belongs to the first half.
        2 * {{ dbt.datediff('shop_period.first_order_date', 'sales.order_date', 'day') }}
        <= {{ dbt.datediff('shop_period.first_order_date', 'shop_period.as_of_date', 'day') }}
            as is_first_half
    from sales
    cross join shop_period
),

final as (
    select
        product_name,
        count(*) as order_count,
        sum(case when is_successful then 1 else 0 end) as successful_order_count,
        sum(case when order_status_group = 'returned' then 1 else 0 end) as returned_order_count,
        sum(case when is_successful then quantity else 0 end) as quantity,
        sum(amount) as gross_revenue,
        {% for group in ['successful', 'pending', 'returned'] %}
        sum(case when order_status_group = '{{ group }}' then amount else 0 end)
            as {{ group }}_revenue,
        {% endfor %}
        {% for method in ['credit_card', 'bank_transfer', 'coupon', 'gift_card', 'promotional'] %}
        sum(case when is_successful then {{ method }}_revenue else 0 end)
            as {{ method }}_revenue,
        {% endfor %}
        {% for period in ['recent', 'previous', 'first_half'] %}
        sum(case when is_successful and is_{{ period }} then amount else 0 end)
            as {{ period }}_revenue,
        {% endfor %}
        min(order_date) as first_order_date,
        max(case when is_successful then order_date end) as last_successful_order_date
    from sales_dated
    group by 1
)

select * from final
