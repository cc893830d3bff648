-- No trial orders, no deleted ones, none that was cancelled before it was paid.
{{ config(materialized='view', schema='dbt_production', alias='orders') }}

select
    cast(id as {{ dbt.type_string() }}) as id,
    cast(customer_id as {{ dbt.type_string() }}) as user_id,
    cast({{ marketing_analytics.utc_timestamp('created_at') }} as date) as order_date,
    case
        when financial_status = 'refunded' or fulfillment_status = 'restocked' then 'returned'
        when fulfillment_status = 'fulfilled' then 'completed'
        when fulfillment_status = 'partial' then 'shipped'
        else 'placed'
    end as status,
    cast(null as {{ dbt.type_string() }}) as cycle_name
from {{ source('shopify', 'order') }}
where
    not coalesce(_fivetran_deleted, false)
    and not coalesce(test, false)
    and coalesce(financial_status, '') <> 'voided'
