{#- As dbt's own, but answers without a connection: `dbt compile --no-introspect`, as scripts/engines/warehouses
    uses it, cannot ask what is there, and takes the branch that MKTG_ASSUME_INCREMENTAL names. -#}
{% macro is_incremental() -%}
    {%- if flags.INTROSPECT -%}
        {{ return(dbt.is_incremental()) }}
    {%- endif -%}
    {{ return(
        model.config.materialized == 'incremental'
        and env_var('MKTG_ASSUME_INCREMENTAL', 'false') == 'true'
    ) }}
{%- endmacro %}
