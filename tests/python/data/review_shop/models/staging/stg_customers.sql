select
    customer_id,
    country,
    email,
    is_test_user
from {{ ref('raw_customers') }}
