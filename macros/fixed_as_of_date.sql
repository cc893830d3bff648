{#- Var as_of_date as a SQL expression ('today' asks for the clock), or null where the data say it. -#}
{% macro fixed_as_of_date() -%}
    {%- set as_of = var('as_of_date') -%}
    {%- if as_of is none -%}
        {{ return('cast(null as date)') }}
    {%- elif as_of == 'today' -%}
        {{ return(utc_today()) }}
    {%- elif modules.re.fullmatch('\d{4}-\d{2}-\d{2}', as_of | string) -%}
        {{ return("cast('" ~ as_of ~ "' as date)") }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "var as_of_date is '" ~ as_of ~ "'; give a day such as 2024-06-30, or today"
        ) }}
    {%- endif -%}
{%- endmacro %}
