"""The queries behind the six raw tables of the shop, each from its people and orders."""

from __future__ import annotations

# Guests have no account.
CUSTOMERS = """
select
    padded('c_', person) as id,
    if(kind = 'tester', 'Test', pick(getvariable('first_names'), trait)) as first_name,
    concat(chr(65 + cast(floor(26 * other_trait) as integer)), '.') as last_name,
    case
        when kind = 'tester' then true
        -- The mark is younger than the first accounts.
        when day >= getvariable('marked_from') then false
    end as is_test_user
from people
where kind in ('account', 'tester')
order by person
"""

ORDERS = """
select
    padded('o_', rowid + 1) as id,
    if(kind = 'guest', null, padded('c_', person)) as user_id,
    day as order_date,
    status,
    leading_product(product_1, amount_1, product_2, amount_2, product_3, amount_3) as cycle_name
from placed_orders
"""

PAYMENTS = """
with parts as (
    select
        rowid + 1 as order_number,
        *,
        unnest(range(1, 3)) as part
    from placed_orders
)
select
    concat(padded('p_', order_number), '_', part) as id,
    padded('o_', order_number) as order_id,
    if(part = 1, method_1, method_2) as payment_method,
    if(part = 1, payment_1, payment_2) as amount,
    leading_product(product_1, amount_1, product_2, amount_2, product_3, amount_3) as cycle_name
from parts
where if(part = 1, payment_1, payment_2) > 0
"""

# Lines are kept from a certain day on, and written when the order is paid.
ORDER_ITEMS = """
with lines as (
    select
        rowid + 1 as order_number,
        *,
        unnest(range(1, 4)) as line
    from placed_orders
    where day >= getvariable('lines_from') and payment_1 > 0
)
select
    concat(padded('i_', order_number), '_', line) as id,
    padded('o_', order_number) as order_id,
    getvariable('product_names')[
        case line when 1 then product_1 when 2 then product_2 else product_3 end
    ] as product,
    if(line = 1, quantity_1, 1) as quantity,
    case line when 1 then amount_1 when 2 then amount_2 else amount_3 end as amount
from lines
where case line when 1 then product_1 when 2 then product_2 else product_3 end is not null
"""

REFUNDS = """
with drawn as (
    select
        rowid + 1 as order_number,
        *,
        unnest(range(1, if(give_back = 'twice', 3, 2))) as part,
        md5_number_lower(concat(getvariable('seed'), '|refund|', person, '|', turn)) as details
    from placed_orders
    where give_back != 'nothing'
),
valued as (
    select
        *,
        cast(case
            when give_back = 'part' then amount * cast(40 + floor(50 * slot(details, 0)) as bigint)
            when give_back in ('goodwill', 'without order')
                then amount * cast(5 + floor(15 * slot(details, 0)) as bigint)
            when give_back = 'twice' then amount * if(part = 1, 60, 40)
            else amount * 100
        end as bigint) // 100 as given_back,
        -- Whoever sent a bicycle back has the money by the last day at the latest.
        cast(
            least(
                getvariable('as_of'),
                day + cast(
                    case
                        when give_back = 'late' then 95 + floor(90 * slot(details, 1))
                        else 6 + floor(20 * slot(details, 1))
                    end as integer
                ) + if(part = 2, 12, 0)
            ) as timestamp
        )
        + to_seconds(cast(32400 + floor(32400 * slot(details, 2)) as integer)) as refunded_at
    from drawn
),
numbered as (
    select
        *,
        row_number() over (order by refunded_at, order_number, part) as refund_number
    from valued
    where given_back > 0
)
select
    padded('r_', refund_number) as id,
    if(give_back = 'without order', null, padded('o_', order_number)) as order_id,
    if(kind = 'guest', null, padded('c_', person)) as user_id,
    given_back as amount,
    refunded_at
from numbered
order by refund_number
"""

# The team writes to customers who have been quiet, and calls some who sent something back.
CUSTOMER_CONTACTS = """
with followed as (
    select
        person,
        turn,
        day,
        status,
        coalesce(
            lead(day) over (partition by person order by turn), getvariable('as_of') + 1
        ) - day as quiet_days
    from placed_orders
    where kind = 'account'
),
drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|contact|', person, '|', turn)) as choices,
        md5_number_upper(concat(getvariable('seed'), '|contact|', person, '|', turn)) as details,
        unnest(['win-back mail', 'voucher', 'service call']) as action
    from followed
    where quiet_days > 90 or status in ('returned', 'return_pending')
),
timed as (
    select
        *,
        cast(case action
            when 'win-back mail' then 75 + floor(45 * slot(details, 0))
            when 'voucher' then 130 + floor(20 * slot(details, 0))
            else 3 + floor(6 * slot(details, 0))
        end as integer) as after_days,
        cast(32400 + floor(32400 * slot(details, 1)) as integer) as second_of_day
    from drawn
    where case action
        when 'win-back mail' then slot(choices, 0) < 0.45
        when 'voucher' then slot(choices, 0) < 0.2
        else slot(choices, 1) < 0.35 and status in ('returned', 'return_pending')
    end
),
numbered as (
    select
        person,
        action,
        cast(day as timestamp) + to_days(after_days) + to_seconds(second_of_day) as contacted_at,
        row_number() over (order by contacted_at, person, action, turn) as contact_number
    from timed
    where after_days < quiet_days or (action = 'service call'
        and day + after_days <= getvariable('as_of'))
)
select
    padded('k_', contact_number) as id,
    padded('c_', person) as user_id,
    contacted_at,
    action
from numbered
order by contact_number
"""
