"""The shop, finance and gaming in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.words import amount, change, count, listed, percent, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEW = 30  # customers or players below which a share says little
COMPARED_MONTHS = 3  # months after the first order in which cohorts are compared
TOP = 3
BREAK_EVEN = 1
AS_A_YEAR_AGO = 5  # complete quarters that it takes to compare with the same one of last year


def shop(tables: Mapping[str, Table], currency: str) -> tuple[Finding, ...]:
    """Return which segments bring the money, who is leaving, what sells and what comes back."""
    found: list[Finding] = []
    if "shop_segments" in tables:
        found += _segments(tables["shop_segments"].rows, currency)
    if "shop_products" in tables:
        found += _products(tables["shop_products"].rows, currency)
    return tuple(found)


def finance(tables: Mapping[str, Table], currency: str) -> tuple[Finding, ...]:
    """Return the last complete quarter against the one before and that of a year ago."""
    if "finance_quarters" not in tables:
        return ()
    complete = [row for row in tables["finance_quarters"].rows if row["is_complete"]]
    if not complete:
        text = "No quarter is complete yet."
        return (Finding(text=text, query="finance_quarters", tone="low volume"),)
    last = complete[-1]
    net = float(last["net_amount"])
    text = (
        f"Net revenue of the quarter from {last['quarter_start_date']}: {amount(net, currency)}, "
        f"from {count(last['orders_count'], 'orders')} of "
        f"{count(last['customers_count'], 'customers')}"
    )
    if len(complete) > 1:
        before = float(complete[-2]["net_amount"])
        text += f"; {_against(net, before)} the quarter before"
    if len(complete) >= AS_A_YEAR_AGO:
        year_ago = float(complete[-AS_A_YEAR_AGO]["net_amount"])
        text += f", {_against(net, year_ago)} a year ago"
    refunds = _share(last["refund_amount"], last["gross_amount"])
    return (Finding(text=f"{text}. Refunds took {refunds}.", query="finance_quarters"),)


def gaming(tables: Mapping[str, Table]) -> tuple[Finding, ...]:
    """Return what the best players bring, and which channels return what they cost."""
    found: list[Finding] = []
    if "player_tiers" in tables:
        found += _player_tiers(tables["player_tiers"].rows)
    if "player_channels" in tables:
        found += _player_channels(tables["player_channels"].rows)
    return tuple(found)


def _segments(rows: Sequence[Row], currency: str) -> list[Finding]:
    revenue = sum(row["revenue_amount"] for row in rows)
    customers = sum(row["customer_count"] for row in rows)
    best = rows[0]
    found = [
        Finding(
            text=f"{best['customer_segment']} are {count(best['customer_count'])} of "
            f"{count(customers, 'customers')} and bring {_share(best['revenue_amount'], revenue)} "
            f"of the shop's revenue. {best['marketing_action'].removesuffix('.')}.",
            query="shop_segments",
        )
    ]
    leaving = [row for row in rows if row["high_risk_count"]]
    risky = sum(row["high_risk_count"] for row in leaving)
    if risky:
        ranked = sorted(leaving, key=lambda row: (-row["high_risk_count"], row["customer_segment"]))
        parts = [
            f"{row['customer_segment']} ({count(row['high_risk_count'])})" for row in ranked[:TOP]
        ]
        text = f"{count(risky, 'customers')} are at a high risk of leaving, most of them in "
        found.append(Finding(text=f"{text}{listed(parts)}.", query="shop_segments"))
    return found


def _products(rows: Sequence[Row], currency: str) -> list[Finding]:
    best = rows[0]
    found = [
        Finding(
            text=f"{best['product_name']} sells best: {amount(best['total_revenue'], currency)}, "
            f"{percent(best['revenue_share_rate'])} of the revenue, from "
            f"{count(best['order_count'], 'orders')}.",
            query="shop_products",
        )
    ]
    problems = [row for row in rows if row["product_status"].lower().startswith("problem")]
    if problems:
        parts = [
            f"{row['product_name']} ({percent(row['return_rate'])} of "
            f"{count(row['order_count'], 'orders')})"
            for row in problems
        ]
        text = f"Often returned, of the best selling products: {listed(parts)}."
        found.append(Finding(text=text, query="shop_products", tone="bad"))
    return found


def _player_tiers(rows: Sequence[Row]) -> list[Finding]:
    best = rows[0]
    players = sum(row["player_count"] for row in rows)
    spent = sum(row["purchase_amount_usd"] for row in rows)
    text = (
        f"{best['vip_tier']} players are {count(best['player_count'])} of "
        f"{count(players, 'players')} and make {_share(best['purchase_amount_usd'], spent)} of all "
        "purchases."
    )
    return [Finding(text=text, query="player_tiers")]


def _player_channels(rows: Sequence[Row]) -> list[Finding]:
    paid = [row for row in rows if row["first_touch_purchase_return_ratio"] is not None]
    below = [
        row
        for row in paid
        if max(row["first_touch_purchase_return_ratio"], row["last_touch_purchase_return_ratio"])
        < BREAK_EVEN
    ]
    if not below:
        return []
    parts = [
        f"{row['channel']} ({shown(row['first_touch_purchase_return_ratio'], 'ratio')} by first "
        f"touch, {shown(row['last_touch_purchase_return_ratio'], 'ratio')} by last)"
        for row in below
    ]
    text = f"Bring less than they cost, whichever touch is credited: {listed(parts)}."
    return [Finding(text=text, query="player_channels", tone="bad")]


def _against(net: float, before: float) -> str:
    """Return a change with what it is compared with to follow; words where that was nothing."""
    return f"{change(net, before)} against" if before else "with nothing in"


def _share(part: object, whole: object) -> str:
    total = float(str(whole))
    return percent(float(str(part)) / total) if total else "none"
