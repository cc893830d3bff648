-- Which products do customers of a product buy, too, and how much more often than all buyers?
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

bought as (
    select distinct
        user_id,
        coalesce(product, cycle_name, 'Unknown product') as product
    from dbt_production.orders
    semi join (select id as user_id from dbt_production.customers where is_test_user is not true)
        using (user_id)
    left join (
        select order_id, coalesce(product, 'Unknown product') as product
        from dbt_production.order_items
    ) on order_id = orders.id
    where status in ('shipped', 'completed') and order_date <= current_date
),

-- Products as numbers, and customers with the same products together: few pairs are left to count.
named as (
    select product, row_number() over () as number
    from (select distinct product from bought)
),

baskets as (
    select basket, count(*) as customers
    from (
        select list_sort(list(number)) as basket
        from bought
        inner join named using (product)
        group by user_id
    )
    group by basket
),

singles as (
    select basket, unnest(basket) as number, customers from baskets
),

products as (
    select number, product, sum(customers)::bigint as customers
    from singles
    inner join named using (number)
    group by all
),

pairs as (
    select number, other, sum(customers)::bigint as together
    from (select number, unnest(basket) as other, customers from singles)
    where number <> other
    group by all
),

buyers as (
    select sum(customers)::bigint as buyers from baskets
)

select
    products.product as product_name,
    others.product as cross_sell_product,
    products.customers as customer_count,
    together as cross_sell_customer_count,
    together / products.customers as confidence_rate,
    together / buyers as support_rate,
    together * buyers / (products.customers * others.customers) as lift_ratio,
    row_number() over (
        partition by products.product order by together desc, lift_ratio desc, others.product
    )::int as cross_sell_rank,
    (select day from as_of) as as_of_date
from pairs
inner join products on products.number = pairs.number
inner join products as others on others.number = other and others.product <> 'Unknown product'
cross join buyers
