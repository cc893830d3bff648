-- How does each product sell, to whom, how paid, is it growing, and what is bought with it?
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

paid as (
    select
        order_id,
        sum(amount)::bigint as total,
        coalesce(sum(amount) filter (payment_method = 'credit_card'), 0)::bigint as card,
        coalesce(sum(amount) filter (payment_method = 'bank_transfer'), 0)::bigint as bank,
        coalesce(sum(amount) filter (payment_method = 'coupon'), 0)::bigint as coupon,
        coalesce(sum(amount) filter (payment_method = 'gift_card'), 0)::bigint as gift
    from dbt_production.payments
    where order_id is not null
    group by all
),

-- Several lines of the same product in an order are one sale.
items as (
    select
        order_id,
        coalesce(product, 'Unknown product') as product,
        sum(coalesce(quantity, 1))::bigint as quantity,
        coalesce(sum(amount), 0)::bigint as amount
    from dbt_production.order_items
    group by 1, 2
),

firsts as (
    select arg_min(id, (order_date, id)) as first_id
    from dbt_production.orders
    semi join (select id as user_id from dbt_production.customers where is_test_user is not true)
        using (user_id)
    where status in ('shipped', 'completed') and order_date <= current_date
    group by user_id
),

sales as (
    select
        customers.id as customer_id,
        order_date,
        first_id is not null as is_first,
        status in ('shipped', 'completed') as is_successful,
        status,
        coalesce(product, cycle_name, 'Unknown product') as product,
        coalesce(items.quantity, 1) as quantity,
        coalesce(items.amount, total, 0) as amount,
        -- The products of an order share its payments by their amounts.
        coalesce(items.amount, total) / nullif(total, 0) / 100 as share,
        card,
        bank,
        coupon,
        gift
    from dbt_production.orders
    left join paid on paid.order_id = orders.id
    left join items on items.order_id = orders.id
    left join dbt_production.customers on customers.id = orders.user_id
    left join firsts on first_id = orders.id
    where order_date <= current_date and is_test_user is not true
),

period as (
    select
        min(order_date) as first_day,
        any_value(day) as day
    from sales, as_of
),

by_product as (
    select
        product,
        count(*) as orders,
        count(*) filter (is_successful) as successful_orders,
        count(*) filter (status in ('returned', 'return_pending')) as returned_orders,
        count(*) filter (is_first) as new_customers,
        coalesce(sum(quantity) filter (is_successful), 0)::bigint as quantity,
        sum(amount) as gross,
        coalesce(sum(amount) filter (is_successful), 0) as revenue,
        coalesce(sum(amount) filter (status = 'placed'), 0) as pending,
        coalesce(sum(amount) filter (status in ('returned', 'return_pending')), 0) as returned,
        coalesce(sum((card * share)::decimal(38, 12)) filter (is_successful), 0) as card,
        coalesce(sum((bank * share)::decimal(38, 12)) filter (is_successful), 0) as bank,
        coalesce(sum((coupon * share)::decimal(38, 12)) filter (is_successful), 0) as coupon,
        coalesce(sum((gift * share)::decimal(38, 12)) filter (is_successful), 0) as gift,
        coalesce(sum(amount) filter (is_successful and order_date > day - 30), 0) as recent,
        coalesce(sum(amount) filter (
            is_successful and order_date > day - 60 and order_date <= day - 30
        ), 0) as previous,
        coalesce(sum(amount) filter (
            is_successful and 2 * (order_date - first_day) <= day - first_day
        ), 0) as first_half,
        min(order_date) as first_date,
        max(order_date) filter (is_successful) as last_date
    from sales, period
    group by product
),

bought as (
    select customer_id, product, count(*) as orders
    from sales
    where is_successful and customer_id is not null
    group by 1, 2
),

buyers as (
    select
        product,
        row_number() over () as number,
        count(*) as customers,
        count(*) filter (orders > 1) as repeaters
    from bought
    group by product
),

-- Products as numbers, and customers with the same products together: few pairs are left to count.
baskets as (
    select basket, count(*) as customers
    from (
        select list_sort(list(number)) as basket
        from bought
        inner join buyers using (product)
        group by customer_id
    )
    group by basket
),

pairs as (
    select number, other, sum(customers)::bigint as together
    from (
        select number, unnest(basket) as other, customers
        from (select basket, unnest(basket) as number, customers from baskets)
    )
    where number <> other
    group by all
),

