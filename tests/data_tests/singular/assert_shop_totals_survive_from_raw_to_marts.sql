-- Is every cent of the raw payments in every mart that shows revenue, but for what is left out by rule?
-- Counted from the raw cents by other joins than the models'.
{{ config(enabled='shop' in var('domains') or 'finance' in var('domains')) }}
-- depends_on: {{ ref('stg_payments') }}
with raw_orders as (
    {{ raw_rows('dbt_production', 'orders') }}
),

raw_customers as (
    {{ raw_rows('dbt_production', 'customers') }}
),

raw_payments as (
    {{ raw_rows('dbt_production', 'payments') }}
),

payments as (
    select
        raw_payments.amount,
        raw_orders.status in ('shipped', 'completed') as is_successful,
        coalesce(raw_customers.is_test_user, false) as is_test_user,
        raw_customers.id is not null as has_account
    from raw_payments
    inner join raw_orders
        on raw_payments.order_id = raw_orders.id
    left join raw_customers
        on raw_orders.user_id = raw_customers.id
    where cast(raw_orders.order_date as date) <= {{ as_of_date('shop') }}
),

expected as (
    select
        coalesce(sum(amount), 0) as everything,
        coalesce(sum(case when has_account then amount end), 0) as account_holders,
        coalesce(sum(case when is_successful and not is_test_user then amount end), 0)
            as successful_sales,
        coalesce(
            sum(case when is_successful and has_account and not is_test_user then amount end), 0
        ) as successful_customers,
        coalesce(sum(case when has_account and not is_test_user then amount end), 0)
            as real_customers,
        coalesce(sum(case when not is_test_user then amount end), 0) as no_test_users
    from payments
),

-- The lines of an order may add up to something else than its payments.
item_differences as (
    select coalesce(sum(item_difference_total), 0) as amount
    from {{ ref('shop_reconciliation') }}
),

compared as (
    {% for mart, column, measure in [
        ('orders', 'amount', 'everything'),
        ('customers', 'total_spend', 'account_holders'),
        ('customer_segmentation', 'total_revenue', 'successful_customers'),
        ('customer_segmentation', 'gross_revenue', 'real_customers'),
        ('customer_cohorts', 'cohort_revenue', 'successful_customers'),
        ('marketing_attribution', 'total_revenue', 'successful_sales'),
        ('marketing_attribution', 'first_touch_revenue', 'successful_sales'),
        ('marketing_attribution', 'last_touch_revenue', 'successful_sales'),
        ('marketing_attribution', 'gross_revenue', 'no_test_users'),
        ('fct_customer_ltv', 'gross_amount', 'real_customers'),
        ('mart_finance_quarterly', 'gross_amount', 'no_test_users'),
        ('agg_customer_activity', 'gross_amount', 'real_customers'),
    ] %}
    select
        '{{ column }} of {{ mart }}' as measure,
        max(expected.{{ measure }}) as expected,
        cast(coalesce(sum({{ mart }}.{{ column }}), 0) * 100 as {{ dbt.type_bigint() }}) as found
    from expected
    left join {{ ref(mart) }} as {{ mart }}
        on true
    union all
    {% endfor %}
    select
        'gross_revenue of product_performance' as measure,
        max(expected.no_test_users - item_differences.amount * 100) as expected,
        cast(coalesce(sum(products.gross_revenue), 0) * 100 as {{ dbt.type_bigint() }}) as found
    from expected
    cross join item_differences
    left join {{ ref('product_performance') }} as products
        on true
)

select * from compared
where coalesce(expected, -1) <> coalesce(found, -1)
