"""Finance's marts in plain loops, from the domain rules and not from the models."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.reference_shop import (
    BUYERS,
    NOTHING,
    Given,
    Row,
    Shop,
    ShopMart,
    ShopSettings,
    add_months,
    given_back,
    last_day_of,
    money,
    month_of,
    rate,
    refund_outcome,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def net_revenue(customer_id: str, shop: Shop, settings: ShopSettings) -> tuple[Decimal, Decimal]:
    """Return what a customer paid and got back in the window."""
    if shop.as_of is None:
        return NOTHING, NOTHING
    window = shop.as_of - timedelta(days=90)
    paid = total(sale.amount for sale in shop.of(customer_id) if sale.day > window)
    back = total(
        given.amount
        for given in given_back(shop)
        if given.customer_id == customer_id and window < given.counted_on(settings) <= shop.as_of
    )
    return paid, back


def segment_of(net: Decimal) -> str:
    return "High" if net >= 5000 else "Medium" if net >= 1000 else "Low"


def segments(shop: Shop, settings: ShopSettings) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    for customer_id in shop.customer_ids:
        paid, back = net_revenue(customer_id, shop, settings)
        found[customer_id] = segment_of(paid - back)
    return found


def mart_customer_revenue(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per customer who is no test user."""
    rows: list[Row] = []
    for customer_id in shop.customer_ids:
        paid, back = net_revenue(customer_id, shop, settings)
        sales = shop.of(customer_id)
        rows.append(
            {
                "customer_id": customer_id,
                "net_revenue_90d": paid - back,
                "cltv_segment": segment_of(paid - back),
                "orders_count": len(sales),
                "orders_count_90d": sum((shop.now - sale.day).days < 90 for sale in sales),
                "order_amount_90d": paid,
                "refund_amount_90d": back,
                "as_of_date": shop.as_of,
            }
        )
    return rows


