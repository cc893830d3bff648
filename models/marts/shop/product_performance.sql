{%- set methods = ['credit_card', 'bank_transfer', 'coupon', 'gift_card'] -%}

with products as (
    select * from {{ ref('int_product_measures') }}
),

cross_sells as (
    select * from {{ ref('product_cross_sell') }}
    where cross_sell_rank = 1
),

actions as (
    select * from {{ ref('product_actions') }}
),

products_graded as (
    select
        *,
        case
            when shop_revenue = 0 then 'A'
            -- Decimals: as a double, 240.04 of 300.05 is a little less than 0.8.
            {% for class, share in [('A', var('abc_a_share')), ('B', var('abc_b_share'))] %}
            when
                better_sellers_revenue
                < shop_revenue * cast('{{ share }}' as {{ type_decimal(9, 6) }})
                then '{{ class }}'
            {% endfor %}
            else 'C'
        end as abc_category,
        case
            when days_since_first_order < {{ var('new_product_days') }} then 'New'
            when recent_revenue > previous_revenue * (1 + {{ var('lifecycle_change_rate') }})
                then 'Growth'
            when
                recent_revenue < previous_revenue * (1 - {{ var('lifecycle_change_rate') }})
                or recent_revenue = 0
                then 'Declining'
            else 'Mature'
        end as lifecycle_stage,
        case
            {% for method in methods | sort %}
            when
                {{ method }}_revenue > 0
                {%- for other in methods if other != method %}
                and {{ method }}_revenue >= {{ other }}_revenue
                {%- endfor %}
                then '{{ method }}'
            {% endfor %}
        end as preferred_payment_method
    from products
),

products_judged as (
    select
        *,
        case
            when
                return_rate > {{ var('problem_return_rate') }}
                and order_count >= {{ var('problem_min_orders') }}
                then 'Problem'
            when days_since_first_order < {{ var('new_product_days') }} then 'New'
            when
                days_since_last_sale is null
                or days_since_last_sale > {{ var('declining_product_days') }}
                then 'Declining'
            when abc_category = 'A' and successful_revenue >= 2 * first_half_revenue then 'Star'
            when abc_category = 'A' or repeat_purchase_rate > {{ var('cash_cow_repeat_rate') }}
                then 'Cash Cow'
            else 'Standard'
        end as product_status
    from products_graded
),

final as (
    select
        cast(products_judged.product_name as {{ dbt.type_string() }}) as product_name,
        cast(products_judged.revenue_rank as {{ dbt.type_int() }}) as revenue_rank,
        cast(products_judged.successful_revenue as {{ type_money() }}) as total_revenue,
        cast(products_judged.return_rate as {{ type_double() }}) as return_rate,
        cast(products_judged.abc_category as {{ dbt.type_string() }}) as abc_category,
        cast(products_judged.product_status as {{ dbt.type_string() }}) as product_status,
        cast(actions.marketing_recommendation as {{ dbt.type_string() }})
            as marketing_recommendation,
        cast(products_judged.order_count as {{ dbt.type_bigint() }}) as order_count,
        cast(products_judged.successful_order_count as {{ dbt.type_bigint() }})
            as successful_order_count,
        cast(products_judged.returned_order_count as {{ dbt.type_bigint() }})
            as returned_order_count,
        cast(products_judged.quantity as {{ dbt.type_bigint() }}) as quantity,
        cast(products_judged.pending_revenue as {{ type_money() }}) as pending_revenue,
        cast(products_judged.returned_revenue as {{ type_money() }}) as returned_revenue,
        cast(products_judged.gross_revenue as {{ type_money() }}) as gross_revenue,
        {{ safe_ratio('products_judged.successful_revenue', 'products_judged.shop_revenue') }}
            as revenue_share_rate,
        {{ safe_ratio(
            'products_judged.successful_revenue', 'products_judged.successful_order_count'
        ) }} as avg_order_value,
        cast(products_judged.customer_count as {{ dbt.type_bigint() }}) as customer_count,
        {{ safe_ratio('products_judged.customer_count', 'products_judged.account_count') }}
            as market_penetration_rate,
        cast(products_judged.repeat_customer_count as {{ dbt.type_bigint() }})
            as repeat_customer_count,
        cast(products_judged.repeat_purchase_rate as {{ type_double() }}) as repeat_purchase_rate,
        cast(products_judged.new_customer_count as {{ dbt.type_bigint() }}) as new_customer_count,
        {{ safe_ratio('products_judged.new_customer_count', 'products_judged.customer_count') }}
            as acquisition_rate,
        {{ safe_ratio(
            'products_judged.promotional_revenue', 'products_judged.successful_revenue'
        ) }} as promotional_dependency_rate,
        cast(products_judged.preferred_payment_method as {{ dbt.type_string() }})
            as preferred_payment_method,
        {{ safe_ratio(
            'products_judged.credit_card_revenue', 'products_judged.successful_revenue'
        ) }} as credit_card_share_rate,
        {{ safe_ratio(
            'products_judged.bank_transfer_revenue', 'products_judged.successful_revenue'
        ) }} as bank_transfer_share_rate,
        {{ safe_ratio('products_judged.coupon_revenue', 'products_judged.successful_revenue') }}
            as coupon_share_rate,
        {{ safe_ratio('products_judged.gift_card_revenue', 'products_judged.successful_revenue') }}
            as gift_card_share_rate,
        cast(products_judged.first_order_date as date) as first_order_date,
        cast(products_judged.last_successful_order_date as date) as last_successful_order_date,
        cast(products_judged.lifecycle_stage as {{ dbt.type_string() }}) as lifecycle_stage,
        cast(products_judged.recent_revenue as {{ type_money() }}) as recent_revenue,
        cast(products_judged.previous_revenue as {{ type_money() }}) as previous_revenue,
        cast(cross_sells.cross_sell_product as {{ dbt.type_string() }}) as cross_sell_product,
        cast(coalesce(cross_sells.cross_sell_customer_count, 0) as {{ dbt.type_bigint() }})
            as cross_sell_customer_count,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from products_judged
    left join actions
        on
            products_judged.product_status = actions.product_status
            and products_judged.product_name <> {{ unknown_product() }}
    left join cross_sells
        on products_judged.product_name = cross_sells.product_name
)

select * from final
