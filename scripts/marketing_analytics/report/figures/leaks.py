"""Where the money leaks: each campaign's worst step against the median campaign."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

CAMPAIGN_LEAKS = Query(
    name="campaign_leaks",
    mart="marketing.funnel_conversion_analysis",
    title="Campaigns and what they lose, the most expensive leak first",
    sql="""
select
    campaign_id,
    coalesce(campaign_name, campaign_id) as campaign_name,
    channel,
    recommended_action,
    recommended_action_reason,
    leak_step,
    leak_step_rate,
    leak_median_rate,
    leak_lost_conversions,
    leak_lost_revenue,
    is_leak_significant,
    is_rated,
    is_high_click_through_low_conversion,
    total_impressions,
    total_clicks,
    total_sessions,
    total_conversions,
    click_through_rate,
    click_to_session_rate,
    session_to_conversion_rate,
    click_through_comparison,
    session_to_conversion_comparison,
    spend_amount,
    revenue_amount,
    return_on_ad_spend_ratio,
    return_band
from marketing.funnel_conversion_analysis
order by leak_lost_revenue desc, spend_amount desc, campaign_id
""",
    columns=(
        Column(name="campaign_id", label="campaign id", is_hidden=True),
        Column(name="campaign_name", label="campaign"),
        Column(name="channel", label="channel"),
        Column(name="recommended_action", label="do"),
        Column(name="recommended_action_reason", label="why", is_hidden=True),
        Column(name="leak_step", label="worst step"),
        Column(name="leak_step_rate", label="its rate", unit="rate"),
        Column(name="leak_median_rate", label="median campaign", unit="rate"),
        Column(name="leak_lost_conversions", label="conversions lost", unit="estimate"),
        Column(name="leak_lost_revenue", label="money lost", unit="money"),
        Column(name="is_leak_significant", label="beyond chance", unit="flag"),
        Column(name="is_rated", label="enough data", unit="flag"),
        Column(name="is_high_click_through_low_conversion", label="", unit="flag", is_hidden=True),
        Column(name="total_impressions", label="impressions", unit="count"),
        Column(name="total_clicks", label="clicks", unit="count"),
        Column(name="total_sessions", label="sessions", unit="count"),
        Column(name="total_conversions", label="conversions", unit="count"),
        Column(name="click_through_rate", label="click-through", unit="rate"),
        Column(name="click_to_session_rate", label="click to session", unit="rate"),
        Column(name="session_to_conversion_rate", label="session to conversion", unit="rate"),
        Column(name="click_through_comparison", label="click-through against the rest"),
        Column(name="session_to_conversion_comparison", label="conversion against the rest"),
        Column(name="spend_amount", label="spend", unit="money"),
        Column(name="revenue_amount", label="revenue", unit="money"),
        Column(name="return_on_ad_spend_ratio", label="return on ad spend", unit="ratio"),
        Column(name="return_band", label="return"),
    ),
    channel="channel",
    campaign="campaign_id",
)
QUERIES = (CAMPAIGN_LEAKS,)
