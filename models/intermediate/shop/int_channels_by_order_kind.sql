with kinds as (
    {% for has_promotional_payment in ['true', 'false'] %}
    {% set is_last_promotional = loop.last -%}
    {% for is_weekend in ['true', 'false'] %}
    {% set is_last_weekend = loop.last -%}
    {% for is_high_value in ['true', 'false'] %}
    select
        {{ has_promotional_payment }} as has_promotional_payment,
        {{ is_weekend }} as is_weekend,
        {{ is_high_value }} as is_high_value
    {{ 'union all' if not (loop.last and is_last_weekend and is_last_promotional) }}
    {% endfor %}
    {% endfor %}
    {% endfor %}
),

rules as (
    select * from {{ ref('channel_rules') }}
),

rules_that_match as (
    select
        kinds.*,
        rules.attribution_channel,
        row_number() over (
            partition by kinds.has_promotional_payment, kinds.is_weekend, kinds.is_high_value
            order by rules.priority nulls last
        ) as rule_position
    from kinds
    inner join rules
        on
            coalesce(rules.has_promotional_payment, kinds.has_promotional_payment)
            = kinds.has_promotional_payment
            and coalesce(rules.is_weekend, kinds.is_weekend) = kinds.is_weekend
            and coalesce(rules.is_high_value, kinds.is_high_value) = kinds.is_high_value
),

final as (
    select
        has_promotional_payment,
        is_weekend,
        is_high_value,
        attribution_channel
    from rules_that_match
    where rule_position = 1
)

select * from final
