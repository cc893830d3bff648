with gross_amounts as (
    select
        'gross' as measure,
        buyer_type,
        sum(amount) as total
    from {{ ref('orders') }}
    group by 2
    union all
    select
        'gross' as measure,
        'after as-of date' as buyer_type,
        coalesce(sum(amount), 0) as total
    from {{ ref('stg_order_payments') }}
    where order_date > {{ as_of_date('shop') }}
),

refund_amounts as (
    select
        'refunds' as measure,
        buyer_type,
        sum(refund_amount) as total
    from {{ ref('int_customer_refunds') }}
    group by 2
    union all
    select
        'refunds' as measure,
        'after as-of date' as buyer_type,
        coalesce(sum(refund_amount), 0) as total
    from {{ ref('stg_refunds') }}
    where refund_date > {{ as_of_date('shop') }}
),

amounts as (
    select * from gross_amounts
    union all
    select * from refund_amounts
),

final as (
    {% for stage, measure, shows_everybody in [
        ('gross amount', 'gross', false),
        ('refunds', 'refunds', false),
        ('quarterly gross', 'gross', true),
        ('quarterly refunds', 'refunds', true),
        ('monthly gross', 'gross', false),
        ('monthly refunds', 'refunds', false),
    ] -%}
    select
        '{{ stage }}' as stage,
        case
            when buyer_type = 'customer' then 'shown'
            {% if shows_everybody %}
            when buyer_type in ('guest', 'unknown customer', 'nobody') then 'shown'
            {% endif %}
            else buyer_type
        end as outcome,
        sum(total) as total
    from amounts
    where measure = '{{ measure }}'
    group by 2
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
