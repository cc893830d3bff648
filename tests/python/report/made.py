"""Rows as the marts have them, for rules that are tested with numbers worked out by hand."""

from __future__ import annotations

from typing import Any

from marketing_analytics.report.facts import Row, Table
from marketing_analytics.report.figures import QUERIES
from marketing_analytics.report.figures.credit import MODELS


def table(name: str, *rows: Row) -> Table:
    return Table(query=QUERIES[name], rows=rows)


def period(campaign: str, current: dict[str, float], previous: dict[str, float]) -> Row:
    """Return a campaign's two periods; what is not named is 0."""
    measures = ("impressions", "clicks", "sessions", "conversions", "spend", "revenue")
    return {
        "campaign_id": campaign,
        "campaign_name": None if campaign == "(none)" else campaign.title(),
        "channel": "unknown" if campaign in ("(none)", "deleted") else "search",
        "has_ad_data": campaign not in ("(none)", "deleted"),
        **{f"current_{name}": current.get(name, 0) for name in measures},
        **{f"previous_{name}": previous.get(name, 0) for name in measures},
    }


def leak(name: str, **given: Any) -> Row:
    """Return a rated campaign that leaks nothing, but for what is given."""
    return {
        "campaign_id": name.lower(),
        "campaign_name": name,
        "channel": "search",
        "recommended_action": "keep",
        "recommended_action_reason": "Nothing to mend.",
        "leak_step": "none",
        "leak_step_rate": None,
        "leak_median_rate": None,
        "leak_lost_conversions": 0.0,
        "leak_lost_revenue": 0.0,
        "is_leak_significant": False,
        "is_rated": True,
        "is_high_click_through_low_conversion": False,
        "total_impressions": 10_000,
        "total_clicks": 100,
        "total_sessions": 90,
        "total_conversions": 9,
        "click_through_rate": 0.01,
        "click_to_session_rate": 0.9,
        "session_to_conversion_rate": 0.1,
        "click_through_comparison": "no clear difference",
        "session_to_conversion_comparison": "no clear difference",
        "spend_amount": 100,
        "revenue_amount": 900,
        "return_on_ad_spend_ratio": 9.0,
        "return_band": "strong",
        **given,
    }


def credit(channel: str, disagreement: float, **given: float) -> Row:
    """Return a channel that all models credit alike, but for those given."""
    everywhere = given.pop("all")
    return {
        "channel": channel,
        "campaign_id": None,
        "campaign_name": None,
        "spend_amount": 0,
        **{f"{model}_conversions": given.get(model, everywhere) for model, _ in MODELS},
        "model_disagreement_rate": disagreement,
    }
