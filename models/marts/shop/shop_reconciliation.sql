with outcomes as (
    select
        stage,
        outcome,
        total
    from {{ ref('int_raw_shop_outcomes') }}
    union all
    select
        stage,
        outcome,
        total
    from {{ ref('int_buyer_outcomes') }}
),

outcomes_by_stage as (
    select
        stage,
        {% for reason in [
            'unknown order', 'after as-of date', 'test user', 'guest', 'unknown customer',
            'no successful order', 'items differ',
        ] -%}
        sum(case when outcome = '{{ reason }}' then total else 0 end)
            as {{ reason | replace(' ', '_') | replace('-', '_') }}_total,
        {% endfor %}
        sum(total) as source_total
    from outcomes
    group by 1
),

mart_totals as (
    {% for stage, mart, total in [
        ('orders', 'orders', 'count(*)'),
        ('payments', 'orders', 'sum(amount)'),
        ('refunds', 'orders', 'sum(case when not is_refund_assumed then refund_amount end)'),
        ('customer value', 'customers', 'sum(total_spend)'),
        ('segmentation', 'customer_segmentation', 'sum(total_revenue)'),
        ('products', 'product_performance', 'sum(gross_revenue)'),
        ('cohorts', 'customer_cohorts', 'sum(gross_revenue)'),
        ('attribution', 'marketing_attribution', 'sum(gross_revenue)'),
        ('first touch', 'marketing_attribution', 'sum(first_touch_revenue)'),
        ('last touch', 'marketing_attribution', 'sum(last_touch_revenue)'),
    ] -%}
    select
        '{{ stage }}' as stage,
        cast({{ total }} as {{ type_money() }}) as mart_total
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        cast(mart_totals.stage as {{ dbt.type_string() }}) as stage,
        cast(coalesce(outcomes_by_stage.source_total, 0) as {{ type_money() }}) as source_total,
        cast(coalesce(mart_totals.mart_total, 0) as {{ type_money() }}) as mart_total,
        cast(coalesce(outcomes_by_stage.unknown_order_total, 0) as {{ type_money() }})
            as unknown_order_total,
        cast(coalesce(outcomes_by_stage.after_as_of_date_total, 0) as {{ type_money() }})
            as after_as_of_date_total,
        cast(coalesce(outcomes_by_stage.test_user_total, 0) as {{ type_money() }})
            as test_user_total,
        cast(coalesce(outcomes_by_stage.guest_total, 0) as {{ type_money() }}) as guest_total,
        cast(coalesce(outcomes_by_stage.unknown_customer_total, 0) as {{ type_money() }})
            as unknown_customer_total,
        cast(coalesce(outcomes_by_stage.no_successful_order_total, 0) as {{ type_money() }})
            as no_successful_order_total,
        cast(coalesce(outcomes_by_stage.items_differ_total, 0) as {{ type_money() }})
            as item_difference_total,
        cast(
            coalesce(outcomes_by_stage.source_total, 0)
            - coalesce(mart_totals.mart_total, 0)
            - coalesce(outcomes_by_stage.unknown_order_total, 0)
            - coalesce(outcomes_by_stage.after_as_of_date_total, 0)
            - coalesce(outcomes_by_stage.test_user_total, 0)
            - coalesce(outcomes_by_stage.guest_total, 0)
            - coalesce(outcomes_by_stage.unknown_customer_total, 0)
            - coalesce(outcomes_by_stage.no_successful_order_total, 0)
            - coalesce(outcomes_by_stage.items_differ_total, 0) as {{ type_money() }}
        ) as unexplained_total,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from mart_totals
    left join outcomes_by_stage
        on mart_totals.stage = outcomes_by_stage.stage
)

select * from final
