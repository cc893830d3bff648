-- Of the customers who first bought in a month, how many come back in which month, and what do they bring?
-- The latest day with an event, never later than today: what happened by today is all that is known.
with as_of as (
    select least(
        greatest(
            (select max(order_date) from dbt_production.orders),
            (select max(refunded_at) from dbt_production.refunds)::date,
            (select max(contacted_at) from dbt_production.customer_contacts)::date
        ),
        current_date
    ) as day
),

members as (
    select user_id, date_trunc('month', min(order_date))::date as cohort
    from dbt_production.orders
    semi join (select id as user_id from dbt_production.customers where is_test_user is not true)
        using (user_id)
    where status in ('shipped', 'completed') and order_date <= current_date
    group by user_id
),

sales as (
    select
        id,
        user_id,
        cohort,
        -- Orders before the first successful one count in the month of that one.
        greatest(date_trunc('month', order_date)::date, cohort) as month,
        status,
        cycle_name
    from dbt_production.orders
    inner join members using (user_id)
    where order_date <= current_date
),

-- Payments need no customer: what is summed by month, status and product are few rows.
paid as (
    select
        cohort,
        month,
        status,
        sales.cycle_name,
        sales.id not in (select order_id from dbt_production.order_items where order_id is not null) as is_bare,
        coalesce(sum(amount), 0) as cents
    from sales
    left join dbt_production.payments on payments.order_id = sales.id
    group by all
),

money as (
    select
        cohort,
        month,
        sum(cents) as gross,
        sum(cents) filter (status in ('shipped', 'completed')) as revenue,
        sum(cents) filter (status = 'placed') as pending,
        sum(cents) filter (status in ('returned', 'return_pending')) as returned
    from paid
    group by all
),

active as (
    select cohort, month, count(*) as active, sum(orders) as orders
    from (
        select user_id, cohort, month, count(*) as orders
        from sales
        where status in ('shipped', 'completed')
        group by all
    )
    group by all
),

by_month as (
    select * from money left join active using (cohort, month)
),

-- A row for each month up to now, also for those without any order.
grid as (
    select
        cohort,
        months,
        cohort + to_months(months::int) as month,
        active as members
    from by_month, range(0, 600) as numbers (months)
    where month = cohort and months <= datediff('month', cohort, (select day from as_of))
),

filled as (
    select
        grid.cohort,
        grid.month::date as month,
        months,
        members,
        last_day(grid.month) <= (select day from as_of) as is_complete,
        coalesce(active, 0) as active,
        coalesce(orders, 0) as orders,
        coalesce(gross, 0) as gross,
        coalesce(revenue, 0) as revenue,
        coalesce(pending, 0) as pending,
        coalesce(returned, 0) as returned
    from grid
    left join by_month on by_month.cohort = grid.cohort and by_month.month = grid.month
),

measured as (
    select
        *,
        sum(revenue) over (partition by cohort order by months) as cumulative,
        sum(revenue) over (partition by cohort) / 100 / members as member_value,
        count(*) filter (is_complete and months between 1 and 6) over (partition by cohort) as months_6,
        100 * sum(active) filter (is_complete and months between 1 and 6) over (partition by cohort)
        / nullif(members * months_6, 0) as retention_6,
        100 * sum(active) filter (is_complete and months between 1 and 12) over (partition by cohort)
        / nullif(members * count(*) filter (is_complete and months between 1 and 12) over (partition by cohort), 0)
            as retention_12
    from filled
),

-- An order with lines sells those; one without sells the product that it names, for what was paid.
products as (
    select cohort, product, coalesce(sum(amount), 0) as revenue
    from sales
    inner join dbt_production.order_items on order_id = sales.id
    where status in ('shipped', 'completed')
    group by all
    union all
    select cohort, cycle_name, cents
    from paid
    where status in ('shipped', 'completed') and is_bare
),

best as (
    select cohort, list(product order by revenue desc, product) as names
    from (
        select cohort, product, sum(revenue) as revenue
        from products
        where product <> 'Unknown product'
        group by all
    )
    group by all
)

select
    cohort as cohort_month,
    months as months_since_first_purchase,
    100 * active / members as retention_rate,
    revenue::decimal(16, 0) * 0.01::decimal(2, 2) as cohort_revenue,
    case
        when months_6 < 6 then null
        when retention_6 > 40 and member_value > 500 then 'Premium'
        when retention_6 > 30 and member_value > 300 then 'High Value'
        when retention_6 > 20 and member_value > 200 then 'Standard'
        when retention_6 > 10 then 'Below Average'
        else 'At Risk'
    end as cohort_quality,
    month as activity_month,
    members as cohort_size,
    active as active_customer_count,
    orders::bigint as order_count,
    pending::decimal(16, 0) * 0.01::decimal(2, 2) as pending_revenue,
    returned::decimal(16, 0) * 0.01::decimal(2, 2) as returned_revenue,
    gross::decimal(16, 0) * 0.01::decimal(2, 2) as gross_revenue,
    revenue / 100 / members as revenue_per_customer,
    cumulative::decimal(16, 0) * 0.01::decimal(2, 2) as cumulative_revenue,
    cumulative / 100 / members as cumulative_revenue_per_customer,
    is_complete,
    retention_6 as avg_retention_1_to_6,
    retention_12 as avg_retention_1_to_12,
    case
        when months = 0 then 'Acquisition'
        when months <= 3 then 'Activation'
        when months <= 6 then 'Retention'
        when months <= 12 then 'Revenue'
        else 'Referral'
    end as retention_stage,
    names[1] as top_product_1,
    names[2] as top_product_2,
    names[3] as top_product_3,
    (select day from as_of) as as_of_date
from measured
left join best using (cohort)
