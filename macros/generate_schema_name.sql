{#- Schemas are named as the users' documents name them, on every target. `schema_prefix` keeps
    developers apart on a shared warehouse. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ var('schema_prefix') }}{{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
