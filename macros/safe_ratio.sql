{#- Quotient as a double; `otherwise` (0, or 'null') where the denominator is 0 or null. -#}
{% macro safe_ratio(numerator, denominator, otherwise=0) -%}
    {{ adapter.dispatch('safe_ratio', 'marketing_analytics')(numerator, denominator, otherwise) }}
{%- endmacro %}

{% macro default__safe_ratio(numerator, denominator, otherwise) -%}
    coalesce(
        cast({{ numerator }} as {{ type_double() }})
        / nullif(cast({{ denominator }} as {{ type_double() }}), 0),
        {{ otherwise }}
    )
{%- endmacro %}
