with outcomes as (
    select * from {{ ref('int_action_outcomes') }}
),

actions as (
    select
        next_action,
        min(first_date) as first_date,
        max(last_date) as last_date,
        sum(1 - holdout_count) as customer_count,
        sum((1 - holdout_count) * contacted_count) as contacted_count,
        sum((1 - holdout_count) * buyer_count) as buyer_count,
        sum((1 - holdout_count) * order_amount) as order_amount,
        sum(holdout_count) as holdout_customer_count,
        sum(holdout_count * contacted_count) as holdout_contacted_count,
        sum(holdout_count * buyer_count) as holdout_buyer_count,
        sum(holdout_count * order_amount) as holdout_order_amount
    from outcomes
    group by 1
),

compared as (
    {{ compared_rates(
        'actions', 'next_action',
        ('buyer_count', 'customer_count'), ('holdout_buyer_count', 'holdout_customer_count')
    ) }}
),

final as (
    select
        cast(actions.next_action as {{ dbt.type_string() }}) as next_action,
        cast(actions.first_date as date) as first_date,
        cast(actions.last_date as date) as last_date,
        cast(actions.customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(actions.contacted_count as {{ dbt.type_bigint() }}) as contacted_count,
        cast(actions.buyer_count as {{ dbt.type_bigint() }}) as buyer_count,
        cast(actions.order_amount as {{ type_money() }}) as order_amount,
        cast(actions.holdout_customer_count as {{ dbt.type_bigint() }}) as holdout_customer_count,
        cast(actions.holdout_contacted_count as {{ dbt.type_bigint() }})
            as holdout_contacted_count,
        cast(actions.holdout_buyer_count as {{ dbt.type_bigint() }}) as holdout_buyer_count,
        cast(actions.holdout_order_amount as {{ type_money() }}) as holdout_order_amount,
        {{ safe_ratio('actions.buyer_count', 'actions.customer_count', otherwise='null') }}
            as buyer_rate,
        {{ safe_ratio(
            'actions.holdout_buyer_count', 'actions.holdout_customer_count', otherwise='null'
        ) }} as holdout_buyer_rate,
        cast(compared.rate_difference as {{ type_double() }}) as buyer_rate_difference,
        cast(compared.rate_difference_lower_bound as {{ type_double() }})
            as buyer_rate_difference_lower_bound,
        cast(compared.rate_difference_upper_bound as {{ type_double() }})
            as buyer_rate_difference_upper_bound,
        cast(compared.rate_p_value as {{ type_double() }}) as buyer_rate_p_value,
        cast(compared.rate_comparison as {{ dbt.type_string() }}) as buyer_rate_comparison,
        {{ safe_ratio('actions.order_amount', 'actions.customer_count', otherwise='null') }}
        - {{ safe_ratio(
            'actions.holdout_order_amount', 'actions.holdout_customer_count', otherwise='null'
        ) }} as added_value_per_customer
    from actions
    inner join compared
        on actions.next_action = compared.next_action
)

select * from final
