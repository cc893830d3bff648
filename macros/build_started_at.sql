{#- Time at which this dbt command began, UTC: the same in every model of a build. It says when the rows
    were made, never what they hold. -#}
{% macro build_started_at() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}
