select *
from {{ ref('customers') }}
where is_good_customer and customer_lifetime_value < 100
