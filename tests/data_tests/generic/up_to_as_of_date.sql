{#- Fails with every day after the as-of date of the domain. -#}
{% test up_to_as_of_date(model, column_name, domain) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} > {{ as_of_date(domain) }}

{% endtest %}
