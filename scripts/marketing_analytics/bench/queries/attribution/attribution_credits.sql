-- What does each model give the touches of a conversion?
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

-- In time order and with the channels' numbers of touches: all that the models ask for.
journeys as (
    select
        conversions.source,
        conversion_id,
        touch_id,
        if(touch_id is null, '(none)', channel) as channel,
        campaign_id,
        revenue,
        touched_at
    from conversions
    left join touches
        on
            touches.source = conversions.source
            and touches.person_id = conversions.person_id
            and touched_at <= converted_at
            and touched_at::date >= looks_back_to
),

placed as (
    select
        *,
        if(touch_id is null, 0, row_number() over (
            partition by source, conversion_id order by touched_at, touch_id
        )) as place,
        count(touch_id) over (partition by source, conversion_id) as touches,
        coalesce(pow(0.5, datediff(
            'second', touched_at, max(touched_at) over (partition by source, conversion_id)
        ) / (86400 * 7.0)), 1)::decimal(18, 15) as decay
    from journeys
),

per_channel as (
    select
        source,
        conversion_id,
        channel,
        count(*) as channel_touches,
        max(place) filter (lower(channel) not in (from rules.attribution_direct_channels)) as last_place,
        sum(decay) as decay
    from placed
    group by all
),

per_conversion as (
    select
        source,
        conversion_id,
        count(*) as channels,
        max(last_place) as last_place,
        sum(decay) as decay
    from per_channel
    group by all
),

credits as (
    select
        placed.*,
        unnest([
            {model: 'first_touch', credit: (place <= 1)::int::double},
            {model: 'last_touch', credit: (place = touches)::int},
            {model: 'last_non_direct', credit: (place = coalesce(per_conversion.last_place, touches))::int},
            {model: 'linear', credit: coalesce(1 / nullif(touches, 0), 1)},
            {model: 'position_based', credit: case
                when touches <= 1 then 1
                when touches = 2 then 0.5
                when place in (1, touches) then 0.4
                else 0.2 / (touches - 2)
            end},
            {model: 'time_decay', credit: placed.decay::double / per_conversion.decay::double},
            {model: 'shapley', credit: 1 / (channels * channel_touches)}
        ], recursive := true)
    from placed
    join per_channel using (source, conversion_id, channel)
    join per_conversion using (source, conversion_id)
)

select
    source as journey_source,
    conversion_id,
    touch_id,
    model as attribution_model,
    channel,
    campaign_id,
    place as touch_position,
    credit,
    credit * revenue::double as credited_revenue
from credits
join rules.attribution_models on attribution_model = model and is_enabled
