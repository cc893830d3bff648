with accounts as (
    select * from {{ ref('customers') }}
),

forecasts as (
    select * from {{ ref('customer_forecasts') }}
    where domain = 'shop'
),

rules as (
    select * from {{ ref('next_best_actions') }}
),

returns as (
    select
        customer_id,
        max(case when status = 'return_pending' then 1 else 0 end) as is_pending,
        max(order_date) as last_returned_order_date
    from {{ ref('orders') }}
    where order_status_group = 'returned'
    group by 1
),

customers_judged as (
    select
        accounts.customer_id,
        accounts.as_of_date,
        forecasts.repeat_count,
        forecasts.churn_probability_90d,
        forecasts.discounted_value_12m,
        forecasts.backtest_auc_rate,
        case
            when forecasts.churn_probability_90d is not null then 'forecast'
            when accounts.successful_order_count > 0 then 'no forecast'
            else 'no purchase'
        end as customer_state,
        case
            when accounts.is_test_user then 'test user'
            when returns.is_pending = 1 then 'a return is pending'
            when
                {{ dbt.datediff('returns.last_returned_order_date', 'accounts.as_of_date', 'day') }}
                < {{ var('action_return_pause_days') }}
                then 'an order was returned'
            when
                {{ dbt.datediff('accounts.last_contact_date', 'accounts.as_of_date', 'day') }}
                < {{ var('action_contact_pause_days') }}
                then 'was contacted lately'
        end as suppression_reason,
        {{ stable_share('accounts.customer_id', var('action_holdout_salt')) }}
        < {{ var('action_holdout_rate') }} as is_holdout
    from accounts
    left join forecasts
        on accounts.customer_id = forecasts.customer_id
    left join returns
        on accounts.customer_id = returns.customer_id
),

first_rules as (
    select
        customers_judged.customer_id,
        min(rules.priority) as priority
    from customers_judged
    inner join rules
        on
            customers_judged.customer_state = rules.customer_state
            and coalesce(customers_judged.repeat_count, 0)
            >= coalesce(rules.repeat_count_at_least, 0)
            and coalesce(customers_judged.churn_probability_90d, 0)
            >= coalesce(rules.churn_probability_at_least, 0)
            and coalesce(customers_judged.discounted_value_12m, 0)
            >= coalesce(rules.value_12m_at_least, 0)
    group by 1
),

final as (
    select
        cast(judged.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(rules.next_action as {{ dbt.type_string() }}) as next_action,
        cast(rules.next_action_reason as {{ dbt.type_string() }}) as next_action_reason,
        cast('rule' as {{ dbt.type_string() }}) as action_basis,
        cast(judged.suppression_reason as {{ dbt.type_string() }}) as suppression_reason,
        coalesce(judged.is_holdout, false) as is_holdout,
        judged.suppression_reason is null and not coalesce(judged.is_holdout, false) as is_to_do,
        cast(judged.discounted_value_12m as {{ type_double() }}) as expected_value_12m,
        cast(judged.discounted_value_12m * judged.churn_probability_90d as {{ type_double() }})
            as value_at_risk_12m,
        cast(judged.churn_probability_90d as {{ type_double() }}) as churn_probability_90d,
        cast(judged.backtest_auc_rate as {{ type_double() }}) as backtest_auc_rate,
        cast(judged.customer_state as {{ dbt.type_string() }}) as customer_state,
        cast(judged.as_of_date as date) as as_of_date
    from customers_judged as judged
    inner join first_rules
        on judged.customer_id = first_rules.customer_id
    inner join rules
        on first_rules.priority = rules.priority
)

select * from final
