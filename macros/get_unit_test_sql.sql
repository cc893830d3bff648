{#- As dbt's own, but for PostgreSQL, which keeps the scale of a sum or a coalesce: there 12.5 and 12.50
    are equal and print differently, and dbt compares what is printed. The names of the steps are
    dbt's; where a test expects no rows, the expected ones are read from the actual. -#}
{% macro postgres__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    with
    {%- for name, query in [('actual', main_sql), ('expected', expected_fixture_sql)] %}
    dbt_internal_unit_test_{{ name }} as (
        select
            {%- for column in expected_column_names %}
            coalesce(
                trim_scale(
                    cast(
                        case when pg_typeof({{ column }}) = 'numeric'::regtype then {{ column }}::text end
                        as numeric
                    )
                )::text,
                {{ column }}::text
            ) as {{ column }},
            {%- endfor %}
            '{{ name }}' as actual_or_expected
        from ({{ query }}) as rows_of_the_test
    ){{ ',' if not loop.last }}
    {%- endfor %}

    select * from dbt_internal_unit_test_actual
    union all
    select * from dbt_internal_unit_test_expected
{%- endmacro %}

{#- It would inherit the form of PostgreSQL. -#}
{% macro redshift__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ dbt.default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}
