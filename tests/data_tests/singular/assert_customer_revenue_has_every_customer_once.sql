-- Is every customer who is no test user in mart_customer_revenue, and nobody else?
{{ config(enabled='finance' in var('domains')) }}

with compared as (
    select
        customers.customer_id,
        revenue.customer_id as found_customer_id,
        customers.is_test_user
    from {{ ref('stg_customers') }} as customers
    left join {{ ref('mart_customer_revenue') }} as revenue
        on customers.customer_id = revenue.customer_id
)

select
    customer_id,
    case when is_test_user then 'test user' else 'missing customer' end as problem
from compared
where (found_customer_id is not null) = is_test_user
