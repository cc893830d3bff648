with players as (
    select * from {{ ref('dim_customer') }}
),

touches as (
    select * from {{ ref('int_player_touches') }}
),

campaigns as (
    select * from {{ ref('int_gaming_campaigns') }}
),

touch_counts as (
    select
        user_id,
        count(*) as touch_count
    from touches
    group by 1
),

players_with_touches as (
    select
        players.user_id,
        players.signup_timestamp,
        players.signup_date,
        players.first_purchase_timestamp,
        touch_counts.touch_count,
        first_touches.touch_timestamp as first_touch_timestamp,
        first_touches.campaign_name as first_campaign_name,
        last_touches.campaign_name as last_campaign_name,
        case
            when first_touches.user_id is null then 'no marketing touch'
            when players.first_purchase_timestamp is null then 'not yet converted'
            when players.first_purchase_timestamp < first_touches.touch_timestamp
                then 'purchased before the touch'
            else 'converted'
        end as journey_outcome
    from players
    left join touch_counts
        on players.user_id = touch_counts.user_id
    left join touches as first_touches
        on
            players.user_id = first_touches.user_id
            and first_touches.touch_position = 1
    left join touches as last_touches
        on
            players.user_id = last_touches.user_id
            and {{ within_bounds(
                'players.first_purchase_timestamp',
                'last_touches.touch_timestamp',
                'last_touches.next_touch_timestamp',
            ) }}
),

final as (
    select
        cast(journeys.user_id as {{ dbt.type_string() }}) as user_id,
        cast(journeys.signup_date as date) as signup_date,
        cast(coalesce(journeys.touch_count, 0) as {{ dbt.type_bigint() }}) as touch_count,
        cast(journeys.first_touch_timestamp as {{ dbt.type_timestamp() }})
            as first_touch_timestamp,
        cast(coalesce(journeys.first_campaign_name, '(none)') as {{ dbt.type_string() }})
            as first_campaign_name,
        cast(
            case
                when journeys.first_campaign_name is null then '(none)'
                else coalesce(first_campaigns.channel, 'unknown')
            end as {{ dbt.type_string() }}
        ) as first_channel,
        coalesce(journeys.first_touch_timestamp <= journeys.signup_timestamp, false)
            as is_touched_before_signup,
        cast(journeys.first_purchase_timestamp as {{ dbt.type_timestamp() }})
            as first_purchase_timestamp,
        cast(coalesce(journeys.last_campaign_name, '(none)') as {{ dbt.type_string() }})
            as last_campaign_name,
        cast(
            case
                when journeys.last_campaign_name is null then '(none)'
                else coalesce(last_campaigns.channel, 'unknown')
            end as {{ dbt.type_string() }}
        ) as last_channel,
        cast(journeys.journey_outcome as {{ dbt.type_string() }}) as journey_outcome,
        cast(
            case
                when journeys.journey_outcome = 'converted'
                    then {{ dbt.datediff(
                        'journeys.first_touch_timestamp', 'journeys.first_purchase_timestamp', 'day'
                    ) }}
            end as {{ dbt.type_bigint() }}
        ) as touch_to_purchase_days,
        cast(
            case
                when journeys.journey_outcome = 'not yet converted'
                    then {{ dbt.datediff(
                        'journeys.first_touch_timestamp', as_of_date('gaming'), 'day'
                    ) }}
            end as {{ dbt.type_bigint() }}
        ) as waiting_days,
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from players_with_touches as journeys
    left join campaigns as first_campaigns
        on journeys.first_campaign_name = first_campaigns.campaign_name
    left join campaigns as last_campaigns
        on journeys.last_campaign_name = last_campaigns.campaign_name
)

select * from final
