{#- Fails with every number that is negative, or 0 unless or_zero. -#}
{% test positive_value(model, column_name, or_zero=false) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} {{ '<' if or_zero else '<=' }} 0

{% endtest %}
