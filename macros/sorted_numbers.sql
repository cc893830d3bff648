{#- The numbers of a group in order, as one value that is the same for the same numbers: a list where the engine can
    group by one, else text. -#}
{% macro sorted_numbers(column) -%}
    {{ return(adapter.dispatch('sorted_numbers', 'marketing_analytics')(column)) }}
{%- endmacro %}

{% macro default__sorted_numbers(column) -%}
    {{ dbt.listagg('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')', "','", 'order by ' ~ column) }}
{%- endmacro %}

{#- A list takes half the time of text that is gathered in order. -#}
{% macro duckdb__sorted_numbers(column) -%}
    list_sort(list({{ column }}))
{%- endmacro %}

{#- Its listagg takes no order. -#}
{% macro spark__sorted_numbers(column) -%}
    sort_array(collect_list({{ column }}))
{%- endmacro %}
