{#- After a table is built, what the engine's planner needs to choose its joins: on PostgreSQL an index on each key
    that a test calls unique, which are the columns that joins use, and statistics; on Spark the number
    of rows, and of values of those keys. Nothing on engines that see to it themselves. -#}
{% macro help_planner() -%}
    {%- if execute and model.config.materialized in ['table', 'incremental'] -%}
        {{ return(adapter.dispatch('help_planner', 'marketing_analytics')()) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{% macro default__help_planner() -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__help_planner() -%}
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
{% macro redshift__help_planner() -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark__help_planner() -%}
    {%- set columns = tested_keys() | sum(start=[]) | unique | sort -%}
    {%- set for_columns = ' for columns ' ~ columns | join(', ') if columns else '' -%}
    {{ return('analyze table ' ~ this ~ ' compute statistics' ~ for_columns) }}
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
