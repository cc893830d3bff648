{#- Runs one statement in a transaction of its own: dbt commits what a model does, but not what a hook
    does, and rolls it back at the end. -#}
{% macro run_and_commit(sql) -%}
    {%- call statement('run_and_commit') -%}
        {{ sql }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}
