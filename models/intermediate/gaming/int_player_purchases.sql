with purchases as (
    select * from {{ ref('stg_ticket_purchases') }}
    where
        purchase_date <= {{ as_of_date('gaming') }}
        and user_id is not null
),

high_jackpot_games as (
    select * from {{ ref('stg_games') }}
    where is_high_jackpot
),

-- In two steps: counting the different games of a player at once takes several times as long.
purchases_by_game as (
    select
        user_id,
        game_id,
        count(*) as purchase_count,
        sum(purchase_amount_usd) as purchase_amount_usd,
        min(purchase_timestamp) as first_purchase_timestamp,
        max(purchase_timestamp) as last_purchase_timestamp
    from purchases
    group by 1, 2
),

final as (
    select
        purchases_by_game.user_id,
        sum(purchases_by_game.purchase_count) as total_purchases,
        sum(purchases_by_game.purchase_amount_usd) as total_purchase_amount_usd,
        min(purchases_by_game.first_purchase_timestamp) as first_purchase_timestamp,
        max(purchases_by_game.last_purchase_timestamp) as last_purchase_timestamp,
        count(purchases_by_game.game_id) as unique_games_played,
        count(high_jackpot_games.game_id) as high_jackpot_games_played,
        sum(
            case
                when high_jackpot_games.game_id is not null
                    then purchases_by_game.purchase_amount_usd
                else 0
            end
        ) as high_jackpot_spend_usd
    from purchases_by_game
    left join high_jackpot_games
        on purchases_by_game.game_id = high_jackpot_games.game_id
    group by 1
)

select * from final
