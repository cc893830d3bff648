with cohort_months as (
    select * from {{ ref('int_cohort_value_by_month') }}
),

months_by_customer_age as (
    select
        acquisition_channel,
        {{ dbt.datediff('cohort_month', 'activity_month', 'month') }} as customer_age_months,
        {{ sum_columns([
            'customer_count', 'repeat_customer_count', 'high_customer_count',
            'medium_customer_count', 'low_customer_count', 'purchase_count',
            'revenue_amount', 'spend_amount'
        ]) }}
    from cohort_months
    group by 1, 2
),

months_accumulated as (
    select
        *,
        sum(spend_amount) over (partition by acquisition_channel) as channel_spend_amount,
        sum(revenue_amount) over (
            partition by acquisition_channel
            order by customer_age_months nulls last
            rows between unbounded preceding and current row
        ) as cumulative_revenue
    from months_by_customer_age
),

channels as (
    select
        acquisition_channel,
        {{ sum_columns([
            'customer_count', 'repeat_customer_count', 'high_customer_count',
            'medium_customer_count', 'low_customer_count', 'purchase_count',
            'revenue_amount', 'spend_amount'
        ]) }},
        min(
            case
                when
                    channel_spend_amount > 0
                    and cumulative_revenue * {{ var('gross_margin_rate') }}
                    >= channel_spend_amount
                    then customer_age_months
            end
        ) as months_to_payback
    from months_accumulated
    group by 1
),

final as (
    select
        cast(acquisition_channel as {{ dbt.type_string() }}) as acquisition_channel,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(repeat_customer_count as {{ dbt.type_bigint() }}) as repeat_customer_count,
        {{ safe_ratio('repeat_customer_count', 'customer_count') }}
            as repeat_rate,
        cast(high_customer_count as {{ dbt.type_bigint() }}) as high_customer_count,
        cast(medium_customer_count as {{ dbt.type_bigint() }}) as medium_customer_count,
        cast(low_customer_count as {{ dbt.type_bigint() }}) as low_customer_count,
        cast(purchase_count as {{ dbt.type_bigint() }}) as purchase_count,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        {{ safe_ratio('revenue_amount', 'customer_count', otherwise='null') }}
            as revenue_per_customer,
        {{ safe_ratio('revenue_amount', 'purchase_count', otherwise='null') }}
            as avg_order_value,
        {{ safe_ratio('purchase_count', 'customer_count', otherwise='null') }}
            as purchases_per_customer,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        {{ safe_ratio('spend_amount', 'customer_count', otherwise='null') }}
            as acquisition_cost,
        {{ safe_ratio(
            'revenue_amount * ' ~ var('gross_margin_rate'),
            'spend_amount',
            otherwise='null'
        ) }} as value_to_cost_ratio,
        cast(months_to_payback as {{ dbt.type_bigint() }}) as months_to_payback,
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from channels
)

select * from final
