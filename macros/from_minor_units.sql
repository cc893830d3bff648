{#- Money in major units from whole minor units (cents), exactly; empty counts as 0. -#}
{% macro from_minor_units(column) -%}
    {{ adapter.dispatch('from_minor_units', 'marketing_analytics')(column) }}
{%- endmacro %}

{% macro default__from_minor_units(column) -%}
    cast(
        cast(coalesce({{ column }}, 0) as decimal(16, 0)) * cast(0.01 as decimal(2, 2))
        as {{ type_money() }}
    )
{%- endmacro %}
