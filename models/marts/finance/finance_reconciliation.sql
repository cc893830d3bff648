with outcomes as (
    select * from {{ ref('int_finance_outcomes') }}
),

outcomes_by_stage as (
    select
        stage,
        {% for reason in [
            'after as-of date', 'test user', 'guest', 'unknown customer', 'nobody',
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
        ('gross amount', 'fct_customer_ltv', 'sum(gross_amount)'),
        ('refunds', 'fct_customer_ltv', 'sum(refund_amount)'),
        ('quarterly gross', 'mart_finance_quarterly', 'sum(gross_amount)'),
        ('quarterly refunds', 'mart_finance_quarterly', 'sum(refund_amount)'),
        ('monthly gross', 'agg_customer_activity', 'sum(gross_amount)'),
        ('monthly refunds', 'agg_customer_activity', 'sum(refund_amount)'),
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
        cast(coalesce(outcomes_by_stage.after_as_of_date_total, 0) as {{ type_money() }})
            as after_as_of_date_total,
        cast(coalesce(outcomes_by_stage.test_user_total, 0) as {{ type_money() }})
            as test_user_total,
        cast(coalesce(outcomes_by_stage.guest_total, 0) as {{ type_money() }}) as guest_total,
        cast(coalesce(outcomes_by_stage.unknown_customer_total, 0) as {{ type_money() }})
            as unknown_customer_total,
        cast(coalesce(outcomes_by_stage.nobody_total, 0) as {{ type_money() }})
            as no_customer_total,
        cast(
            coalesce(outcomes_by_stage.source_total, 0)
            - coalesce(mart_totals.mart_total, 0)
            - coalesce(outcomes_by_stage.after_as_of_date_total, 0)
            - coalesce(outcomes_by_stage.test_user_total, 0)
            - coalesce(outcomes_by_stage.guest_total, 0)
            - coalesce(outcomes_by_stage.unknown_customer_total, 0)
            - coalesce(outcomes_by_stage.nobody_total, 0) as {{ type_money() }}
        ) as unexplained_total,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from mart_totals
    left join outcomes_by_stage
        on mart_totals.stage = outcomes_by_stage.stage
)

select * from final
