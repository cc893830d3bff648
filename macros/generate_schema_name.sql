{#- Schemas are named as the users' documents name them, on every target; var schemas renames them. In a
    project that has installed this one its own rule has the last word, dbt's where it has none:
    dbt itself would take this macro for our models and leave that rule out. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set name = var('schemas').get(custom_schema_name, custom_schema_name) -%}
    {%- if project_name == 'marketing_analytics' -%}
        {{ return(name | trim if name else target.schema) }}
    {%- endif -%}
    {%- set rule = context.get(project_name, {}).get('generate_schema_name') or dbt.generate_schema_name -%}
    {{ return(rule(name, node)) }}
{%- endmacro %}
