with customers as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'first_purchase_date') }} as date) as cohort_month
    from {{ ref('int_user_ltv_metrics') }}
),

conversions as (
    select * from {{ ref('stg_conversions') }}
    where conversion_date <= {{ as_of_date('marketing') }}
),

channel_spend as (
    select * from {{ ref('int_channel_spend_by_month') }}
),

-- Stacked, not joined: a month with spend and no customer keeps its row, and the other way round.
-- Customers and spend stand in the month in which they came, purchases in their own.
months_of_all_sources as (
    select
        acquisition_channel,
        cohort_month,
        cohort_month as activity_month,
        1 as customer_count,
        case when total_conversions > 1 then 1 else 0 end as repeat_customer_count,
        case when ltv_segment = 'high' then 1 else 0 end as high_customer_count,
        case when ltv_segment = 'medium' then 1 else 0 end as medium_customer_count,
        case when ltv_segment = 'low' then 1 else 0 end as low_customer_count,
        0 as purchase_count,
        0 as revenue_amount,
        0 as spend_amount
    from customers
    union all
    select
        customers.acquisition_channel,
        customers.cohort_month,
        cast({{ dbt.date_trunc('month', 'conversions.conversion_date') }} as date)
            as activity_month,
        0 as customer_count,
        0 as repeat_customer_count,
        0 as high_customer_count,
        0 as medium_customer_count,
        0 as low_customer_count,
        1 as purchase_count,
        conversions.conversion_value as revenue_amount,
        0 as spend_amount
    from conversions
    inner join customers
        on conversions.user_id = customers.user_id
    union all
    select
        channel as acquisition_channel,
        spend_month as cohort_month,
        spend_month as activity_month,
        0 as customer_count,
        0 as repeat_customer_count,
        0 as high_customer_count,
        0 as medium_customer_count,
        0 as low_customer_count,
        0 as purchase_count,
        0 as revenue_amount,
        spend_amount
    from channel_spend
),

final as (
    select
        acquisition_channel,
        cohort_month,
        activity_month,
        {{ sum_columns([
            'customer_count', 'repeat_customer_count', 'high_customer_count',
            'medium_customer_count', 'low_customer_count', 'purchase_count',
            'revenue_amount', 'spend_amount'
        ]) }}
    from months_of_all_sources
    group by 1, 2, 3
)

select * from final
