{#- Whole minor units (cents) from an amount in major units, a number or a text such as '19.90': for models that
    stand in for a raw table. Null stays null. -#}
{% macro to_minor_units(column) -%}
    {{ adapter.dispatch('to_minor_units', 'marketing_analytics')(column) }}
{%- endmacro %}

{% macro default__to_minor_units(column) -%}
    cast(round(cast({{ column }} as {{ marketing_analytics.type_decimal(18, 4) }}) * 100, 0) as {{ dbt.type_bigint() }})
{%- endmacro %}
