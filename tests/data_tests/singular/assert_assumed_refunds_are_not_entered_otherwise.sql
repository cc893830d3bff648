-- Has a customer whose return counts as paid back in full got money since that names no order? It may
-- be the same money, and then counts twice: enter the order with the refund. Read by finance.
{{ config(enabled='shop' in var('domains') or 'finance' in var('domains'), severity='warn') }}

with refunds as (
    select * from {{ ref('int_customer_refunds') }}
    where customer_id is not null
)

select
    assumed.customer_id,
    assumed.order_id,
    assumed.refund_amount as assumed_amount,
    refunds.refund_id,
    refunds.refund_amount
from refunds as assumed
inner join refunds
    on assumed.customer_id = refunds.customer_id
where
    assumed.refund_kind = 'assumed'
    and refunds.refund_kind = 'customer'
    and refunds.refund_date >= assumed.order_date
