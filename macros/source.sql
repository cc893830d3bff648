{#- A seed behind source() has no edge in dbt's graph; referring to it here gives the edge, so that
    one `dbt build` on an empty database loads the sample before it reads it. -#}
{% macro source(source_name, table_name) %}
    {%- if model is defined and model.resource_type == 'model' and is_sample() -%}
        {%- do builtins.ref('marketing_analytics', 'sample_' ~ source_name ~ '__' ~ table_name) -%}
    {%- endif -%}
    {{ return(portable_relation(builtins.source(source_name, table_name))) }}
{% endmacro %}

{#- Is this the project itself, on the sample? A project that has installed it may have a target of that name. -#}
{% macro is_sample() %}
    {{ return(project_name == 'marketing_analytics' and target.name == 'sample') }}
{% endmacro %}
