{#- Fails with every text that is empty or only spaces: an unknown value must be null, or it becomes a
    campaign or channel of its own. -#}
{% test not_blank(model, column_name) %}

select {{ column_name }}
from {{ model }}
where trim({{ column_name }}) = ''

{% endtest %}
