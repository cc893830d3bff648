with channels as (
    select distinct
        journey_source,
        channel
    from {{ ref('int_attribution_windows') }}
),

final as (
    select
        journey_source,
        channel,
        row_number() over (partition by journey_source order by channel nulls last)
            as channel_code
    from channels
)

select * from final
