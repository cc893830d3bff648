{#- e to the power of `exponent`. Where the result is too large or too small for a double some engines
    give an error, some infinity: both ends are cut off far outside of what matters. -#}
{% macro safe_exp(exponent) -%}
    exp(least(cast(600 as {{ type_double() }}), greatest(cast(-600 as {{ type_double() }}), {{ exponent }})))
{%- endmacro %}
