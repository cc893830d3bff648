{#- After a table is built on PostgreSQL: an index on each key that a test calls unique, which are the columns
    that joins use, and fresh statistics, without which the planner guesses. Nothing on other engines. -#}
{% macro index_keys() -%}
    {{ return(adapter.dispatch('index_keys', 'marketing_analytics')()) }}
{%- endmacro %}

{% macro default__index_keys() -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__index_keys() -%}
    {%- if not execute or model.config.materialized not in ['table', 'incremental'] -%}
        {{ return('') }}
    {%- endif -%}
    {%- set statements = ['analyze ' ~ this] -%}
    {%- for columns in tested_keys() -%}
        {%- set name = local_md5(this ~ columns | join(',')) -%}
        {%- do statements.append(
            'create index if not exists ' ~ adapter.quote(name)
            ~ ' on ' ~ this ~ ' (' ~ columns | join(', ') ~ ')'
        ) -%}
    {%- endfor -%}
    {{ return(statements | sort(reverse=true) | join('; ')) }}
{%- endmacro %}

{#- It would inherit the form of PostgreSQL. -#}
{% macro redshift__index_keys() -%}
    {{ return('') }}
{%- endmacro %}

{#- The keys of the model that is built, each a list of columns. -#}
{% macro tested_keys() -%}
    {%- set keys = [] -%}
    {%- for test in graph.nodes.values() if test.attached_node == model.unique_id and test.test_metadata -%}
        {%- if test.test_metadata.name == 'unique' -%}
            {%- do keys.append([test.column_name]) -%}
        {%- elif test.test_metadata.name == 'unique_combination' -%}
            {%- do keys.append(test.test_metadata.kwargs.columns) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(keys) }}
{%- endmacro %}
