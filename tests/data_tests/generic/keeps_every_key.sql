{#- Fails where a staging model does not hold every key of its raw table once. -#}
{% test keeps_every_key(model, column_name, raw, raw_key) %}

with raw_keys as (
    select distinct {{ raw_key | join(', ') }}
    from {{ raw }}
),

raw_counts as (
    select count(*) as key_count from raw_keys
),

staging_counts as (
    select count({{ column_name }}) as key_count from {{ model }}
)

select
    raw_counts.key_count as expected,
    staging_counts.key_count as found
from raw_counts
cross join staging_counts
where raw_counts.key_count <> staging_counts.key_count

{% endtest %}
