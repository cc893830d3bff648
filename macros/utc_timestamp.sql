{#- A point in time as a timestamp without a zone, in UTC whatever the session's zone: for models that stand in for
    a raw table. `column` is of the engine's type with a zone, as loaders write it. -#}
{% macro utc_timestamp(column) -%}
    {{ adapter.dispatch('utc_timestamp', 'marketing_analytics')(column) }}
{%- endmacro %}

{#- BigQuery's timestamp and Spark's are points in time already. -#}
{% macro default__utc_timestamp(column) -%}
    cast({{ column }} as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro duckdb__utc_timestamp(column) -%}
    {{ column }} at time zone 'UTC'
{%- endmacro %}

{% macro postgres__utc_timestamp(column) -%}
    {{ column }} at time zone 'UTC'
{%- endmacro %}

{% macro snowflake__utc_timestamp(column) -%}
    cast(convert_timezone('UTC', {{ column }}) as timestamp_ntz)
{%- endmacro %}
