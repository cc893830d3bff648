with customers as (
    select * from {{ ref('stg_customers') }}
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

segments as (
    select * from {{ ref('customer_segmentation') }}
),

refunds as (
    select
        customer_id,
        sum(refund_amount) as refund_amount
    from {{ ref('int_customer_refunds') }}
    group by 1
),

contacts as (
    select * from {{ ref('stg_customer_contacts') }}
    where contact_date <= {{ as_of_date('shop') }}
),

contact_counts as (
    select
        customer_id,
        count(*) as contact_count
    from contacts
    group by 1
),

last_contacts as (
    {{ first_row_per_key(
        'contacts', 'customer_id', ['contact_date', 'contact_action'],
        ['contacted_at', 'contact_id'], descending=true
    ) }}
),

final as (
    select
        cast(customers.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(
            {{ 'customers.first_name' if var('expose_personal_data') else 'null' }}
            as {{ dbt.type_string() }}
        ) as first_name,
        cast(
            {{ 'customers.last_name' if var('expose_personal_data') else 'null' }}
            as {{ dbt.type_string() }}
        ) as last_name,
        cast(customer_orders.first_order_date as date) as first_order_date,
        cast(customer_orders.last_order_date as date) as last_order_date,
        cast(coalesce(customer_orders.order_count, 0) as {{ dbt.type_bigint() }})
            as number_of_orders,
        cast(coalesce(customer_orders.successful_revenue, 0) as {{ type_money() }})
            as customer_lifetime_value,
        cast(coalesce(customer_orders.gross_revenue, 0) as {{ type_money() }}) as total_spend,
        customers.is_test_user,
        cast(coalesce(customer_orders.successful_order_count, 0) as {{ dbt.type_bigint() }})
            as successful_order_count,
        cast(coalesce(customer_orders.pending_revenue, 0) as {{ type_money() }}) as pending_revenue,
        cast(coalesce(customer_orders.returned_revenue, 0) as {{ type_money() }})
            as returned_revenue,
        cast(coalesce(refunds.refund_amount, 0) as {{ type_money() }}) as refund_amount,
        {{ safe_ratio(
            'customer_orders.successful_revenue', 'customer_orders.successful_order_count'
        ) }} as avg_order_value,
        {{ safe_ratio(
            'customer_orders.promotional_revenue', 'customer_orders.successful_revenue'
        ) }} as promotional_spend_rate,
        cast(
            {{ dbt.datediff('customer_orders.last_order_date', as_of_date('shop'), 'day') }}
            as {{ dbt.type_bigint() }}
        ) as days_since_last_order,
        cast(
            case
                when coalesce(customer_orders.order_count, 0) = 0 then 'no order'
                when customer_orders.order_count = 1 then 'new'
                when customer_orders.order_count <= 3 then 'active'
                else 'loyal'
            end as {{ dbt.type_string() }}
        ) as lifecycle_stage,
        cast(segments.customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(coalesce(contact_counts.contact_count, 0) as {{ dbt.type_bigint() }}) as contact_count,
        cast(last_contacts.contact_date as date) as last_contact_date,
        cast(last_contacts.contact_action as {{ dbt.type_string() }}) as last_contact_action,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from customers
    left join customer_orders
        on customers.customer_id = customer_orders.customer_id
    left join segments
        on customers.customer_id = segments.customer_id
    left join refunds
        on customers.customer_id = refunds.customer_id
    left join contact_counts
        on customers.customer_id = contact_counts.customer_id
    left join last_contacts
        on customers.customer_id = last_contacts.customer_id
)

select * from final
