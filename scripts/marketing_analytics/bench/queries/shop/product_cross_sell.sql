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

items as (
    select distinct order_id, coalesce(product, 'Unknown product') as product
    from dbt_production.order_items
),

bought as (
    select distinct
        user_id,
        coalesce(product, cycle_name, 'Unknown product') as product
    from dbt_production.orders
    semi join (select id as user_id from dbt_production.customers where is_test_user is not true)
        using (user_id)
    left join items on items.order_id = orders.id
    where status in ('shipped', 'completed') and order_date <= current_date
),


products as (
    select product, count(*) as customers from bought group by all
),

buyers as (
    select count(distinct user_id) as buyers from bought
),

pairs as (
    select a.product, b.product as other, count(*) as together
    from bought as a
    inner join bought as b on a.user_id = b.user_id and a.product <> b.product
    where b.product <> 'Unknown product'
    group by all
)

select
    pairs.product as product_name,
    other as cross_sell_product,
    products.customers as customer_count,
    together as cross_sell_customer_count,
    together / products.customers as confidence_rate,
    together / buyers as support_rate,
    together * buyers / (products.customers * others.customers) as lift_ratio,
    row_number() over (
        partition by pairs.product order by together desc, lift_ratio desc, other
    )::int as cross_sell_rank,
    (select day from as_of) as as_of_date
from pairs
inner join products on products.product = pairs.product
inner join products as others on others.product = other
cross join buyers
