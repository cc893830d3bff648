{% macro fee(amount, rate) %}{{ amount }} * {{ rate }}{% endmacro %}
