{#- Fails where the latest day of the column is more than `max_age_days` before the as-of date of the
    domain: with as_of_date 'today' that is data that stopped coming. Passes on an empty table. -#}
{% test recency_freshness(model, column_name, domain, max_age_days) %}

with latest_days as (
    select max(cast({{ column_name }} as date)) as latest_date
    from {{ model }}
    where cast({{ column_name }} as date) <= {{ as_of_date(domain) }}
)

select latest_date
from latest_days
where latest_date < {{ dbt.dateadd('day', -max_age_days, as_of_date(domain)) }}

{% endtest %}
