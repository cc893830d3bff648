-- Test users are left out, so that they do not shift anybody's rank.
with customers as (
    select * from {{ ref('stg_customers') }}
    where not is_test_user
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

customers_with_orders as (
    select
        customers.customer_id,
        customer_orders.first_successful_order_date,
        customer_orders.last_successful_order_date,
        coalesce(customer_orders.successful_order_count, 0) as successful_order_count,
        coalesce(customer_orders.recent_order_count, 0) as recent_order_count,
        coalesce(customer_orders.previous_order_count, 0) as previous_order_count,
        coalesce(customer_orders.successful_revenue, 0) as successful_revenue,
        coalesce(customer_orders.pending_revenue, 0) as pending_revenue,
        coalesce(customer_orders.returned_revenue, 0) as returned_revenue,
        coalesce(customer_orders.promotional_revenue, 0) as promotional_revenue,
        coalesce(customer_orders.successful_order_count, 0) > 0 as is_buyer,
        {{ dbt.datediff('customer_orders.last_successful_order_date', as_of_date('shop'), 'day') }}
            as recency_days
    from customers
    left join customer_orders
        on customers.customer_id = customer_orders.customer_id
),

customers_ranked as (
    select
        *,
        percent_rank() over (partition by is_buyer order by recency_days desc nulls last)
            as recency_percent_rank,
        percent_rank() over (partition by is_buyer order by successful_order_count nulls last)
            as frequency_percent_rank,
        percent_rank() over (partition by is_buyer order by successful_revenue nulls last)
            as monetary_percent_rank
    from customers_with_orders
),

greatest_ranks as (
    select
        max(recency_percent_rank) as recency_percent_rank,
        max(frequency_percent_rank) as frequency_percent_rank,
        max(monetary_percent_rank) as monetary_percent_rank
    from customers_ranked
    where is_buyer
),

final as (
    select
        -- Ties share the lowest rank. Where the greatest rank is 0 all are equal: nobody is better
        -- or worse than the middle.
        {% for measure in ['recency', 'frequency', 'monetary'] %}
        cast(
            case
                when not customers_ranked.is_buyer then null
                when greatest_ranks.{{ measure }}_percent_rank = 0 then 3
                when customers_ranked.{{ measure }}_percent_rank = 1 then 5
                else 1 + floor(5 * customers_ranked.{{ measure }}_percent_rank)
            end as {{ dbt.type_int() }}
        ) as {{ measure }}_score,
        {% endfor %}
        customers_ranked.*
    from customers_ranked
    cross join greatest_ranks
)

select * from final
