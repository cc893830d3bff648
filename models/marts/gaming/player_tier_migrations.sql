with history as (
    select * from {{ ref('player_tier_history') }}
),

as_of_dates as (
    select distinct as_of_date from history
),

as_of_dates_in_order as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date,
        lead(as_of_date) over (order by as_of_date) as next_as_of_date
    from as_of_dates
),

-- Each date ends one step and begins the next: stacked, so that neither new nor removed players
-- get lost.
steps as (
    select
        dates.as_of_date,
        dates.previous_as_of_date,
        history.user_id,
        cast(null as {{ dbt.type_string() }}) as previous_vip_tier,
        history.vip_tier
    from history
    inner join as_of_dates_in_order as dates
        on history.as_of_date = dates.as_of_date
    where dates.previous_as_of_date is not null
    union all
    select
        dates.next_as_of_date as as_of_date,
        dates.as_of_date as previous_as_of_date,
        history.user_id,
        history.vip_tier as previous_vip_tier,
        cast(null as {{ dbt.type_string() }}) as vip_tier
    from history
    inner join as_of_dates_in_order as dates
        on history.as_of_date = dates.as_of_date
    where dates.next_as_of_date is not null
),

players as (
    select
        as_of_date,
        previous_as_of_date,
        user_id,
        coalesce(max(previous_vip_tier), 'New Player')
            as previous_vip_tier,
        coalesce(max(vip_tier), 'Player Removed') as vip_tier
    from steps
    group by 1, 2, 3
),

moves as (
    select
        as_of_date,
        previous_as_of_date,
        previous_vip_tier,
        vip_tier,
        count(*) as player_count
    from players
    group by 1, 2, 3, 4
),

moves_with_totals as (
    select
        *,
        sum(player_count) over (partition by as_of_date, previous_vip_tier)
            as previous_player_count
    from moves
),

final as (
    select
        cast(as_of_date as date) as as_of_date,
        cast(previous_as_of_date as date) as previous_as_of_date,
        cast(previous_vip_tier as {{ dbt.type_string() }}) as previous_vip_tier,
        cast(vip_tier as {{ dbt.type_string() }}) as vip_tier,
        cast(player_count as {{ dbt.type_bigint() }}) as player_count,
        {{ safe_ratio('player_count', 'previous_player_count') }} as share_rate,
        previous_vip_tier <> vip_tier as is_move
    from moves_with_totals
)

select * from final
