-- In the shop a successful order is a touch, by its synthetic channel, and a conversion as well.
with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type <> 'test user'
),

final as (
    select
        order_id,
        -- Nobody knows what else a guest has bought: each such order is a person of its own.
        case
            when buyer_type = 'customer' then customer_id
            else {{ dbt.concat(["'guest of '", 'order_id']) }}
        end as person_id,
        attribution_channel,
        amount,
        promotional_amount,
        order_date,
        -- Orders have a day and no time: those of one day follow each other by id, a second apart.
        cast(
            {{ dbt.dateadd(
                'second',
                'row_number() over ('
                ~ 'partition by customer_id, order_date order by order_id nulls last) - 1',
                'cast(order_date as ' ~ dbt.type_timestamp() ~ ')',
            ) }}
            as {{ dbt.type_timestamp() }}
        ) as ordered_at
    from orders
)

select * from final
