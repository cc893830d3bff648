{#- Fails with every combination of the given values that the rule table lacks, and with every row
    whose combination is not among them. `values` maps a column to its list of values, of a boolean to
    'true' and 'false'. -#}
{% test covers_combinations(model, values) %}

{%- set columns = values.keys() | list -%}

with
{% for column in columns %}
expected_{{ column }} as (
    {% for value in values[column] %}
    select '{{ value }}' as {{ column }}{{ ' union all' if not loop.last }}
    {% endfor %}
),
{% endfor %}

expected as (
    select {{ columns | join(', ') }}
    from expected_{{ columns[0] }}
    {% for column in columns[1:] %}
    cross join expected_{{ column }}
    {% endfor %}
),

found as (
    select
        {%- for column in columns %}
        {%- if values[column] | sort == ['false', 'true'] %}
        {#- Redshift casts no boolean to text. #}
        case when {{ column }} then 'true' when not {{ column }} then 'false' end
        {%- else %}
        cast({{ column }} as {{ dbt.type_string() }})
        {%- endif %} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)

select
    {% for column in columns %}coalesce(expected.{{ column }}, found.{{ column }}) as {{ column }}, {% endfor %}
    case when found.{{ columns[0] }} is null then 'no rule' else 'no such case' end as problem
from expected
full outer join found
    on {% for column in columns %}expected.{{ column }} = found.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}

where expected.{{ columns[0] }} is null or found.{{ columns[0] }} is null

{% endtest %}
