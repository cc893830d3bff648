{#- Incremental strategy `replace_days`: the days that the new rows name (column `unique_key`) and every
    day after lookback_start_date() are deleted, then the new rows are added. Unlike delete+insert
    by order it leaves nothing behind where an order has moved to another day or is gone. -#}
{% macro get_incremental_replace_days_sql(arg_dict) -%}
    {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- set delete -%}
        delete from {{ arg_dict.target_relation }}
        where {{ rows_to_replace('replace_days', arg_dict.unique_key, arg_dict.temp_relation) }}
    {%- endset -%}
    {%- set insert -%}
        insert into {{ arg_dict.target_relation }} ({{ columns }})
        select {{ columns }} from {{ arg_dict.temp_relation }}
    {%- endset -%}
    {#- Databricks runs one statement at a time, and its adapter a list of them. -#}
    {{ return([delete, insert] if target.type == 'databricks' else delete ~ ';\n' ~ insert) }}
{%- endmacro %}

{#- Condition: the rows of the table that is there whose place the new rows take. -#}
{% macro rows_to_replace(strategy, key, new_rows) -%}
    {{ key }} in (select {{ key }} from {{ new_rows }})
    {%- if strategy == 'replace_days' %} or {{ key }} > {{ lookback_start_date() }}{% endif %}
{%- endmacro %}
