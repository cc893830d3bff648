with raw_order_items as (
    {{ raw_rows('dbt_production', 'order_items') }}
),

final as (
    select
        -- keys
        cast(id as {{ dbt.type_string() }}) as order_item_id,
        cast(order_id as {{ dbt.type_string() }}) as order_id,

        -- dimensions
        -- A line without a name is no sale of the product that its order names.
        coalesce(cast(product as {{ dbt.type_string() }}), {{ unknown_product() }}) as product_name,

        -- measures
        cast(coalesce(quantity, 1) as {{ dbt.type_bigint() }}) as quantity,
        {{ from_minor_units('amount') }} as amount
    from raw_order_items
)

select * from final
