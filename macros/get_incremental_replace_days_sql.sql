{#- Incremental strategy `replace_days`: the days that the new rows name (column `unique_key`) and every
    day after lookback_start_date() are deleted, then the new rows are added. Unlike delete+insert
    by order it leaves nothing behind where an order has moved to another day or is gone. -#}
{% macro get_incremental_replace_days_sql(arg_dict) -%}
    delete from {{ arg_dict.target_relation }}
    where
        {{ arg_dict.unique_key }} > {{ lookback_start_date() }}
        or {{ arg_dict.unique_key }} in (
            select {{ arg_dict.unique_key }} from {{ arg_dict.temp_relation }}
        );

    insert into {{ arg_dict.target_relation }} (
        {{ arg_dict.dest_columns | map(attribute='quoted') | join(', ') }}
    )
    select {{ arg_dict.dest_columns | map(attribute='quoted') | join(', ') }}
    from {{ arg_dict.temp_relation }}
{%- endmacro %}
