{#- Fails with every number outside of the range, 0 to 100 unless it says otherwise. -#}
{% test percentage_range(model, column_name, min_value=0, max_value=100) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ min_value }} or {{ column_name }} > {{ max_value }}

{% endtest %}
