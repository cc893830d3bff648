-- Who is each customer: orders, money, refunds, stage, segment and contacts, customers without orders included?
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

-- Refunds of known orders belong to the buyer, others to the customer whom they name.
refunds as (
    select
        refunds.order_id,
        orders.id as known_id,
        if(orders.id is null, refunds.user_id, orders.user_id) as user_id,
        amount
    from dbt_production.refunds
    left join dbt_production.orders
        on orders.id = refunds.order_id and order_date <= current_date
    where refunded_at < current_date + 1
),

-- Orders, their payments and refunds stacked: one aggregation per customer, none per order.
facts as (
    select user_id, status, order_date, 0 as cents, false as is_promotional, 0 as refund
    from dbt_production.orders
    where user_id is not null and order_date <= current_date
    union all
    select
        user_id,
        status,
        null,
        amount,
        payment_method in ('coupon', 'gift_card'),
        -- A returned order has been paid back, even where nobody has entered the refund.
        if(
            status in ('returned', 'return_pending')
            and orders.id not in (select known_id from refunds where known_id is not null),
            amount, 0
        )
    from dbt_production.payments
    inner join dbt_production.orders on orders.id = payments.order_id
    where user_id is not null and order_date <= current_date
    union all
    select user_id, null, null, 0, false, amount
    from refunds
    where user_id is not null
),

bought as (
    select
        user_id,
        min(order_date) as first_date,
        max(order_date) as last_date,
        count(order_date) as orders,
        sum(cents) as gross,
        max(order_date) filter (status in ('shipped', 'completed')) as last_successful_date,
        count(order_date) filter (status in ('shipped', 'completed')) as successful_orders,
        sum(cents) filter (status in ('shipped', 'completed')) as revenue,
        sum(cents) filter (status = 'placed') as pending,
        sum(cents) filter (status in ('returned', 'return_pending')) as returned,
        sum(cents) filter (status in ('shipped', 'completed') and is_promotional) as promotional,
        sum(refund) as refund
    from facts
    group by all
),

contacted as (
    select
        user_id,
        count(*) as contacts,
        arg_max((contacted_at::date, action), (contacted_at, id)) as last_contact
    from dbt_production.customer_contacts
    where contacted_at < current_date + 1
    group by all
),

everybody as (
    select
        customers.id,
        coalesce(is_test_user, false) as is_test_user,
        bought.* exclude (user_id, orders, successful_orders, revenue),
        coalesce(orders, 0) as orders,
        coalesce(successful_orders, 0) as successful_orders,
        coalesce(revenue, 0)::bigint as revenue
    from dbt_production.customers
    left join bought on bought.user_id = customers.id
),

-- The least value of each score, of real customers who bought: ties score alike.
buyers as (
    select count(*) - 1 as others
    from everybody
    where successful_orders > 0 and not is_test_user
),

recencies as (
    select
        min(last_successful_date) = max(last_successful_date) as is_same,
        min(last_successful_date) filter (below >= 0.2 * others) as at_2,
        min(last_successful_date) filter (below >= 0.4 * others) as at_3,
        min(last_successful_date) filter (below >= 0.6 * others) as at_4
    from (
        select last_successful_date, sum(count(*)) over (order by last_successful_date) - count(*) as below
        from everybody
        where successful_orders > 0 and not is_test_user
        group by 1
    ), buyers
),

frequencies as (
    select
        min(successful_orders) = max(successful_orders) as is_same,
        min(successful_orders) filter (below >= 0.4 * others) as at_3,
        min(successful_orders) filter (below >= 0.6 * others) as at_4
    from (
        select successful_orders, sum(count(*)) over (order by successful_orders) - count(*) as below
        from everybody
        where successful_orders > 0 and not is_test_user
        group by 1
    ), buyers
),

amounts as (
    select
        min(revenue) = max(revenue) as is_same,
        min(revenue) filter (below >= 0.4 * others) as at_3,
        min(revenue) filter (below >= 0.6 * others) as at_4
    from (
        select revenue, sum(count(*)) over (order by revenue) - count(*) as below
        from everybody
        where successful_orders > 0 and not is_test_user
        group by 1
    ), buyers
),

-- Segments ask for scores of 2, 3 and 4 only.
scored as (
    select
        everybody.*,
        if(
            recencies.is_same, 3,
            1 + coalesce(last_successful_date >= recencies.at_2, false)::int
            + coalesce(last_successful_date >= recencies.at_3, false)::int
            + coalesce(last_successful_date >= recencies.at_4, false)::int
        ) as r,
        if(
            frequencies.is_same, 3,
            2 + coalesce(successful_orders >= frequencies.at_3, false)::int
            + coalesce(successful_orders >= frequencies.at_4, false)::int
        ) as f,
        if(
            amounts.is_same, 3,
            2 + coalesce(revenue >= amounts.at_3, false)::int
            + coalesce(revenue >= amounts.at_4, false)::int
        ) as m
    from everybody, recencies, frequencies, amounts
)

select
    scored.id as customer_id,
    null::text as first_name,
    null::text as last_name,
    first_date as first_order_date,
    last_date as last_order_date,
    orders as number_of_orders,
    revenue::decimal(16, 0) * 0.01::decimal(2, 2) as customer_lifetime_value,
    coalesce(gross, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as total_spend,
    is_test_user,
    successful_orders as successful_order_count,
    coalesce(pending, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as pending_revenue,
    coalesce(returned, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as returned_revenue,
    coalesce(refund, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as refund_amount,
    coalesce(revenue / 100 / nullif(successful_orders, 0), 0) as avg_order_value,
    coalesce(promotional / nullif(revenue, 0), 0) as promotional_spend_rate,
    (select day from as_of) - last_date as days_since_last_order,
    case
        when orders = 0 then 'no order'
        when orders = 1 then 'new'
        when orders <= 3 then 'active'
        else 'loyal'
    end as lifecycle_stage,
    case
        when is_test_user then null
        when successful_orders = 0 then 'No Purchase'
        when r >= 4 and f >= 4 and m >= 4 then 'Champions'
        when r >= 3 and f >= 3 and m >= 4 then 'Loyal Customers'
        when r <= 2 and f >= 4 and m >= 4 then 'Can''t Lose Them'
        when r <= 2 and (f >= 3 or m >= 3) then 'At Risk'
        when r >= 4 and f <= 2 and m <= 2 then 'New Customers'
        when r >= 3 and m >= 3 then 'Potential Loyalists'
        when r >= 3 and f <= 2 then 'Promising'
        when r >= 3 then 'Need Attention'
        when r = 2 then 'Hibernating'
        else 'Lost'
    end as customer_segment,
    coalesce(contacts, 0) as contact_count,
    last_contact[1] as last_contact_date,
    last_contact[2] as last_contact_action,
    (select day from as_of) as as_of_date
from scored
left join contacted on contacted.user_id = scored.id
