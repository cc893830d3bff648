{#- As Databricks' own, but for the question of the runtime's version, which needs a connection; every
    runtime from 10.4 on has these functions. -#}
{% macro databricks__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{% macro databricks__datediff(first_date, second_date, datepart) -%}
    timestampdiff(
        {{ datepart }},
        {{ dbt.date_trunc(datepart, first_date) }},
        {{ dbt.date_trunc(datepart, second_date) }}
    )
{%- endmacro %}
