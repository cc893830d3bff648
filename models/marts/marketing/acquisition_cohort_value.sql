with cohort_months as (
    select * from {{ ref('int_cohort_value_by_month') }}
),

months_accumulated as (
    select
        *,
        sum(spend_amount) over (partition by acquisition_channel, cohort_month)
            as cohort_spend_amount,
        sum(revenue_amount) over (
            partition by acquisition_channel, cohort_month
            order by activity_month nulls last
            rows between unbounded preceding and current row
        ) as cumulative_revenue
    from cohort_months
),

cohorts as (
    select
        acquisition_channel,
        cohort_month,
        {{ sum_columns([
            'customer_count', 'repeat_customer_count', 'purchase_count', 'revenue_amount',
            'spend_amount'
        ]) }},
        min(
            case
                when
                    cohort_spend_amount > 0
                    and cumulative_revenue * {{ var('gross_margin_rate') }}
                    >= cohort_spend_amount
                    then activity_month
            end
        ) as payback_month
    from months_accumulated
    group by 1, 2
),

final as (
    select
        cast(acquisition_channel as {{ dbt.type_string() }}) as acquisition_channel,
        cast(cohort_month as date) as cohort_month,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(repeat_customer_count as {{ dbt.type_bigint() }}) as repeat_customer_count,
        {{ safe_ratio('repeat_customer_count', 'customer_count') }}
            as repeat_rate,
        cast(purchase_count as {{ dbt.type_bigint() }}) as purchase_count,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        {{ safe_ratio('revenue_amount', 'customer_count', otherwise='null') }}
            as revenue_per_customer,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        {{ safe_ratio('spend_amount', 'customer_count', otherwise='null') }}
            as acquisition_cost,
        {{ safe_ratio(
            'revenue_amount * ' ~ var('gross_margin_rate'),
            'spend_amount',
            otherwise='null'
        ) }} as value_to_cost_ratio,
        cast(payback_month as date) as payback_month,
        cast(
            {{ dbt.datediff('cohort_month', 'payback_month', 'month') }}
            as {{ dbt.type_bigint() }}
        ) as months_to_payback,
        cast(
            {{ dbt.datediff('cohort_month', as_of_date('marketing'), 'month') }}
            as {{ dbt.type_bigint() }}
        ) as months_observed,
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from cohorts
)

select * from final
