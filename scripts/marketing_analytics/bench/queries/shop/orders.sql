-- What did each order bring, by payment method, who bought, by which channel, and what went back?
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
        count(*) as payments,
        sum(amount) as total,
        sum(amount) filter (payment_method = 'credit_card') as card,
        sum(amount) filter (payment_method = 'bank_transfer') as bank,
        sum(amount) filter (payment_method = 'coupon') as coupon,
        sum(amount) filter (payment_method = 'gift_card') as gift,
        bool_or(payment_method in ('coupon', 'gift_card')) as is_promotional
    from dbt_production.payments
    where order_id is not null
    group by all
),

refunded as (
    select
        order_id,
        count(*) as refunds,
        sum(amount) as total
    from dbt_production.refunds
    where order_id is not null and refunded_at < current_date + 1
    group by all
),

sales as (
    select
        orders.*,
        status in ('returned', 'return_pending') and refunded.order_id is null as is_assumed,
        -- Minor units: 16 digits of them become an amount by one multiplication of integers.
        coalesce(paid.total, 0)::decimal(16, 0) as total,
        coalesce(card, 0)::decimal(16, 0) as card,
        coalesce(bank, 0)::decimal(16, 0) as bank,
        coalesce(coupon, 0)::decimal(16, 0) as coupon,
        coalesce(gift, 0)::decimal(16, 0) as gift,
        coalesce(refunded.total, 0)::decimal(16, 0) as refund,
        coalesce(payments, 0) as payments,
        coalesce(is_promotional, false) as is_promotional,
        coalesce(refunds, 0) as refunds,
        case
            when orders.user_id is null then 'guest'
            when customers.id is null then 'unknown customer'
            when is_test_user then 'test user'
            else 'customer'
        end as buyer_type
    from dbt_production.orders
    left join paid on paid.order_id = orders.id
    left join refunded on refunded.order_id = orders.id
    left join dbt_production.customers on customers.id = orders.user_id
    where order_date <= current_date
)

select
    id as order_id,
    user_id as customer_id,
    order_date,
    status,
    card * 0.01::decimal(2, 2) as credit_card_amount,
    coupon * 0.01::decimal(2, 2) as coupon_amount,
    bank * 0.01::decimal(2, 2) as bank_transfer_amount,
    gift * 0.01::decimal(2, 2) as gift_card_amount,
    total * 0.01::decimal(2, 2) as amount,
    ((total - card - bank - coupon - gift) * 0.01::decimal(2, 2))::decimal(18, 2) as other_amount,
    ((coupon + gift) * 0.01::decimal(2, 2))::decimal(18, 2) as promotional_amount,
    payments as payment_count,
    case
        when status in ('shipped', 'completed') then 'successful'
        when status in ('returned', 'return_pending') then 'returned'
        when status = 'placed' then 'pending'
        else 'unknown'
    end as order_status_group,
    cycle_name as product_name,
    date_trunc('month', order_date)::date as order_month,
    isodow(order_date) >= 6 as is_weekend,
    is_promotional as has_promotional_payment,
    buyer_type,
    case
        when is_promotional then 'Promotional Campaign'
        when isodow(order_date) >= 6 then 'Social Media'
        when total > 10000 then 'Email Marketing'
        else 'Organic'
    end as attribution_channel,
    refunds as refund_count,
    if(is_assumed, total, refund) * 0.01::decimal(2, 2) as refund_amount,
    is_assumed as is_refund_assumed,
    ((total - if(is_assumed, total, refund)) * 0.01::decimal(2, 2))::decimal(18, 2) as net_amount
from sales
