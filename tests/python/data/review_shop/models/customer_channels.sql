select distinct
    customer_id || ' ' || channel as customer_channel_id,
    customer_id,
    channel
from {{ ref('stg_orders') }}
