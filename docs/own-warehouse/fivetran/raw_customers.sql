-- The team's own accounts are known by their address: put in yours.
{{ config(materialized='view', schema='dbt_production', alias='customers') }}

select
    cast(id as {{ dbt.type_string() }}) as id,
    first_name,
    last_name,
    lower(coalesce(email, '')) like '%@my-shop.example' as is_test_user
from {{ source('shopify', 'customer') }}
where not coalesce(_fivetran_deleted, false)
