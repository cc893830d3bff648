{#- Query: the rows of a raw table, one per declared key where `deduplicate_raw` names the table: the
    row with the greatest load time stays, ties are broken by the row's content. -#}
{% macro raw_rows(source_name, table_name) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- if source_name ~ '.' ~ table_name not in var('deduplicate_raw') -%}
        select * from {{ relation }}
    {%- elif execute -%}
        {%- set unique_id = 'source.marketing_analytics.' ~ source_name ~ '.' ~ table_name -%}
        {%- set declared = graph.sources[unique_id] -%}
        {%- set columns = declared.columns.keys() | list %}
        select {{ columns | join(', ') }}
        from (
            select
                {{ columns | join(', ') }},
                row_number() over (
                    partition by {{ declared.config.meta.key | join(', ') }}
                    order by
                        {{ var('raw_loaded_at_column') }} desc nulls last
                        {%- for column in columns %}, {{ column }} desc nulls last{% endfor %}
                ) as row_position
            from {{ relation }}
        ) as numbered
        where row_position = 1
    {%- endif -%}
{%- endmacro %}