-- By customers, lift and name: what all pairs of a product have in common is left out of the lift.
companions as (
    select
        buyers.product,
        arg_min((others.product, together), (-together, -together / others.customers, others.product)) as best
    from pairs
    inner join buyers on buyers.number = pairs.number
    inner join buyers as others on others.number = other and others.product <> 'Unknown product'
    group by buyers.product
),

measured as (
    select
        by_product.*,
        coalesce(customers, 0) as customers,
        coalesce(repeaters, 0) as repeaters,
        sum(revenue) over () as shop_revenue,
        rank() over (order by revenue desc) as revenue_rank,
        sum(revenue) over (order by revenue desc) - revenue * count(*) over (partition by revenue) as better,
        returned_orders / by_product.orders as return_rate,
        coalesce(repeaters / customers, 0) as repeat_rate
    from by_product
    left join buyers using (product)
),

graded as (
    select
        *,
        case
            when shop_revenue = 0 then 'A'
            when better < shop_revenue * 0.8 then 'A'
            when better < shop_revenue * 0.95 then 'B'
            else 'C'
        end as class
    from measured
),

judged as (
    select
        *,
        case
            when return_rate > 0.2 and orders >= 5 then 'Problem'
            when (select day from as_of) - first_date < 30 then 'New'
            when last_date is null or (select day from as_of) - last_date > 60 then 'Declining'
            when class = 'A' and revenue >= 2 * first_half then 'Star'
            when class = 'A' or repeat_rate > 0.3 then 'Cash Cow'
            else 'Standard'
        end as product_status
    from graded
)

select
    product as product_name,
    revenue_rank::int as revenue_rank,
    revenue::decimal(16, 0) * 0.01::decimal(2, 2) as total_revenue,
    return_rate,
    class as abc_category,
    judged.product_status,
    marketing_recommendation,
    orders as order_count,
    successful_orders as successful_order_count,
    returned_orders as returned_order_count,
    quantity,
    pending::decimal(16, 0) * 0.01::decimal(2, 2) as pending_revenue,
    returned::decimal(16, 0) * 0.01::decimal(2, 2) as returned_revenue,
    gross::decimal(16, 0) * 0.01::decimal(2, 2) as gross_revenue,
    coalesce(revenue / nullif(shop_revenue, 0), 0) as revenue_share_rate,
    coalesce(revenue / 100 / nullif(successful_orders, 0), 0) as avg_order_value,
    customers as customer_count,
    coalesce(
        customers / nullif((select count(*) from dbt_production.customers where is_test_user is not true), 0), 0
    ) as market_penetration_rate,
    repeaters as repeat_customer_count,
    repeat_rate as repeat_purchase_rate,
    new_customers as new_customer_count,
    coalesce(new_customers / nullif(customers, 0), 0) as acquisition_rate,
    coalesce(100 * (coupon + gift)::double / nullif(revenue, 0), 0) as promotional_dependency_rate,
    case
        when bank > 0 and bank >= card and bank >= coupon and bank >= gift then 'bank_transfer'
        when coupon > 0 and coupon >= card and coupon >= gift then 'coupon'
        when card > 0 and card >= gift then 'credit_card'
        when gift > 0 then 'gift_card'
    end as preferred_payment_method,
    coalesce(100 * card::double / nullif(revenue, 0), 0) as credit_card_share_rate,
    coalesce(100 * bank::double / nullif(revenue, 0), 0) as bank_transfer_share_rate,
    coalesce(100 * coupon::double / nullif(revenue, 0), 0) as coupon_share_rate,
    coalesce(100 * gift::double / nullif(revenue, 0), 0) as gift_card_share_rate,
    first_date as first_order_date,
    last_date as last_successful_order_date,
    case
        when (select day from as_of) - first_date < 30 then 'New'
        when recent > previous * 1.1 then 'Growth'
        when recent < previous * 0.9 or recent = 0 then 'Declining'
        else 'Mature'
    end as lifecycle_stage,
    recent::decimal(16, 0) * 0.01::decimal(2, 2) as recent_revenue,
    previous::decimal(16, 0) * 0.01::decimal(2, 2) as previous_revenue,
    best[1] as cross_sell_product,
    coalesce(best[2], 0) as cross_sell_customer_count,
    (select day from as_of) as as_of_date
from judged
left join companions using (product)
left join rules.product_actions
    on product_actions.product_status = judged.product_status and product <> 'Unknown product'
