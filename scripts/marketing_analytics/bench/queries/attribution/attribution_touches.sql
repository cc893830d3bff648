-- Which touches led to a conversion?
with marketing_as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

shop_as_of as (
    select least(greatest(
        (select max(order_date) from dbt_production.orders),
        (select max(refunded_at) from dbt_production.refunds)::date,
        (select max(contacted_at) from dbt_production.customer_contacts)::date
    ), (now() at time zone 'UTC')::date) as day
),

paid as (
    select
        order_id,
        sum(amount) as cents,
        bool_or(payment_method in ('coupon', 'gift_card')) as is_promotional
    from dbt_production.payments
    group by all
),

-- An order is a touch and a conversion as well; one of a guest stands alone. Those of one day are a second apart.
sales as materialized (
    select
        orders.id as order_id,
        coalesce(customers.id, 'guest of ' || orders.id) as person_id,
        case
            when is_promotional then 'Promotional Campaign'
            when isodow(order_date) >= 6 then 'Social Media'
            when cents > 10000 then 'Email Marketing'
            else 'Organic'
        end as channel,
        coalesce(cents, 0)::decimal(16, 0) * 0.01::decimal(2, 2) as revenue,
        order_date,
        order_date + (row_number() over (partition by user_id, order_date order by orders.id) - 1)
        * interval 1 second as ordered_at
    from dbt_production.orders
    left join paid on paid.order_id = orders.id
    left join dbt_production.customers on customers.id = user_id
    where
        status in ('shipped', 'completed')
        and order_date <= (select day from shop_as_of)
        and is_test_user is not true
),

channels as (
    select campaign_id, arg_max(channel, date) as channel
    from marketing_raw.campaigns_daily
    where date <= (select day from marketing_as_of)
    group by all
),

touches as (
    select
        'marketing' as source,
        user_id as person_id,
        touchpoint_id as touch_id,
        coalesce(touchpoints.channel, channels.channel, 'unknown') as channel,
        campaign_id,
        timestamp as touched_at
    from marketing_raw.attribution_touchpoints as touchpoints
    left join channels using (campaign_id)
    where user_id is not null and timestamp < (select day + 1 from marketing_as_of)
    union all
    select 'shop', person_id, order_id, channel, null, ordered_at
    from sales
),

-- A person's first conversion looks back over 30 days, any other over 90.
conversions as (
    select
        *,
        person_id is not null and row_number() over (
            partition by source, person_id order by converted_at, conversion_id
        ) = 1 as is_acquisition,
        converted_at::date - if(is_acquisition, 30, 90) as looks_back_to
    from (
        select
            'marketing' as source,
            conversion_id,
            user_id as person_id,
            coalesce(conversion_value, 0) as revenue,
            timestamp as converted_at
        from marketing_raw.conversions
        where timestamp < (select day + 1 from marketing_as_of)
        union all
        select 'shop', order_id, person_id, revenue, ordered_at
        from sales
    )
),

-- Touches that no conversion claims make a journey per stretch, which a conversion or 90 quiet days end.
events as (
    select source, person_id, touched_at as happened_at, false as is_conversion, touch_id, channel, campaign_id
    from touches
    union all
    select source, person_id, converted_at, true, conversion_id, null, null
    from conversions
    where person_id is not null
),

begun as (
    select
        *,
        not is_conversion and (
            lag(is_conversion, 1, true) over in_time
            or happened_at::date - lag(happened_at::date) over in_time > 90
        ) as is_begin
    from events
    window in_time as (partition by source, person_id order by happened_at, is_conversion, touch_id)
),

stretches as (
    select
        source,
        person_id,
        touch_id,
        channel,
        campaign_id,
        happened_at as touched_at,
        count(*) filter (is_begin) over (
            partition by source, person_id order by happened_at, is_conversion, touch_id
            rows unbounded preceding
        ) as stretch
    from begun
    qualify not is_conversion
),

journeys as (
    select
        coalesce(touches.source, conversions.source) as source,
        coalesce(touches.person_id, conversions.person_id) as person_id,
        coalesce('to ' || conversion_id, stretch || ' of ' || touches.person_id) as journey_id,
        conversion_id,
        coalesce(is_acquisition, false) as is_acquisition,
        touch_id,
        if(touch_id is null, '(none)', channel) as channel,
        campaign_id,
        touched_at,
        converted_at,
        revenue
    from stretches as touches
    full join conversions
        on
            touches.source = conversions.source
            and touches.person_id = conversions.person_id
            and touched_at <= converted_at
            and touched_at::date >= looks_back_to
)

select
    source as journey_source,
    journey_id,
    person_id,
    conversion_id,
    is_acquisition,
    touch_id,
    channel,
    campaign_id,
    touched_at,
    if(touch_id is null, 0, row_number() over (
        partition by source, journey_id order by touched_at, touch_id
    )) as touch_position,
    count(touch_id) over (partition by source, journey_id) as touch_count,
    converted_at,
    datediff('day', touched_at, converted_at) as days_to_conversion,
    revenue
from journeys
