{#- Query: per `key` the first and the last value of `column` by `order_by` (column names, never null,
    complete down to a key so that two builds agree), as first_<column> and last_<column>, and
    `measures` of all its rows, {name: aggregate}. One aggregation instead of two sorts on DuckDB. -#}
{% macro first_and_last_per_key(relation, key, column, order_by, measures) -%}
    {{ adapter.dispatch('first_and_last_per_key', 'marketing_analytics')(
        relation, key, column, order_by, measures
    ) }}
{%- endmacro %}

{% macro default__first_and_last_per_key(relation, key, column, order_by, measures) -%}
    select
        {{ key }},
        {%- for name, aggregate in measures.items() %}
        {{ aggregate }} as {{ name }},
        {%- endfor %}
        {%- for name in ['first', 'last'] %}
        max(case when {{ name }}_position = 1 then {{ column }} end) as {{ name }}_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ relation }}.*,
            row_number() over (
                partition by {{ key }} order by {{ order_by | join(' nulls last, ') }} nulls last
            ) as first_position,
            row_number() over (
                partition by {{ key }} order by {{ order_by | join(' desc nulls last, ') }} desc nulls last
            ) as last_position
        from {{ relation }}
    ) as numbered
    group by 1
{%- endmacro %}

{% macro duckdb__first_and_last_per_key(relation, key, column, order_by, measures) -%}
    select
        {{ key }},
        {%- for name, aggregate in measures.items() %}
        {{ aggregate }} as {{ name }},
        {%- endfor %}
        {%- for name, function in [('first', 'arg_min_null'), ('last', 'arg_max_null')] %}
        {{ function }}({{ column }}, ({{ order_by | join(', ') }})) as {{ name }}_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    group by 1
{%- endmacro %}
