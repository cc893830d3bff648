"""Gaming: value tiers, the channels of players, and what advertising returns."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

TIERS = Query(
    name="player_tiers",
    mart="customer.customer_ltv_scoring",
    title="Players by tier",
    sql="""
select
    vip_tier,
    count(*) as player_count,
    sum(total_purchase_amount_usd) as purchase_amount_usd,
    cast(sum(total_purchase_amount_usd) as double) / count(*) as purchase_per_player_usd,
    count(*) filter (risk_score >= 2) as at_risk_count
from customer.customer_ltv_scoring
group by 1
order by min(ltv_score) desc, vip_tier
""",
    columns=(
        Column(name="vip_tier", label="tier"),
        Column(name="player_count", label="players", unit="count", means="Players of the tier."),
        Column(
            name="purchase_amount_usd",
            label="purchases, USD",
            unit="money",
            of="total_purchase_amount_usd",
        ),
        Column(
            name="purchase_per_player_usd",
            label="per player, USD",
            unit="money",
            means="Purchases / players of the tier.",
        ),
        Column(name="at_risk_count", label="risk score 2 or more", unit="count", of="risk_score"),
    ),
)
RETURNS = Query(
    name="player_channels",
    mart="customer.channel_return_on_ad_spend",
    title="What advertising for players returns",
    sql="""
select
    channel,
    campaign_count,
    spend_usd,
    first_touch_purchase_count,
    first_touch_purchase_usd,
    first_touch_purchase_return_ratio,
    last_touch_purchase_count,
    last_touch_purchase_usd,
    last_touch_purchase_return_ratio
from customer.channel_return_on_ad_spend
order by spend_usd desc, channel
""",
    columns=(
        Column(name="channel", label="players' channel"),
        Column(name="campaign_count", label="campaigns", unit="count"),
        Column(name="spend_usd", label="spend, USD", unit="money"),
        Column(name="first_touch_purchase_count", label="purchases, first touch", unit="count"),
        Column(name="first_touch_purchase_usd", label="USD, first touch", unit="money"),
        Column(name="first_touch_purchase_return_ratio", label="return, first touch", unit="ratio"),
        Column(name="last_touch_purchase_count", label="purchases, last touch", unit="count"),
        Column(name="last_touch_purchase_usd", label="USD, last touch", unit="money"),
        Column(name="last_touch_purchase_return_ratio", label="return, last touch", unit="ratio"),
    ),
)
JACKPOTS = Query(
    name="player_jackpots",
    mart="customer.channel_high_jackpot_players",
    title="Players of high jackpots by channel",
    sql="""
select
    channel,
    player_count,
    buyer_count,
    high_jackpot_player_count,
    high_jackpot_player_rate,
    high_jackpot_player_rate_lower_bound,
    high_jackpot_player_rate_upper_bound,
    cost_per_high_jackpot_player_usd
from customer.channel_high_jackpot_players
order by player_count desc, channel
""",
    columns=(
        Column(name="channel", label="players' channel"),
        Column(name="player_count", label="players", unit="count"),
        Column(name="buyer_count", label="buyers", unit="count"),
        Column(name="high_jackpot_player_count", label="of high jackpots", unit="count"),
        Column(name="high_jackpot_player_rate", label="share", unit="rate"),
        Column(name="high_jackpot_player_rate_lower_bound", label="at least", unit="rate"),
        Column(name="high_jackpot_player_rate_upper_bound", label="at most", unit="rate"),
        Column(name="cost_per_high_jackpot_player_usd", label="cost each, USD", unit="money"),
    ),
)
QUERIES = (TIERS, RETURNS, JACKPOTS)
