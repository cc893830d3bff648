{#- The day that "now" is, from the latest day with an event: var as_of_date comes before it, and a
    wrong or planned day in the future must not move "now" past today. -#}
{% macro as_of_date_from(latest_date) -%}
    case
        when {{ fixed_as_of_date() }} is not null then {{ fixed_as_of_date() }}
        when {{ latest_date }} > {{ utc_today() }} then {{ utc_today() }}
        else {{ latest_date }}
    end
{%- endmacro %}
