"""The queries that turn the plan of the shop into people and then into their orders.

`slot` and `pick` are macros of draws.py; each MD5 number gives four independent shares.
"""

from __future__ import annotations

# Every person is drawn once: how often they buy and for how long.
PEOPLE = """
create table people as
with numbered as (
    select
        arrivals.persona,
        arrivals.day,
        arrivals.first_number + unnest(range(arrivals.person_count)) as person
    from arrivals
    order by arrivals.first_number
),
drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|person|', person)) as habits
    from numbered
),
paced as (
    select
        drawn.person,
        drawn.day,
        drawn.persona,
        personas.kind,
        personas.most_orders,
        personas.gap_days * (0.6 + 0.8 * slot(habits, 0)) as gap,
        least(
            personas.active_days * (0.5 + slot(habits, 1)), getvariable('as_of') - drawn.day
        ) as active_days,
        slot(habits, 2) as trait,
        slot(habits, 3) as other_trait
    from drawn
    inner join personas on drawn.persona = personas.persona
)
select
    cast(person as integer) as person,
    day,
    cast(persona as utinyint) as persona,
    cast(kind as kind) as kind,
    gap,
    cast(least(most_orders, 1 + floor(active_days / gap)) as integer) as order_count,
    trait,
    other_trait
from paced
order by person
"""

