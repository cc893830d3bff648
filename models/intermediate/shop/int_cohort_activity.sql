with orders as (
    select * from {{ ref('orders') }}
    where buyer_type = 'customer'
),

members as (
    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'first_successful_order_date') }} as date) as cohort_month
    from {{ ref('int_customer_orders') }}
    where first_successful_order_date is not null
),

-- Customers first, then cohorts: counting distinct keys would cost many times as much.
amounts_of_members as (
    select
        orders.customer_id,
        members.cohort_month,
        -- Orders before the first successful one count in the month of that one.
        greatest(orders.order_month, members.cohort_month) as activity_month,
        orders.order_status_group,
        count(*) as order_count,
        sum(orders.amount) as amount
    from orders
    inner join members
        on orders.customer_id = members.customer_id
    group by 1, 2, 3, 4
),

final as (
    select
        cohort_month,
        activity_month,
        sum(case when order_status_group = 'successful' then 1 else 0 end)
            as active_customer_count,
        sum(case when order_status_group = 'successful' then order_count else 0 end)
            as order_count,
        sum(amount) as gross_revenue,
        sum(case when order_status_group = 'successful' then amount else 0 end)
            as successful_revenue,
        sum(case when order_status_group = 'pending' then amount else 0 end) as pending_revenue,
        sum(case when order_status_group = 'returned' then amount else 0 end) as returned_revenue
    from amounts_of_members
    group by 1, 2
)

select * from final
