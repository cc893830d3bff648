{#- Fails with every row that is dated after today: such an event makes "now" today, whatever day that
    is. As a warning, for the raw tables whose events say what "now" is. -#}
{% test not_in_the_future(model, column_name) %}

select *
from {{ model }}
where cast({{ column_name }} as date) > {{ utc_today() }}

{% endtest %}
