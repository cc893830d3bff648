-- The price is that of one piece, the discount that of the line.
{{ config(materialized='view', schema='dbt_production', alias='order_items') }}

select
    cast(lines.id as {{ dbt.type_string() }}) as id,
    cast(lines.order_id as {{ dbt.type_string() }}) as order_id,
    lines.title as product,
    cast(lines.quantity as {{ dbt.type_bigint() }}) as quantity,
    {{ marketing_analytics.to_minor_units('lines.price') }}
    * cast(lines.quantity as {{ dbt.type_bigint() }})
    - {{ marketing_analytics.to_minor_units('coalesce(lines.total_discount, 0)') }} as amount
from {{ source('shopify', 'order_line') }} as lines
inner join {{ ref('raw_orders') }} as orders
    on cast(lines.order_id as {{ dbt.type_string() }}) = orders.id
