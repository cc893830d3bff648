with history as (
    select * from {{ ref('player_tier_history') }}
),

moves as (
    {{ moves_between_as_of_dates(
        'history', 'user_id', 'vip_tier',
        new='New Player', removed='Player Removed'
    ) }}
),

final as (
    select
        cast(as_of_date as date) as as_of_date,
        cast(previous_as_of_date as date) as previous_as_of_date,
        cast(previous_class as {{ dbt.type_string() }}) as previous_vip_tier,
        cast(class as {{ dbt.type_string() }}) as vip_tier,
        cast(member_count as {{ dbt.type_bigint() }}) as player_count,
        {{ safe_ratio('member_count', 'previous_member_count') }} as share_rate,
        previous_class <> class as is_move
    from moves
)

select * from final
