{#- As dbt-spark's own, which turns empty cells into the text 'None' where dbt is the driver itself. -#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model.config.column_types -%}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set cells = [] -%}
        {%- for column in agate_table.column_names -%}
            {%- set cell = row[column] -%}
            {%- set literal = 'null' if cell is none else dbt.string_literal(dbt.escape_single_quotes(cell | string)) -%}
            {%- set type = types.get(column) or adapter.convert_type(agate_table, loop.index0) -%}
            {%- do cells.append('cast(' ~ literal ~ ' as ' ~ type ~ ')') -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this ~ ' values ' ~ rows | join(', ') -%}
    {%- if rows -%}
        {%- do adapter.add_query(sql, abridge_sql_log=true) -%}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}
