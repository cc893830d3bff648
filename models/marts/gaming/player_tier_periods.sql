-- What a snapshot would hold, from the history of as-of dates: it stays right when a past date is
-- built again, which a snapshot does not.
with history as (
    select * from {{ ref('player_tier_history') }}
),

as_of_dates as (
    select distinct as_of_date from history
),

as_of_dates_in_order as (
    select
        as_of_date,
        row_number() over (order by as_of_date nulls last) as date_position,
        lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from as_of_dates
),

history_with_previous as (
    select
        history.user_id,
        history.as_of_date,
        history.vip_tier,
        history.customer_segment,
        dates.next_as_of_date,
        dates.date_position,
        lag(dates.date_position) over (
            partition by history.user_id order by history.as_of_date nulls last
        ) as previous_date_position,
        lag(history.vip_tier) over (
            partition by history.user_id order by history.as_of_date nulls last
        ) as previous_vip_tier,
        lag(history.customer_segment) over (
            partition by history.user_id order by history.as_of_date nulls last
        ) as previous_customer_segment
    from history
    inner join as_of_dates_in_order as dates
        on history.as_of_date = dates.as_of_date
),

-- A period begins where the tier or the segment changes, or the player was not there before.
history_in_periods as (
    select
        *,
        sum(
            case
                when
                    previous_date_position = date_position - 1
                    and previous_vip_tier = vip_tier
                    and previous_customer_segment = customer_segment
                    then 0
                else 1
            end
        ) over (
            partition by user_id
            order by as_of_date nulls last
            rows between unbounded preceding and current row
        ) as period_position
    from history_with_previous
),

periods as (
    select
        user_id,
        period_position,
        vip_tier,
        customer_segment,
        min(as_of_date) as valid_from_date,
        max(as_of_date) as last_as_of_date,
        max(next_as_of_date) as valid_to_date,
        max(case when next_as_of_date is null then 1 else 0 end) as is_latest
    from history_in_periods
    group by 1, 2, 3, 4
),

final as (
    select
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(vip_tier as {{ dbt.type_string() }}) as vip_tier,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(valid_from_date as date) as valid_from_date,
        cast(case when is_latest = 0 then valid_to_date end as date) as valid_to_date,
        is_latest = 1 as is_current
    from periods
)

select * from final
