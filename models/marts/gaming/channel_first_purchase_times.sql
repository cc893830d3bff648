with journeys as (
    select * from {{ ref('player_journeys') }}
),

players_by_days as (
    select
        first_channel as channel,
        journey_outcome,
        touch_to_purchase_days,
        count(*) as player_count,
        sum(waiting_days) as waiting_days
    from journeys
    group by 1, 2, 3
),

players_accumulated as (
    select
        *,
        sum(player_count) over (
            partition by channel, journey_outcome
            order by touch_to_purchase_days nulls last
            rows between unbounded preceding and current row
        ) as players_so_far,
        sum(player_count) over (partition by channel, journey_outcome) as players_in_all
    from players_by_days
),

channels as (
    select
        channel,
        {% for outcome, name in [
            ('converted', 'converted'),
            ('not yet converted', 'not_yet_converted'),
            ('purchased before the touch', 'purchased_before'),
            ('no marketing touch', 'untouched'),
        ] -%}
        sum(case when journey_outcome = '{{ outcome }}' then player_count else 0 end)
            as {{ name }}_player_count,
        {% endfor -%}
        {% for days in [0, 7, 30] -%}
        sum(case when touch_to_purchase_days <= {{ days }} then player_count else 0 end)
            as converted_within_{{ days }}d,
        {% endfor -%}
        -- The least number of days within which half, or nine in ten, of the converted have bought.
        min(case when players_so_far * 2 >= players_in_all then touch_to_purchase_days end)
            as median_days,
        min(case when players_so_far * 10 >= players_in_all * 9 then touch_to_purchase_days end)
            as p90_days,
        sum(touch_to_purchase_days * player_count) as touch_to_purchase_days,
        sum(waiting_days) as waiting_days
    from players_accumulated
    group by 1
),

final as (
    select
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(
            converted_player_count + not_yet_converted_player_count
            + purchased_before_player_count + untouched_player_count as {{ dbt.type_bigint() }}
        ) as player_count,
        cast(converted_player_count as {{ dbt.type_bigint() }}) as converted_player_count,
        cast(not_yet_converted_player_count as {{ dbt.type_bigint() }})
            as not_yet_converted_player_count,
        cast(purchased_before_player_count as {{ dbt.type_bigint() }})
            as purchased_before_player_count,
        cast(untouched_player_count as {{ dbt.type_bigint() }}) as untouched_player_count,
        {{ safe_ratio(
            'not_yet_converted_player_count',
            'converted_player_count + not_yet_converted_player_count'
        ) }} as not_yet_converted_rate,
        {{ safe_ratio('touch_to_purchase_days', 'converted_player_count', otherwise='null') }}
            as avg_days_to_first_purchase,
        cast(median_days as {{ dbt.type_bigint() }}) as median_days_to_first_purchase,
        cast(p90_days as {{ dbt.type_bigint() }}) as p90_days_to_first_purchase,
        {% for days, name in [(0, 'same_day'), (7, '7d'), (30, '30d')] -%}
        {{ safe_ratio(
            'converted_within_' ~ days ~ 'd',
            'converted_player_count + not_yet_converted_player_count'
        ) }} as converted_{{ name }}_rate,
        {% endfor -%}
        {{ safe_ratio('waiting_days', 'not_yet_converted_player_count', otherwise='null') }}
            as avg_days_waiting,
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from channels
)

select * from final
