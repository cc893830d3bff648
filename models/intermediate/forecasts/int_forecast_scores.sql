with customers as (
    select * from {{ ref('int_forecast_customers') }}
),

parameters as (
    select * from {{ ref('forecast_parameters') }}
),

rates as (
    select * from {{ ref('int_forecast_rates') }}
),

-- A segment with parameters of its own, else all customers of the domain.
customers_with_parameters as (
    select
        customers.*,
        pooled.no_forecast_reason,
        pooled.no_value_reason,
        cast(customers.repeat_amount as {{ type_double() }}) as repeat_spend,
        coalesce(own.segment, pooled.segment) as fitted_segment,
        coalesce(own.p, pooled.p) as p,
        coalesce(own.q, pooled.q) as q,
        coalesce(own.v, pooled.v) as v
    from customers
    inner join parameters as pooled
        on
            customers.domain = pooled.domain
            and customers.period = pooled.period
            and pooled.segment = {{ all_segments() }}
    left join parameters as own
        on
            customers.domain = own.domain
            and customers.period = own.period
            and customers.segment = own.segment
            and own.no_value_reason is null
),

-- What a customer's purchases bring lies between what they brought so far and what those of all do.
customers_with_rates as (
    select
        customers.*,
        rates.purchase_probability_horizon,
        rates.purchase_probability_90d,
        rates.expected_purchases,
        rates.expected_purchases_12m,
        rates.discounted_purchases_12m,
        rates.lower_bound_count,
        rates.upper_bound_count,
        case
            when customers.no_value_reason is null
                then
                    customers.p * (customers.v + customers.repeat_spend)
                    / (customers.p * customers.repeat_count + customers.q - 1)
        end as expected_order_value
    from customers_with_parameters as customers
    left join rates
        on
            customers.domain = rates.domain
            and customers.period = rates.period
            and customers.fitted_segment = rates.segment
            and customers.repeat_count = rates.repeat_count
            and customers.recency_days = rates.recency_days
            and customers.age_days = rates.age_days
),

final as (
    select
        *,
        expected_purchases * expected_order_value as expected_value,
        discounted_purchases_12m * expected_order_value as expected_value_12m,
        -- That many purchases, at the mean discount of the expected ones.
        lower_bound_count * discounted_purchases_12m / expected_purchases_12m
        * expected_order_value as lower_bound_value_12m,
        upper_bound_count * discounted_purchases_12m / expected_purchases_12m
        * expected_order_value as upper_bound_value_12m
    from customers_with_rates
)

select * from final
