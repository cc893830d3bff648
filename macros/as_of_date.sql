{#- The day that "now" is, as a SQL expression: var as_of_date when set ('today' asks for the clock),
    else the latest day with an event in the domain's raw data. -#}
{% macro as_of_date(domain) -%}
    {%- set as_of = var('as_of_date') -%}
    {%- if as_of is none -%}
        (select as_of_date from {{ ref('int_' ~ domain ~ '_as_of_date') }})
    {%- elif as_of == 'today' -%}
        {{ utc_today() }}
    {%- else -%}
        cast('{{ as_of }}' as date)
    {%- endif -%}
{%- endmacro %}
