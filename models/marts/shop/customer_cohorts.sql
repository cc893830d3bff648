with cohort_months as (
    select * from {{ ref('int_cohort_retention') }}
),

products as (
    select * from {{ ref('int_cohort_products') }}
),

rules as (
    select * from {{ ref('cohort_quality') }}
),

cohort_months_measured as (
    select
        *,
        -- Every month has the same customers: the mean of its rates is one ratio of sums.
        {% for last_month in [6, 12] %}
        100 * {{ safe_ratio(
            'active_customers_1_to_' ~ last_month,
            'cohort_size * complete_months_1_to_' ~ last_month,
            otherwise='null'
        ) }} as avg_retention_1_to_{{ last_month }},
        {% endfor %}
        {{ safe_ratio('cohort_total_revenue', 'cohort_size') }} as value_per_customer
    from cohort_months
),

cohorts as (
    select distinct
        cohort_month,
        value_per_customer,
        avg_retention_1_to_6
    from cohort_months_measured
    where complete_months_1_to_6 = 6
),

rules_that_match as (
    select
        cohorts.cohort_month,
        rules.cohort_quality,
        row_number() over (partition by cohorts.cohort_month order by rules.priority nulls last)
            as rule_position
    from cohorts
    inner join rules
        on
            (rules.retention_above is null or cohorts.avg_retention_1_to_6 > rules.retention_above)
            and (rules.value_above is null or cohorts.value_per_customer > rules.value_above)
),

qualities as (
    select * from rules_that_match
    where rule_position = 1
),

final as (
    select
        cast(cohort_months_measured.cohort_month as date) as cohort_month,
        cast(cohort_months_measured.months_since_first_purchase as {{ dbt.type_bigint() }})
            as months_since_first_purchase,
        cast(
            100 * {{ safe_ratio(
                'cohort_months_measured.active_customer_count', 'cohort_months_measured.cohort_size'
            ) }}
            as {{ type_double() }}
        ) as retention_rate,
        cast(cohort_months_measured.successful_revenue as {{ type_money() }}) as cohort_revenue,
        cast(qualities.cohort_quality as {{ dbt.type_string() }}) as cohort_quality,
        cast(cohort_months_measured.activity_month as date) as activity_month,
        cast(cohort_months_measured.cohort_size as {{ dbt.type_bigint() }}) as cohort_size,
        cast(cohort_months_measured.active_customer_count as {{ dbt.type_bigint() }})
            as active_customer_count,
        cast(cohort_months_measured.order_count as {{ dbt.type_bigint() }}) as order_count,
        cast(cohort_months_measured.pending_revenue as {{ type_money() }}) as pending_revenue,
        cast(cohort_months_measured.returned_revenue as {{ type_money() }}) as returned_revenue,
        cast(cohort_months_measured.gross_revenue as {{ type_money() }}) as gross_revenue,
        {{ safe_ratio(
            'cohort_months_measured.successful_revenue', 'cohort_months_measured.cohort_size'
        ) }} as revenue_per_customer,
        cast(cohort_months_measured.cumulative_revenue as {{ type_money() }}) as cumulative_revenue,
        {{ safe_ratio(
            'cohort_months_measured.cumulative_revenue', 'cohort_months_measured.cohort_size'
        ) }} as cumulative_revenue_per_customer,
        cohort_months_measured.is_complete,
        cast(cohort_months_measured.avg_retention_1_to_6 as {{ type_double() }})
            as avg_retention_1_to_6,
        cast(cohort_months_measured.avg_retention_1_to_12 as {{ type_double() }})
            as avg_retention_1_to_12,
        cast(
            case
                when cohort_months_measured.months_since_first_purchase = 0 then 'Acquisition'
                when cohort_months_measured.months_since_first_purchase <= 3 then 'Activation'
                when cohort_months_measured.months_since_first_purchase <= 6 then 'Retention'
                when cohort_months_measured.months_since_first_purchase <= 12 then 'Revenue'
                else 'Referral'
            end as {{ dbt.type_string() }}
        ) as retention_stage,
        cast(products.top_product_1 as {{ dbt.type_string() }}) as top_product_1,
        cast(products.top_product_2 as {{ dbt.type_string() }}) as top_product_2,
        cast(products.top_product_3 as {{ dbt.type_string() }}) as top_product_3,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from cohort_months_measured
    left join products
        on cohort_months_measured.cohort_month = products.cohort_month
    left join qualities
        on cohort_months_measured.cohort_month = qualities.cohort_month
)

select * from final
