{#- Exact numbers of at most 38 digits, `scale` of them after the point. BigQuery's numeric ends after
    nine of those. -#}
{% macro type_decimal(precision, scale) -%}
    {{ adapter.dispatch('type_decimal', 'marketing_analytics')(precision, scale) }}
{%- endmacro %}

{% macro default__type_decimal(precision, scale) -%}
    decimal({{ precision }}, {{ scale }})
{%- endmacro %}

{% macro bigquery__type_decimal(precision, scale) -%}
    {{ 'bignumeric' if scale > 9 else 'numeric' }}({{ precision }}, {{ scale }})
{%- endmacro %}
