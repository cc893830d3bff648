-- Do a user's touchpoint positions count up in time order, from 1, or start again at 1?
-- A lost touch skews attribution by position; read by the analyst of the tracking.
{{ config(enabled='marketing' in var('domains'), severity='warn') }}

with touchpoints as (
    select
        touchpoint_id,
        user_id,
        touchpoint_position,
        lag(touchpoint_position) over (
            partition by user_id
            order by
                touched_at nulls last,
                touchpoint_position nulls last,
                touchpoint_id nulls last
        ) as previous_position
    from {{ ref('stg_attribution_touchpoints') }}
    where user_id is not null
),

compared as (
    select
        'position of touch ' || touchpoint_id || ' of user ' || user_id as measure,
        coalesce(previous_position, 0) + 1 as expected,
        touchpoint_position as found
    from touchpoints
)

select * from compared
where found is null or (found <> expected and found <> 1)
