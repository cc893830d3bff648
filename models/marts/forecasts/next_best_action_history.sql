-- Every as-of date that is built adds its actions, and replaces them when it is built again.
-- A suppressed customer is in neither group: nobody would have been contacted.
with actions as (
    select * from {{ ref('next_best_action') }}
    where
        as_of_date is not null
        and suppression_reason is null
),

final as (
    select
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(as_of_date as date) as as_of_date,
        cast(next_action as {{ dbt.type_string() }}) as next_action,
        is_holdout
    from actions
)

select * from final
