with customers as (
    select * from {{ ref('mart_customer_revenue') }}
),

-- Customers first, so that each counts once per quarter.
customer_quarters as (
    select
        customer_id,
        cast({{ dbt.date_trunc('quarter', 'entry_date') }} as date) as quarter_start_date,
        {{ sum_columns(['order_count', 'gross_amount', 'refund_amount']) }}
    from {{ ref('int_revenue_entries') }}
    where buyer_type <> 'test user'
    group by 1, 2
),

customer_quarters_in_segments as (
    select
        customer_quarters.*,
        coalesce(customers.cltv_segment, 'none') as cltv_segment
    from customer_quarters
    left join customers
        on customer_quarters.customer_id = customers.customer_id
),

quarters_with_activity as (
    select
        quarter_start_date,
        sum(order_count) as orders_count,
        sum(case when customer_id is not null and order_count > 0 then 1 else 0 end)
            as customers_count,
        sum(gross_amount) as gross_amount,
        {% for segment in ['High', 'Medium', 'Low', 'none'] %}
        sum(case when cltv_segment = '{{ segment }}' then gross_amount - refund_amount else 0 end)
            as {{ segment | lower }}_net_amount,
        {% endfor %}
        sum(refund_amount) as refund_amount
    from customer_quarters_in_segments
    group by 1
),

first_quarters as (
    select min(quarter_start_date) as first_quarter from quarters_with_activity
),

numbers as (
    {{ dbt.generate_series(var('max_cohort_months')) }}
),

quarter_numbers as (
    select cast(3 * (generated_number - 1) as {{ dbt.type_int() }}) as months_since from numbers
),

-- A quarter without any order has a row, too.
quarters as (
    select
        cast(
            {{ dbt.dateadd(
                'month', 'quarter_numbers.months_since', 'first_quarters.first_quarter'
            ) }}
            as date
        ) as quarter_start_date
    from first_quarters
    cross join quarter_numbers
    where
        quarter_numbers.months_since
        <= {{ dbt.datediff('first_quarters.first_quarter', as_of_date('shop'), 'month') }}
),

final as (
    select
        cast(quarters.quarter_start_date as date) as quarter_start_date,
        cast(coalesce(quarters_with_activity.gross_amount, 0) as {{ type_money() }})
            as gross_amount,
        cast(coalesce(quarters_with_activity.refund_amount, 0) as {{ type_money() }})
            as refund_amount,
        cast(
            coalesce(quarters_with_activity.gross_amount - quarters_with_activity.refund_amount, 0)
            as {{ type_money() }}
        ) as net_amount,
        cast(coalesce(quarters_with_activity.orders_count, 0) as {{ dbt.type_bigint() }})
            as orders_count,
        cast(coalesce(quarters_with_activity.customers_count, 0) as {{ dbt.type_bigint() }})
            as customers_count,
        cast(coalesce(quarters_with_activity.high_net_amount, 0) as {{ type_money() }})
            as high_net_amount,
        cast(coalesce(quarters_with_activity.medium_net_amount, 0) as {{ type_money() }})
            as medium_net_amount,
        cast(coalesce(quarters_with_activity.low_net_amount, 0) as {{ type_money() }})
            as low_net_amount,
        cast(coalesce(quarters_with_activity.none_net_amount, 0) as {{ type_money() }})
            as no_customer_net_amount,
        {{ dbt.last_day('quarters.quarter_start_date', 'quarter') }} <= {{ as_of_date('shop') }}
            as is_complete,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from quarters
    left join quarters_with_activity
        on quarters.quarter_start_date = quarters_with_activity.quarter_start_date
)

select * from final
