with refunds as (
    select * from {{ ref('stg_refunds') }}
    where
        order_id is not null
        and refund_date <= {{ as_of_date('shop') }}
),

final as (
    select
        order_id,
        count(*) as refund_count,
        sum(refund_amount) as refund_amount
    from refunds
    group by 1
)

select * from final
