with models as (
    select * from {{ ref('attribution_models') }}
    where
        is_enabled
        and markov_order is not null
),

channels as (
    select * from {{ ref('int_attribution_channels') }}
),

final as (
    select
        channels.journey_source,
        models.markov_order,
        channels.channel as removed_channel,
        channels.channel_code as removed_code
    from channels
    cross join models
    union all
    -- No channel has this code: the chain as it is.
    select distinct
        channels.journey_source,
        models.markov_order,
        cast(null as {{ dbt.type_string() }}) as removed_channel,
        -1 as removed_code
    from channels
    cross join models
)

select * from final
