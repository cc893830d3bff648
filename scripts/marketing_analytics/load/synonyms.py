"""What other programs call the raw columns, for the guesses of --init."""

from __future__ import annotations

import re

# Written as `plain` gives them, the likeliest first.
SYNONYMS = {
    "campaign_id": ("campaign", "fb_campaign_id", "utm_id", "utm_campaign", "campaign_group_id"),
    "campaign_name": ("campaign", "utm_campaign", "session_campaign", "campaign_group_name"),
    "date": (
        "day",
        "date_day",
        "reporting_starts",
        "start_date_in_utc",
        "start_date",
        "started_at",
        "session_start",
        "converted_at",
        "event_date",
        "spend_date",
    ),
    "channel": (
        "session_default_channel_group",
        "default_channel_group",
        "channel_group",
        "utm_medium",
        "medium",
        "platform",
        "publisher_platform",
        "utm_source",
        "source",
    ),
    "status": ("campaign_status", "campaign_state", "campaign_delivery", "delivery_status"),
    "daily_budget": ("budget", "campaign_budget", "ad_set_budget", "total_budget"),
    "spend": (
        "cost",
        "amount_spent",
        "total_spent",
        "spent",
        "cost_micros",
        "spend_micros",
        "spend_cents",
        "ad_spend",
        "amount",
    ),
    "impressions": ("impr", "imps", "views"),
    "clicks": ("link_clicks", "clicks_all", "click"),
    "ctr": (
        "ctr_link_click_through_rate",
        "click_through_rate",
        "link_click_through_rate",
        "ctr_all",
    ),
    "cpc": (
        "cpc_cost_per_link_click",
        "avg_cpc",
        "average_cpc",
        "cost_per_click",
        "cost_per_link_click",
        "cpc_all",
    ),
    "creative_id": ("ad_id", "ad_creative_id"),
    "creative_type": ("ad_type", "ad_format", "format", "media_type"),
    "creative_name": ("ad_name", "ad", "headline"),
    "session_id": ("ga_session_id", "visit_id", "session", "sessionid"),
    "user_id": (
        "user_pseudo_id",
        "customer_id",
        "client_id",
        "visitor_id",
        "effective_user_id",
        "user",
        "uid",
    ),
    "session_start": (
        "started_at",
        "session_started_at",
        "start_time",
        "session_start_time",
        "event_timestamp",
        "timestamp",
    ),
    "session_duration_sec": (
        "session_duration",
        "duration",
        "engagement_time_sec",
        "average_session_duration",
        "time_on_site",
    ),
    "pages_viewed": ("pageviews", "page_views", "views", "screen_page_views", "pages"),
    "device_type": ("device_category", "device", "platform_device"),
    "country": ("country_code", "geo_country", "region"),
    "touchpoint_id": ("touch_id", "event_id", "session_id"),
    "touchpoint_position": ("position", "touch_number", "step"),
    "timestamp": (
        "converted_at",
        "occurred_at",
        "event_timestamp",
        "event_time",
        "conversion_time",
        "created_at",
        "started_at",
        "session_start",
        "time",
    ),
    "conversion_id": ("transaction_id", "order_id", "purchase_id", "conversion"),
    "attributed_campaign_id": ("campaign_id", "utm_campaign", "campaign"),
    "attribution_model": ("model",),
    "conversion_value": ("revenue", "purchase_revenue", "value", "conv_value", "total_revenue"),
    "order_date": ("ordered_at", "created_at", "date"),
    "payment_method": ("method", "payment_type"),
    "amount": ("value", "total", "price", "amount_cents"),
    "refunded_at": ("refund_date", "created_at", "date"),
}


def plain(column: str) -> str:
    """Return a column's name in lower case with underscores, without its unit."""
    without_unit = re.sub(
        r"\((usd|eur|gbp|chf|cad|aud|jpy|seconds?|s)\)\s*$", "", column.strip().lower()
    )
    return re.sub(r"[^a-z0-9]+", "_", without_unit).strip("_")
