{#- As dbt's own, but of this project first, or a model of the same name in a project that has installed
    this one would be read instead; and rendered so that a renamed or copied DuckDB file still answers. -#}
{% macro ref() %}
    {%- set names = varargs if varargs | length > 1 else ['marketing_analytics', varargs[0]] -%}
    {{ return(portable_relation(builtins.ref(*names, **kwargs))) }}
{% endmacro %}
