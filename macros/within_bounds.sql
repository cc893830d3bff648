{#- Condition: a value has reached the lower bound and not the upper one, which is open where it is null. -#}
{% macro within_bounds(value, lower, upper) -%}
    {{ value }} >= {{ lower }} and ({{ upper }} is null or {{ value }} < {{ upper }})
{%- endmacro %}
