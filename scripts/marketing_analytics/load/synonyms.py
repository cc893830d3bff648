"""What other programs call the raw columns, for the guesses of --init."""

from __future__ import annotations

import re

ORDER = ("order_id", "order_no", "order_number", "order", "invoice_no", "invoice_id", "invoice")
ARTICLE = (
    *("product", "product_name", "lineitem_name", "line_item_name", "item_name", "item"),
    *("article", "sku", "stock_code", "product_id", "description"),
)
QUANTITY = ("quantity", "qty", "pieces", "units", "lineitem_quantity", "line_item_quantity")
# Of one piece, unless another column says how many there are.
PRICES = ("unit_price", "lineitem_price", "line_item_price", "item_price")

# Where tables differ, the table's name stands before the column's. The names are as `plain` gives
# them, the likeliest first.
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
        "customer_no",
        "customer_number",
        "customer",
        "player_id",
        "player_no",
        "player",
        "member_id",
        "account_id",
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
    "customers.id": (
        "customer_id",
        "customer_no",
        "customer_number",
        "customer",
        "user_id",
        "email",
    ),
    "first_name": ("given_name", "forename", "billing_first_name"),
    "last_name": ("surname", "family_name", "billing_last_name"),
    "is_test_user": ("is_test", "test_user", "is_test_account", "is_internal", "test"),
    "orders.id": (*ORDER, "name"),
    "orders.status": ("order_status", "state", "order_state", "fulfillment_status"),
    "order_id": ORDER,
    "order_date": (
        "ordered_at",
        "invoice_date",
        "purchase_date",
        "placed_at",
        "created_at",
        "date",
    ),
    "cycle_name": ARTICLE,
    "payments.id": ("payment_id", "transaction_id", "charge_id", "payment_reference"),
    "payment_method": ("method", "payment_type", "gateway", "payment_gateway"),
    "amount": (
        "value",
        "total",
        "price",
        "amount_cents",
        "amount_paid",
        "total_amount",
        "total_price",
        "line_total",
        *PRICES,
    ),
    "refunds.id": ("refund_id", "credit_note", "credit_note_no", "return_id"),
    "refunds.amount": ("refunded_amount", "refund_amount", "amount_refunded", "refund"),
    "refunded_at": ("refund_date", "returned_at", "return_date", "created_at", "date"),
    "order_items.id": ("order_item_id", "line_item_id", "lineitem_id", "line_id", "item_id"),
    "product": ARTICLE,
    "quantity": QUANTITY,
    "customer_contacts.id": ("contact_id", "activity_id"),
    "contacted_at": ("contact_date", "sent_at", "created_at", "date"),
    "action": ("activity", "contact_type", "type", "subject"),
    "signup_id": ("registration_id", "signup_no", "sign_up_id", "id"),
    "signup_timestamp": (
        *("signed_up_at", "registered_at", "signup_date", "signup_time", "registration_date"),
        *("registration_time", "joined_at", "created_at", "timestamp", "date"),
    ),
    "deposit_id": ("transaction_id", "payment_id", "deposit", "deposit_no", "id"),
    "deposit_amount_inminor": ("deposit_amount", "amount", "amount_cents", "value", "total"),
    "deposit_timestamp": (
        *("deposited_at", "deposit_date", "deposit_time", "transaction_date", "paid_at"),
        *("created_at", "timestamp", "date"),
    ),
    "purchase_id": ("ticket_id", "ticket_purchase_id", "bet_id", "wager_id", "order_id", "id"),
    "game_id": ("game", "game_code", "product_id", "draw_id"),
    "games.game_id": ("id", "code", "game_code"),
    "game_name": ("name", "title", "game"),
    "jackpot_estimate_inminor": ("jackpot_estimate", "estimated_jackpot", "jackpot", "top_prize"),
    "purchase_amount_usd": (
        *("purchase_amount", "amount_usd", "amount", "price", "ticket_price", "stake", "wager"),
        *("total", "value"),
    ),
    "purchase_timestamp": (
        *("purchased_at", "bought_at", "purchase_date", "purchase_time", "placed_at"),
        *("created_at", "timestamp", "date"),
    ),
    "event_id": ("id", "message_id", "event_uuid", "insert_id", "hit_id"),
    "anonymous_user_id": (
        *("anonymous_id", "visitor_id", "device_id", "client_id", "cookie_id"),
        *("user_pseudo_id", "distinct_id"),
    ),
    "utm_campaign": ("campaign", "campaign_name", "context_campaign_name", "session_campaign"),
    "event_timestamp": (
        *("timestamp", "event_time", "occurred_at", "received_at", "sent_at", "event_date"),
        *("created_at", "time", "date"),
    ),
    "spend_inminor": (
        *("spend", "cost", "amount_spent", "spend_cents", "cost_micros", "spend_micros"),
        *("ad_spend", "amount"),
    ),
}


def synonyms(table: str, column: str) -> tuple[str, ...]:
    """Return other names of a table's column, the likeliest first."""
    return (*SYNONYMS.get(f"{table}.{column}", ()), *SYNONYMS.get(column, ()))


def plain(column: str) -> str:
    """Return a column's name in lower case with underscores, without its unit."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.strip())  # InvoiceNo, customerID
    without_unit = re.sub(r"\((usd|eur|gbp|chf|cad|aud|jpy|seconds?|s)\)\s*$", "", words.lower())
    return re.sub(r"[^a-z0-9]+", "_", without_unit).strip("_")
