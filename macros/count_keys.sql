{#- After a table is built on Spark: the number of its rows, and of the values of its keys, from which Spark chooses
    how to join. Nothing on other engines, which see to it themselves. -#}
{% macro count_keys() -%}
    {{ return(adapter.dispatch('count_keys', 'marketing_analytics')()) }}
{%- endmacro %}

{% macro default__count_keys() -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark__count_keys() -%}
    {%- if not execute or model.config.materialized not in ['table', 'incremental'] -%}
        {{ return('') }}
    {%- endif -%}
    {%- set columns = tested_keys() | sum(start=[]) | unique | sort -%}
    {%- set for_columns = ' for columns ' ~ columns | join(', ') if columns else '' -%}
    {{ return('analyze table ' ~ this ~ ' compute statistics' ~ for_columns) }}
{%- endmacro %}

{#- It would inherit the form of Spark; Databricks keeps its statistics by itself. -#}
{% macro databricks__count_keys() -%}
    {{ return('') }}
{%- endmacro %}
