-- The price is that of one piece, the discount that of the line.
{{ config(materialized='view', schema='dbt_production', alias='order_items') }}

select
    cast(lines.id as {{ dbt.type_string() }}) as id,
    raw_orders.id as order_id,
    lines.title as product,
    cast(lines.quantity as {{ dbt.type_bigint() }}) as quantity,
    {{ marketing_analytics.to_minor_units('lines.price') }}
    * cast(lines.quantity as {{ dbt.type_bigint() }})
    - {{ marketing_analytics.to_minor_units("coalesce(lines.total_discount, '0')") }} as amount
from {{ source('shopify_dlt', 'orders__line_items') }} as lines
inner join {{ source('shopify_dlt', 'orders') }} as orders
    on lines._dlt_parent_id = orders._dlt_id
inner join {{ ref('raw_orders') }} as raw_orders
    on cast(orders.id as {{ dbt.type_string() }}) = raw_orders.id
