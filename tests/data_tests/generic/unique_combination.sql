{#- Fails with every combination of the columns that occurs more than once; null counts as a value. -#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {% for _ in columns %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
having count(*) > 1

{% endtest %}
