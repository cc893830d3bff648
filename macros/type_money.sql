{#- Amounts of money: major units of one currency. -#}
{% macro type_money() -%}
    {{ adapter.dispatch('type_money', 'marketing_analytics')() }}
{%- endmacro %}

{% macro default__type_money() -%}
    decimal(18, 2)
{%- endmacro %}

{% macro bigquery__type_money() -%}
    numeric(18, 2)
{%- endmacro %}
