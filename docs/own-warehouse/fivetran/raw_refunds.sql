-- The table `refund` has no amounts, its transactions have.
{{ config(materialized='view', schema='dbt_production', alias='refunds') }}

select
    cast(transactions.id as {{ dbt.type_string() }}) as id,
    cast(transactions.order_id as {{ dbt.type_string() }}) as order_id,
    orders.user_id,
    {{ marketing_analytics.to_minor_units('transactions.amount') }} as amount,
    {{ marketing_analytics.utc_timestamp('transactions.created_at') }} as refunded_at
from {{ source('shopify', 'transaction') }} as transactions
inner join {{ ref('raw_orders') }} as orders
    on cast(transactions.order_id as {{ dbt.type_string() }}) = orders.id
where
    lower(transactions.kind) = 'refund'
    and lower(transactions.status) = 'success'
