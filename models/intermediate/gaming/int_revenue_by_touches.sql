-- What a player pays counts for the first and for the last touch before it; without a touch
-- before it for none. Sums first, so that few rows go on to the campaigns.
with players as (
    select * from {{ ref('int_players') }}
),

touches as (
    select * from {{ ref('int_player_touches') }}
),

payments as (
    select
        user_id,
        purchase_timestamp as payment_timestamp,
        1 as purchase_count,
        purchase_amount_usd as purchase_usd,
        0 as first_deposit_count,
        cast(0 as {{ type_money() }}) as first_deposit_usd
    from {{ ref('stg_ticket_purchases') }}
    where purchase_date <= {{ as_of_date('gaming') }}
    union all
    select
        user_id,
        first_deposit_timestamp as payment_timestamp,
        0 as purchase_count,
        cast(0 as {{ type_money() }}) as purchase_usd,
        1 as first_deposit_count,
        {{ from_minor_units('first_deposit_amount_minor') }} as first_deposit_usd
    from {{ ref('int_player_deposits') }}
),

final as (
    select
        coalesce(touches.first_campaign_name, '(none)') as first_campaign_name,
        coalesce(touches.campaign_name, '(none)') as last_campaign_name,
        {{ sum_columns([
            'first_deposit_count', 'first_deposit_usd', 'purchase_count', 'purchase_usd'
        ]) }}
    from payments
    inner join players
        on payments.user_id = players.user_id
    left join touches
        on
            payments.user_id = touches.user_id
            and {{ within_bounds(
                'payments.payment_timestamp',
                'touches.touch_timestamp',
                'touches.next_touch_timestamp',
            ) }}
    group by 1, 2
)

select * from final
