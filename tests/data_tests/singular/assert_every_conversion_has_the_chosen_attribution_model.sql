-- Does the model of var conversion_attribution_model know every conversion? Those that it does not
-- know are credited to the campaign of their session; read by the analyst of the tracking.
{{ config(enabled='marketing' in var('domains'), severity='warn') }}

select
    'attribution model of conversion ' || conversion_id as measure,
    '{{ var("conversion_attribution_model") }}' as expected,
    attribution_model as found
from {{ ref('stg_conversions') }}
where
    coalesce(attribution_model, '') != '{{ var("conversion_attribution_model") }}'
    and {{ 'false' if var('conversion_attribution_model') is none else 'true' }}
