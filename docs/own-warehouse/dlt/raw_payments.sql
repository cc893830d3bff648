-- This source has no transactions, so a paid order is paid in one payment.
{{ config(materialized='view', schema='dbt_production', alias='payments') }}

with ways as (
    select
        _dlt_parent_id,
        min(case value when 'gift_card' then 1 else 0 end) as is_gift_card,
        max(case when value in ('manual', 'bank_deposit') then 1 else 0 end) as is_bank_transfer
    from {{ source('shopify_dlt', 'orders__payment_gateway_names') }}
    group by 1
)

select
    raw_orders.id,
    raw_orders.id as order_id,
    case
        when ways.is_gift_card = 1 then 'gift_card'
        when ways.is_bank_transfer = 1 then 'bank_transfer'
        else 'credit_card'
    end as payment_method,
    {{ marketing_analytics.to_minor_units('orders.total_price') }}
    - {{ marketing_analytics.to_minor_units("coalesce(orders.total_outstanding, '0')") }} as amount,
    cast(null as {{ dbt.type_string() }}) as cycle_name
from {{ source('shopify_dlt', 'orders') }} as orders
inner join {{ ref('raw_orders') }} as raw_orders
    on cast(orders.id as {{ dbt.type_string() }}) = raw_orders.id
left join ways
    on orders._dlt_id = ways._dlt_parent_id
where orders.financial_status in ('paid', 'partially_paid', 'partially_refunded', 'refunded')