# One row per order, in the order of days, so that the row's place is the order's number. Its lines
# stand side by side: the first leads the basket, two more are accessories. An order that would
# come after the last day finds no day to join and falls away. The rows multiply before the first
# join: after one, DuckDB 2.0 stops with an internal error (dict-surviving cache).
ORDERS = """
create table placed_orders as
with steps as (
    select
        person,
        persona,
        kind,
        day as first_day,
        gap,
        cast(unnest(range(1, order_count + 1)) as integer) as turn
    from people
),
drawn as (
    select
        steps.*,
        personas.* exclude (persona, kind),
        md5_number_lower(concat(getvariable('seed'), '|order|', person, '|', turn)) as timing,
        md5_number_upper(concat(getvariable('seed'), '|order|', person, '|', turn)) as basket,
        md5_number_lower(concat(getvariable('seed'), '|bill|', person, '|', turn)) as bill,
        md5_number_upper(concat(getvariable('seed'), '|bill|', person, '|', turn)) as fate
    from steps
    inner join personas on steps.persona = personas.persona
),
wished as (
    select
        *,
        first_day + cast(case
            when turn = 1 then 0
            else floor((turn - 1) * gap + slot(timing, 0) * 0.8 * gap)
                + if(pause_after > 0 and turn > pause_after, pause_days, 0)
        end as integer) as wished_day,
        cast(7 - isodow(wished_day) as integer) as days_to_sunday
    from drawn
),
dated as (
    select
        *,
        case
            when slot(timing, 1) >= weekend_pull or days_to_sunday <= 1 then wished_day
            when wished_day + days_to_sunday > getvariable('as_of') then wished_day
            else wished_day + days_to_sunday - cast(slot(timing, 3) < 0.6 as integer)
        end as day
    from wished
),
kept as (
    select
        dated.*,
        days.discount,
        greatest(dated.coupon_share, days.promotion_coupon_share) as coupon_chance,
        slot(basket, 0) < if(turn = 1, first_bicycle_share, bicycle_share) as has_bicycle
    from dated
    inner join days on dated.day = days.day
    where dated.turn = 1 or slot(dated.timing, 2) < days.keep_share
),
picked as (
    select
        kept.*,
        coalesce(
            assortment.product, pick(getvariable('accessories'), slot(kept.basket, 1))
        ) as product_1,
        case
            when slot(basket, 3) < if(has_bicycle, 0.6, 0.35)
                then pick(getvariable('accessories'), slot(kept.bill, 0))
        end as product_2,
        case
            when slot(basket, 3) < if(has_bicycle, 0.22, 0.08)
                then pick(getvariable('accessories'), slot(kept.bill, 1))
        end as product_3
    from kept
    left join assortment
        on kept.has_bicycle
        and kept.day = assortment.day
        and slot(kept.basket, 1) >= assortment.from_share
        and slot(kept.basket, 1) < assortment.to_share
),
priced as (
    select
        picked.*,
        case
            when has_bicycle then cast(1 + floor(most_bicycles * slot(basket, 2)) as integer)
            when products.price < 2000 then cast(1 + floor(4 * slot(basket, 2)) as integer)
            else 1
        end as quantity_1,
        discounted(products.price * quantity_1, discount) as amount_1,
        discounted(getvariable('prices')[product_2], discount) as amount_2,
        discounted(getvariable('prices')[product_3], discount) as amount_3,
        amount_1 + coalesce(amount_2, 0) + coalesce(amount_3, 0) as amount,
        slot(fate, 0) < products.return_share and getvariable('as_of') - day >= 4 as is_returned,
        slot(fate, 3) < 0.012 as is_unpaid
    from picked
    inner join products on picked.product_1 = products.product
),
settled as (
    select
        *,
        getvariable('as_of') - day as age,
        case
            when is_unpaid then 'placed'
            when is_returned and age < 14 + 16 * slot(fate, 2) then 'return_pending'
            when is_returned then 'returned'
            when age < 1 + 2 * slot(fate, 2) then 'placed'
            when age < 6 + 14 * slot(fate, 2) then 'shipped'
            else 'completed'
        end as status,
        case
            when is_unpaid then 'none'
            when slot(bill, 2) < coupon_chance then 'coupon'
            when slot(bill, 2) >= 0.95 then 'gift card'
            when slot(bill, 2) >= 0.90 and amount > 10000 then 'two methods'
            when slot(bill, 2) >= 0.86 and amount > 10000 then 'two parts'
            else 'one'
        end as billing,
        if(
            slot(bill, 3) < bank_share or (amount > 200000 and slot(bill, 3) < 0.5),
            'bank_transfer',
            'credit_card'
        ) as usual_method
    from priced
)
select
    person,
    turn,
    kind,
    day,
    cast(status as status) as status,
    cast(product_1 as utinyint) as product_1,
    cast(product_2 as utinyint) as product_2,
    cast(product_3 as utinyint) as product_3,
    cast(quantity_1 as utinyint) as quantity_1,
    cast(amount_1 as integer) as amount_1,
    cast(amount_2 as integer) as amount_2,
    cast(amount_3 as integer) as amount_3,
    cast(amount as integer) as amount,
    cast(case
        when billing = 'coupon' then 'coupon'
        when billing = 'gift card' then 'gift_card'
        else usual_method
    end as payment_method) as method_1,
    cast(case
        when billing = 'two methods' and usual_method = 'credit_card' then 'bank_transfer'
        when billing = 'two methods' then 'credit_card'
        else usual_method
    end as payment_method) as method_2,
    cast(case billing
        when 'none' then 0
        when 'coupon' then if(
            amount < 5000 and slot(bill, 3) >= 0.5,
            amount,
            amount * cast(10 + floor(20 * slot(bill, 3)) as integer) // 100
        )
        when 'gift card' then least(amount, pick([2500, 5000, 10000, 20000], slot(bill, 3)))
        when 'two methods' then amount * 3 // 10
        when 'two parts' then amount // 2
        else amount
    end as integer) as payment_1,
    cast(if(billing = 'none', 0, amount - payment_1) as integer) as payment_2,
    -- What is given back, and how; the details are drawn for those alone who get something.
    cast(case
        when is_unpaid then 'nothing'
        when status = 'completed' and slot(fate, 1) < 0.010 then 'goodwill'
        when status = 'completed' and kind != 'guest' and slot(fate, 1) < 0.025 then 'without order'
        when status != 'returned' then 'nothing'
        when slot(fate, 1) < 0.12 then 'part'
        when slot(fate, 1) < 0.22 then 'twice'
        when slot(fate, 1) < 0.30 and age > 190 then 'late'
        else 'all'
    end as give_back) as give_back
from settled
order by day, person, turn
"""
