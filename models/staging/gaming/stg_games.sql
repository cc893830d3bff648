with raw_games as (
    {{ raw_rows('lottery_raw', 'games') }}
),

final as (
    select
        -- keys
        cast(game_id as {{ dbt.type_string() }}) as game_id,

        -- dimensions
        cast(game_name as {{ dbt.type_string() }}) as game_name,
        coalesce(jackpot_estimate_inminor >= {{ var('high_jackpot_threshold_minor') }}, false)
            as is_high_jackpot,

        -- measures
        cast(jackpot_estimate_inminor as {{ dbt.type_bigint() }}) as jackpot_estimate_minor
    from raw_games
)

select * from final
