{#- How many entered a step and did not go on; 0 where more went on than entered. -#}
{% macro lost_count(entered, continued) -%}
    cast(
        case when {{ entered }} > {{ continued }} then {{ entered }} - {{ continued }} else 0 end
        as {{ dbt.type_bigint() }}
    )
{%- endmacro %}
