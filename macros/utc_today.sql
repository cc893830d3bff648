{#- Today in UTC, whatever the session's time zone; without DuckDB's ICU, which not every client has. -#}
{% macro utc_today() -%}
    {{ adapter.dispatch('utc_today', 'marketing_analytics')() }}
{%- endmacro %}

{% macro default__utc_today() -%}
    cast({{ dbt.current_timestamp() }} as date)
{%- endmacro %}

{% macro duckdb__utc_today() -%}
    cast(make_timestamp(epoch_us(now())) as date)
{%- endmacro %}
