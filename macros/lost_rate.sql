{#- Share of those who entered a step that did not go on, 0 to 1; 0 where more went on than entered. -#}
{% macro lost_rate(entered, continued) -%}
    case
        when {{ entered }} > {{ continued }}
            then 1 - {{ safe_ratio(continued, entered) }}
        else cast(0 as {{ type_double() }})
    end
{%- endmacro %}
