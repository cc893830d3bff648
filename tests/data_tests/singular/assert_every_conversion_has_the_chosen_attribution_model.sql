-- Does var conversion_attribution_model leave out conversions of other models only?
-- Their value is in no mart; read by the analyst of the tracking.
{{ config(severity='warn') }}

with raw_conversions as (
    select distinct cast(conversion_id as {{ dbt.type_string() }}) as conversion_id
    from {{ source('marketing_raw', 'conversions') }}
    where conversion_id is not null
),

conversions as (
    select * from {{ ref('stg_conversions') }}
)

select
    'conversion ' || raw_conversions.conversion_id as measure,
    1 as expected,
    0 as found
from raw_conversions
left join conversions
    on raw_conversions.conversion_id = conversions.conversion_id
where conversions.conversion_id is null
