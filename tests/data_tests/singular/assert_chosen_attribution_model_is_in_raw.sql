-- Does raw know the attribution model that var conversion_attribution_model names? A misspelt one
-- would credit no campaign with anything.
{{ config(enabled='marketing' in var('domains')) }}

with chosen_rows as (
    select count(*) as row_count
    from {{ ref('stg_conversions') }}
    where attribution_model = '{{ var('conversion_attribution_model') }}'
)

select
    'conversions of the attribution model {{ var("conversion_attribution_model") }}' as measure,
    row_count as found
from chosen_rows
where
    row_count = 0
    and {{ 'false' if var('conversion_attribution_model') is none else 'true' }}
