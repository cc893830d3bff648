{#- A text of Jinja as SQL, null where it is none. -#}
{% macro text_literal(value) -%}
    cast({{ "'" ~ dbt.escape_single_quotes(value) ~ "'" if value is string else 'null' }} as {{ dbt.type_string() }})
{%- endmacro %}
