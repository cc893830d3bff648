-- Which players bought before they signed up? Their first purchase counts, its days do not.
{{ config(enabled='gaming' in var('domains'), severity='warn') }}

select
    user_id,
    signup_timestamp,
    first_purchase_timestamp
from {{ ref('dim_customer') }}
where first_purchase_timestamp < signup_timestamp
