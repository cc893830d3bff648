-- What was taken, in one step (sale) or two; an authorization takes nothing.
{{ config(materialized='view', schema='dbt_production', alias='payments') }}

select
    cast(transactions.id as {{ dbt.type_string() }}) as id,
    cast(transactions.order_id as {{ dbt.type_string() }}) as order_id,
    case
        when transactions.gateway = 'gift_card' then 'gift_card'
        when transactions.gateway in ('manual', 'bank_deposit') then 'bank_transfer'
        else 'credit_card'
    end as payment_method,
    {{ marketing_analytics.to_minor_units('transactions.amount') }} as amount,
    cast(null as {{ dbt.type_string() }}) as cycle_name
from {{ source('shopify', 'transaction') }} as transactions
inner join {{ ref('raw_orders') }} as orders
    on cast(transactions.order_id as {{ dbt.type_string() }}) = orders.id
where
    lower(transactions.kind) in ('sale', 'capture')
    and lower(transactions.status) = 'success'
