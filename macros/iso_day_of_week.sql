{#- Day of the week of a date from 1900 on, 1 for Monday to 7 for Sunday; engines disagree on their own
    functions. The first of January 1900 was a Monday. -#}
{% macro iso_day_of_week(date) -%}
    cast(
        mod({{ dbt.datediff("cast('1900-01-01' as date)", date, 'day') }}, 7) + 1
        as {{ dbt.type_int() }}
    )
{%- endmacro %}
