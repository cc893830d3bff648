{%- set is_known = 'days.purchase_date <= periods.fitted_through_date' -%}
{%- set is_repeat = is_known ~ ' and days.purchase_date > customers.first_purchase_date' -%}
{%- set is_later = 'days.purchase_date > periods.fitted_through_date' -%}

with purchases as (
    select * from {{ ref('int_forecast_purchases') }}
),

periods as (
    select * from {{ ref('int_forecast_periods') }}
),

-- Purchases of one day count as one: the models know days, not times.
days as (
    select
        domain,
        customer_id,
        purchase_date,
        sum(purchase_amount) as purchase_amount,
        min(segment) as segment
    from purchases
    group by 1, 2, 3
),

customers as (
    select
        domain,
        customer_id,
        min(purchase_date) as first_purchase_date
    from days
    group by 1, 2
),

customers_by_period as (
    select
        periods.domain,
        periods.period,
        customers.customer_id,
        periods.fitted_through_date,
        periods.as_of_date,
        customers.first_purchase_date,
        max(case when {{ is_known }} then days.purchase_date end) as last_purchase_date,
        min(case when days.purchase_date = customers.first_purchase_date then days.segment end)
            as segment,
        sum(case when {{ is_repeat }} then 1 else 0 end) as repeat_count,
        sum(case when {{ is_repeat }} then days.purchase_amount else 0 end) as repeat_amount,
        sum(case when {{ is_later }} then 1 else 0 end) as later_count,
        sum(case when {{ is_later }} then days.purchase_amount else 0 end) as later_amount
    from customers
    inner join periods
        on
            customers.domain = periods.domain
            and customers.first_purchase_date <= periods.fitted_through_date
    inner join days
        on
            customers.domain = days.domain
            and customers.customer_id = days.customer_id
    group by 1, 2, 3, 4, 5, 6
),

final as (
    select
        *,
        {{ dbt.datediff('first_purchase_date', 'last_purchase_date', 'day') }} as recency_days,
        {{ dbt.datediff('first_purchase_date', 'fitted_through_date', 'day') }} as age_days
    from customers_by_period
)

select * from final
