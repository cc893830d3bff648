{%- set trend_days = var('churn_trend_days') | int -%}
{%- set recent_from = dbt.dateadd('day', -trend_days, as_of_date('shop')) -%}
{%- set previous_from = dbt.dateadd('day', -2 * trend_days, as_of_date('shop')) -%}

with orders as (
    select * from {{ ref('orders') }}
    where buyer_type in ('customer', 'test user')
),

final as (
    select
        customer_id,
        count(*) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        sum(amount) as gross_revenue,
        {% for group in ['successful', 'pending', 'returned'] %}
        sum(case when order_status_group = '{{ group }}' then amount else 0 end)
            as {{ group }}_revenue,
        {% endfor %}
        sum(case when order_status_group = 'successful' then 1 else 0 end)
            as successful_order_count,
        sum(case when order_status_group = 'successful' then promotional_amount else 0 end)
            as promotional_revenue,
        min(case when order_status_group = 'successful' then order_date end)
            as first_successful_order_date,
        max(case when order_status_group = 'successful' then order_date end)
            as last_successful_order_date,
        sum(
            case
                when order_status_group = 'successful' and order_date > {{ recent_from }} then 1
                else 0
            end
        ) as recent_order_count,
        sum(
            case
                when
                    order_status_group = 'successful'
                    and order_date > {{ previous_from }}
                    and order_date <= {{ recent_from }}
                    then 1
                else 0
            end
        ) as previous_order_count
    from orders
    group by 1
)

select * from final
