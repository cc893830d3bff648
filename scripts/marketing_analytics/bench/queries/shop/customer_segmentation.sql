-- In which segment is each customer, how recently, how often and for how much did they buy, and who is about to leave?
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

-- Orders and their payments stacked: one aggregation per customer, none per order.
facts as (
    select user_id, status, order_date, 0 as cents, false as is_promotional
    from dbt_production.orders
    where user_id is not null and order_date <= current_date
    union all
    select user_id, status, null, amount, payment_method in ('coupon', 'gift_card')
    from dbt_production.payments
    inner join dbt_production.orders on orders.id = payments.order_id
    where user_id is not null and order_date <= current_date
),

bought as (
    select
        user_id,
        min(order_date) filter (status in ('shipped', 'completed')) as first_date,
        max(order_date) filter (status in ('shipped', 'completed')) as last_date,
        count(order_date) filter (status in ('shipped', 'completed')) as orders,
        count(*) filter (
            status in ('shipped', 'completed') and order_date > (select day - 180 from as_of)
        ) as recent,
        count(*) filter (
            status in ('shipped', 'completed')
            and order_date > (select day - 360 from as_of)
            and order_date <= (select day - 180 from as_of)
        ) as previous,
        sum(cents) filter (status in ('shipped', 'completed')) as revenue,
        sum(cents) filter (status = 'placed') as pending,
        sum(cents) filter (status in ('returned', 'return_pending')) as returned,
        sum(cents) filter (status in ('shipped', 'completed') and is_promotional) as promotional
    from facts
    group by all
),

everybody as (
    select
        customers.id,
        first_date,
        last_date,
        coalesce(orders, 0) as orders,
        coalesce(recent, 0) as recent,
        coalesce(previous, 0) as previous,
        coalesce(revenue, 0)::bigint as revenue,
        coalesce(pending, 0)::bigint as pending,
        coalesce(returned, 0)::bigint as returned,
        coalesce(promotional, 0)::bigint as promotional,
        (select day from as_of) - last_date as recency,
        last_date - first_date as buying_days
    from dbt_production.customers
    left join bought on bought.user_id = customers.id
    where is_test_user is not true
),

-- The least value of each score: ties score alike, and few values are sorted instead of all buyers.
buyers as (
    select
        count(*) - 1 as others,
        sum(buying_days) filter (buying_days > 0) / sum(orders - 1) filter (buying_days > 0) as gap
    from everybody
    where orders > 0
),

recencies as (
    select
        min(last_date) = max(last_date) as is_same,
        min(last_date) filter (below >= 0.2 * others) as at_2,
        min(last_date) filter (below >= 0.4 * others) as at_3,
        min(last_date) filter (below >= 0.6 * others) as at_4,
        min(last_date) filter (below >= 0.8 * others) as at_5
    from (
        select last_date, sum(count(*)) over (order by last_date) - count(*) as below
        from everybody
        where orders > 0
        group by 1
    ), buyers
),

frequencies as (
    select
        min(orders) = max(orders) as is_same,
        min(orders) filter (below >= 0.2 * others) as at_2,
        min(orders) filter (below >= 0.4 * others) as at_3,
        min(orders) filter (below >= 0.6 * others) as at_4,
        min(orders) filter (below >= 0.8 * others) as at_5
    from (
        select orders, sum(count(*)) over (order by orders) - count(*) as below
        from everybody
        where orders > 0
        group by 1
    ), buyers
),

amounts as (
    select
        min(revenue) = max(revenue) as is_same,
        min(revenue) filter (below >= 0.2 * others) as at_2,
        min(revenue) filter (below >= 0.4 * others) as at_3,
        min(revenue) filter (below >= 0.6 * others) as at_4,
        min(revenue) filter (below >= 0.8 * others) as at_5
    from (
        select revenue, sum(count(*)) over (order by revenue) - count(*) as below
        from everybody
        where orders > 0
        group by 1
    ), buyers
),

scored as (
    select
        everybody.*,
        if(
            recencies.is_same, 3,
            1 + coalesce(last_date >= recencies.at_2, false)::int
            + coalesce(last_date >= recencies.at_3, false)::int
            + coalesce(last_date >= recencies.at_4, false)::int
            + coalesce(last_date >= recencies.at_5, false)::int
        ) as r,
        if(
            frequencies.is_same, 3,
            1 + coalesce(orders >= frequencies.at_2, false)::int
            + coalesce(orders >= frequencies.at_3, false)::int
            + coalesce(orders >= frequencies.at_4, false)::int
            + coalesce(orders >= frequencies.at_5, false)::int
        ) as f,
        if(
            amounts.is_same, 3,
            1 + coalesce(revenue >= amounts.at_2, false)::int
            + coalesce(revenue >= amounts.at_3, false)::int
            + coalesce(revenue >= amounts.at_4, false)::int
            + coalesce(revenue >= amounts.at_5, false)::int
        ) as m,
        recency / if(buying_days > 0, buying_days / (orders - 1), coalesce(gap, 180)) as gaps,
        if(previous > recent, 1 - recent / previous, 0) as decline
    from everybody, recencies, frequencies, amounts, buyers
),

placed as (
    select
        *,
        case
            when orders = 0 then 'No Purchase'
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
        end as segment,
        floor(
            70 * case when gaps <= 1 then 0 when gaps < 3 then (gaps - 1) / 2 when gaps >= 3 then 1 end
            + 30 * decline + 0.500000001
        )::int as risk
    from scored
)

select
    id as customer_id,
    segment as customer_segment,
    revenue::decimal(16, 0) * 0.01::decimal(2, 2) as total_revenue,
    orders as total_orders,
    if(orders > 0, r, null)::int as recency_score,
    if(orders > 0, f, null)::int as frequency_score,
    if(orders > 0, m, null)::int as monetary_score,
    marketing_action,
    recency as recency_days,
    coalesce(revenue / 100 / nullif(orders, 0), 0) as avg_order_value,
    first_date as first_order_date,
    last_date as last_order_date,
    pending::decimal(16, 0) * 0.01::decimal(2, 2) as pending_revenue,
    returned::decimal(16, 0) * 0.01::decimal(2, 2) as returned_revenue,
    (revenue + pending + returned)::decimal(16, 0) * 0.01::decimal(2, 2) as gross_revenue,
    case when orders = 0 then 'low' when m >= 4 then 'high' when m = 3 then 'medium' else 'low' end as value_tier,
    case
        when orders = 0 then 'low'
        when r >= 4 and f >= 3 then 'high'
        when r >= 3 or f >= 3 then 'moderate'
        else 'low'
    end as engagement_level,
    coalesce(promotional / nullif(revenue, 0), 0) as promotional_spend_rate,
    risk as churn_risk_score,
    case when risk >= 60 then 'high' when risk >= 30 then 'medium' when risk is not null then 'low' end
        as churn_risk_level,
    (select day from as_of) as as_of_date
from placed
left join rules.segment_actions on customer_segment = segment
