-- The payments back of each refund.
{{ config(materialized='view', schema='dbt_production', alias='refunds') }}

select
    cast(transactions.id as {{ dbt.type_string() }}) as id,
    raw_orders.id as order_id,
    raw_orders.user_id,
    {{ marketing_analytics.to_minor_units('transactions.amount') }} as amount,
    {{ marketing_analytics.utc_timestamp('refunds.created_at') }} as refunded_at
from {{ source('shopify_dlt', 'orders__refunds__transactions') }} as transactions
inner join {{ source('shopify_dlt', 'orders__refunds') }} as refunds
    on transactions._dlt_parent_id = refunds._dlt_id
inner join {{ source('shopify_dlt', 'orders') }} as orders
    on refunds._dlt_parent_id = orders._dlt_id
inner join {{ ref('raw_orders') }} as raw_orders
    on cast(orders.id as {{ dbt.type_string() }}) = raw_orders.id
where
    transactions.kind = 'refund'
    and transactions.status = 'success'
