{#- A currency without minor units, such as the yen: raw amounts are whole yen. -#}
{% macro default__from_minor_units(column) -%}
    cast(coalesce({{ column }}, 0) as {{ marketing_analytics.type_money() }})
{%- endmacro %}
