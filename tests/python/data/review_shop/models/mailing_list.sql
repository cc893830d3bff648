select customer_id
from {{ ref('stg_customers') }}
where country = 'AT' and not is_test_user
