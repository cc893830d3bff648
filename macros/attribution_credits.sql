{#- Weight of a touch, halved with every half-life before the journey's last touch; 1 for the last one. The
    credit is its share of the sum, which is the same as counted from the conversion: all weights
    would be smaller by one factor. Counted like this they cannot all vanish. -#}
{% macro time_decay_weight(touched_at, last_touched_at) -%}
    {%- set half_life_days = var('attribution_half_life_days') | float -%}
    {%- if half_life_days <= 0 -%}
        {%- do exceptions.raise_compiler_error(
            'var attribution_half_life_days (' ~ half_life_days ~ ') must be more than 0.'
        ) -%}
    {%- endif -%}
    {#- A decimal, so that a sum of weights does not depend on their order. -#}
    cast(
        coalesce(
            power(
                cast(0.5 as {{ type_double() }}),
                cast({{ dbt.datediff(touched_at, last_touched_at, 'second') }} as {{ type_double() }})
                / {{ 86400 * half_life_days }}
            ),
            1
        ) as {{ type_decimal(18, 15) }}
    )
{%- endmacro %}

{#- The ends of a journey get their weights, the touches between them share the rest; of two touches
    each gets its weight's share of both, a single one gets all. -#}
{% macro position_based_credit() -%}
    {%- set first = var('attribution_first_weight') | float -%}
    {%- set last = var('attribution_last_weight') | float -%}
    {%- if first < 0 or last < 0 or first + last <= 0 or first + last > 1 -%}
        {%- do exceptions.raise_compiler_error(
            'vars attribution_first_weight (' ~ first ~ ') and attribution_last_weight (' ~ last
            ~ ') must not be negative and add up to more than 0 and at most 1.'
        ) -%}
    {%- endif -%}
    case
        when touch_count <= 1 then 1
        when touch_count = 2 and touch_position = 1 then {{ safe_ratio(first, first ~ ' + ' ~ last) }}
        when touch_count = 2 then {{ safe_ratio(last, first ~ ' + ' ~ last) }}
        when touch_position = 1 then {{ first }}
        when touch_position = touch_count then {{ last }}
        else {{ safe_ratio((1 - first - last) | round(12), 'touch_count - 2') }}
    end
{%- endmacro %}

{#- All for the last touch that is not direct; the last touch where all are. -#}
{% macro last_non_direct_credit() -%}
    case
        when last_not_direct_position = 0 and touch_position = touch_count then 1
        when last_not_direct_position > 0 and touch_position = last_not_direct_position then 1
        else 0
    end
{%- endmacro %}
