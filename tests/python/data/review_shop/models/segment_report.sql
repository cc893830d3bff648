with customers as (
    select * from {{ ref('customer_value') }}
),

final as (
    select
        segment,
        case segment when 'High' then 'call' when 'Low' then 'newsletter' end as treatment,
        count(*) as customer_count,
        sum(net_amount) as net_amount
    from customers
    group by 1, 2
)

select * from final
