-- A model of the name that a model of marketing_analytics has, which reads that one.
select
    customer_id,
    customer_lifetime_value,
    customer_lifetime_value >= 100 as is_good_customer
from {{ ref('marketing_analytics', 'customers') }}
