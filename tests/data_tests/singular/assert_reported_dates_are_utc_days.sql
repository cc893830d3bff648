-- Is the day that raw reports the UTC day of the timestamp, which the models use?
-- depends_on: {{ ref('stg_sessions') }}
-- depends_on: {{ ref('stg_conversions') }}
-- A tracker may be in another time zone; read by the analyst of the tracking.
{{ config(enabled='marketing' in var('domains'), severity='warn') }}

with compared as (
    select
        'date of session ' || cast(session_id as {{ dbt.type_string() }}) as measure,
        cast(session_start as date) as expected,
        cast(date as date) as found
    from {{ source('marketing_raw', 'sessions') }}
    union all
    select
        'date of conversion ' || cast(conversion_id as {{ dbt.type_string() }})
            as measure,
        cast(timestamp as date) as expected,
        cast(date as date) as found
    from {{ source('marketing_raw', 'conversions') }}
)

select * from compared
where expected <> found