def fct_customer_ltv(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per customer who is no test user, over all time."""
    rows: list[Row] = []
    for customer_id in shop.customer_ids:
        sales = shop.of(customer_id)
        gross = total(sale.amount for sale in sales)
        back = total(g.amount for g in given_back(shop) if g.customer_id == customer_id)
        paid_90d, back_90d = net_revenue(customer_id, shop, settings)
        rows.append(
            {
                "customer_id": customer_id,
                "first_order_date": sales[0].day if sales else None,
                "last_order_date": sales[-1].day if sales else None,
                "orders_count": len(sales),
                "gross_amount": gross,
                "refund_amount": back,
                "net_amount": gross - back,
                "avg_order_value": rate(gross, len(sales)),
                "net_revenue_90d": paid_90d - back_90d,
                "cltv_segment": segment_of(paid_90d - back_90d),
                "as_of_date": shop.as_of,
            }
        )
    return rows


def mart_retention_segments(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per month of the first order and segment that have customers."""
    groups: dict[tuple[date | None, str], list[str]] = defaultdict(list)
    for customer_id, segment in segments(shop, settings).items():
        assert customer_id is not None
        sales = shop.of(customer_id)
        groups[month_of(sales[0].day) if sales else None, segment].append(customer_id)
    rows: list[Row] = []
    for (month, segment), members in groups.items():
        active = [
            customer_id
            for customer_id in members
            if any((shop.now - sale.day).days < 90 for sale in shop.of(customer_id))
        ]
        nets = [net_revenue(customer_id, shop, settings) for customer_id in members]
        rows.append(
            {
                "first_order_month": month,
                "cltv_segment": segment,
                "customer_count": len(members),
                "active_customer_count": len(active),
                "active_rate": rate(len(active), len(members)),
                "net_revenue_90d": total(paid - back for paid, back in nets),
                "as_of_date": shop.as_of,
            }
        )
    return rows


def quarter_of(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def unclaimed(shop: Shop) -> list[Given]:
    """Return the refunds up to the as-of date of which neither order nor account is known."""
    return [
        Given(
            kind="unclaimed",
            buyer="nobody",
            customer_id=None,
            amount=money(refund.amount),
            day=refund.refunded_at.date(),
            order_day=None,
        )
        for refund in shop.world.refunds
        if shop.as_of and refund_outcome(refund, shop)[0] in ("unknown_customer", "no_customer")
    ]


def mart_finance_quarterly(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per quarter from the first with an order or a refund to the as-of one.

    Money that went back went back, whoever has it: only test users are left out.
    """
    refunds = [given for given in given_back(shop) if given.buyer != "test user"] + unclaimed(shop)
    days = [sale.day for sale in shop.analysed] + [given.day for given in refunds]
    tiers = segments(shop, settings)
    rows: list[Row] = []
    quarter = quarter_of(min(days)) if days else date.max
    while quarter <= (shop.as_of or date.min):
        sold = [sale for sale in shop.analysed if quarter_of(sale.day) == quarter]
        back = [given for given in refunds if quarter_of(given.day) == quarter]
        net = dict.fromkeys(("High", "Medium", "Low", "none"), NOTHING)
        for sale in sold:
            net[tiers.get(sale.order.user_id, "none")] += sale.amount
        for given in back:
            net[tiers.get(given.customer_id, "none")] -= given.amount
        rows.append(
            {
                "quarter_start_date": quarter,
                "gross_amount": total(sale.amount for sale in sold),
                "refund_amount": total(given.amount for given in back),
                "net_amount": total(net.values()),
                "orders_count": len(sold),
                "customers_count": len(
                    {sale.order.user_id for sale in sold if sale.buyer == "customer"}
                ),
                "high_net_amount": net["High"],
                "medium_net_amount": net["Medium"],
                "low_net_amount": net["Low"],
                "no_customer_net_amount": net["none"],
                "is_complete": last_day_of(add_months(quarter, 2)) <= shop.now,
                "as_of_date": shop.as_of,
            }
        )
        quarter = add_months(quarter, 3)
    return rows


def agg_customer_activity(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per customer and month with an order or a refund."""
    tiers = segments(shop, settings)
    sold: dict[tuple[str, date], list[Decimal]] = defaultdict(list)
    back: dict[tuple[str, date], list[Decimal]] = defaultdict(list)
    for sale in shop.known_sales:
        sold[str(sale.order.user_id), month_of(sale.day)].append(sale.amount)
    for given in given_back(shop):
        if given.buyer == "customer":
            back[str(given.customer_id), month_of(given.day)].append(given.amount)
    return [
        {
            "customer_id": customer_id,
            "activity_month": month,
            "orders_count": len(sold[customer_id, month]),
            "gross_amount": total(sold[customer_id, month]),
            "refund_amount": total(back[customer_id, month]),
            "net_amount": total(sold[customer_id, month]) - total(back[customer_id, month]),
            "cltv_segment": tiers[customer_id],
            "as_of_date": shop.as_of,
        }
        for customer_id, month in sorted(sold.keys() | back.keys())
    ]


# ---------------------------------------------------------------- reconciliation

REASONS = ("test_user", "guest", "unknown_customer", "no_customer", "after_as_of_date")


def finance_reconciliation(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per stage: what came in, what the mart holds, and why the rest is not."""
    del settings
    flows = {"gross": _gross_flows(shop), "refunds": _refund_flows(shop)}
    stages = {
        "gross amount": ("gross", False),
        "refunds": ("refunds", False),
        "quarterly gross": ("gross", True),
        "quarterly refunds": ("refunds", True),
        "monthly gross": ("gross", False),
        "monthly refunds": ("refunds", False),
    }
    rows: list[Row] = []
    for stage, (measure, is_of_anyone) in stages.items():
        amounts: dict[str, Decimal] = defaultdict(lambda: NOTHING)
        for outcome, amount in flows[measure]:
            is_kept = is_of_anyone and outcome not in ("test_user", "after_as_of_date")
            amounts["in_mart" if is_kept else outcome] += amount
        rows.append(
            {
                "stage": stage,
                "source_total": total(amounts.values()),
                "mart_total": amounts["in_mart"],
                **{f"{reason}_total": amounts[reason] for reason in REASONS},
                "unexplained_total": NOTHING,
                "as_of_date": shop.as_of,
            }
        )
    return rows


def _gross_flows(shop: Shop) -> Sequence[tuple[str, Decimal]]:
    """Return the outcome of each payment of an order, and its amount."""
    by_order = {sale.order.id: sale for sale in shop.sales}
    raw_ids = {order.id for order in shop.world.orders}
    found = []
    for payment in shop.world.payments:
        if payment.order_id in by_order:
            outcome = BUYERS[by_order[payment.order_id].buyer]
            found.append((outcome, money(payment.amount)))
        elif payment.order_id in raw_ids:
            found.append(("after_as_of_date", money(payment.amount)))
    return found


def _refund_flows(shop: Shop) -> Sequence[tuple[str, Decimal]]:
    found = [(BUYERS[g.buyer], g.amount) for g in given_back(shop)]
    for refund in shop.world.refunds:
        outcome, _ = refund_outcome(refund, shop)
        if outcome not in ("order", "customer"):
            found.append((outcome, money(refund.amount)))
    return found


FINANCE_MARTS: dict[str, ShopMart] = {
    "mart_customer_revenue": (mart_customer_revenue, ("customer_id",)),
    "fct_customer_ltv": (fct_customer_ltv, ("customer_id",)),
    "mart_retention_segments": (mart_retention_segments, ("first_order_month", "cltv_segment")),
    "mart_finance_quarterly": (mart_finance_quarterly, ("quarter_start_date",)),
    "agg_customer_activity": (agg_customer_activity, ("customer_id", "activity_month")),
    "finance_reconciliation": (finance_reconciliation, ("stage",)),
}
