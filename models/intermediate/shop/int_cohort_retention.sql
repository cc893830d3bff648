with months as (
    select * from {{ ref('int_cohort_months') }}
),

activity as (
    select * from {{ ref('int_cohort_activity') }}
),

months_with_activity as (
    select
        months.*,
        {% for column in [
            'active_customer_count', 'order_count', 'gross_revenue', 'successful_revenue',
            'pending_revenue', 'returned_revenue',
        ] -%}
        coalesce(activity.{{ column }}, 0) as {{ column }},
        {% endfor %}
        {{ dbt.last_day('months.activity_month', 'month') }} <= {{ as_of_date('shop') }}
            as is_complete
    from months
    left join activity
        on
            months.cohort_month = activity.cohort_month
            and months.activity_month = activity.activity_month
),

final as (
    select
        *,
        {% for last_month in [6, 12] %}
        {% set is_counted
            = 'is_complete and months_since_first_purchase between 1 and ' ~ last_month %}
        sum(case when {{ is_counted }} then 1 else 0 end) over (partition by cohort_month)
            as complete_months_1_to_{{ last_month }},
        sum(case when {{ is_counted }} then active_customer_count else 0 end)
            over (partition by cohort_month)
            as active_customers_1_to_{{ last_month }},
        {% endfor %}
        sum(successful_revenue) over (
            partition by cohort_month
            order by months_since_first_purchase nulls last
            rows between unbounded preceding and current row
        ) as cumulative_revenue,
        sum(successful_revenue) over (partition by cohort_month) as cohort_total_revenue
    from months_with_activity
)

select * from final
