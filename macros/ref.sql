{#- As dbt's own, but rendered so that a renamed or copied DuckDB file still answers. -#}
{% macro ref() %}
    {{ return(portable_relation(builtins.ref(*varargs, **kwargs))) }}
{% endmacro %}
