"""The shop's marts in plain loops, from the domain rules and not from the models.

Slow on purpose, as reference.py is for marketing. Money is exact (Decimal) and so is everything
that is compared with a bound (Fraction): only what a mart calls a double becomes a float.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, TypeAlias

from conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Value: TypeAlias = str | int | float | bool | Decimal | date | datetime | None
Row: TypeAlias = dict[str, Value]
Number: TypeAlias = int | Decimal | Fraction

RULES = PROJECT / "seeds" / "rules"
NOTHING = Decimal("0.00")
METHODS = ("credit_card", "bank_transfer", "coupon", "gift_card")
GROUPS = {
    "shipped": "successful",
    "completed": "successful",
    "returned": "returned",
    "return_pending": "returned",
    "placed": "pending",
}
CHANNELS = ("Promotional Campaign", "Social Media", "Email Marketing", "Organic")
NO_PRODUCT = "Unknown product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A row of customers."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    is_test_user: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A row of orders."""

    id: str
    order_date: date
    status: str
    user_id: str | None = None
    cycle_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A row of payments, in cents; its product counts for nothing."""

    id: str
    order_id: str
    payment_method: str
    amount: int | None = None
    cycle_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A row of refunds, in cents."""

    id: str
    refunded_at: datetime
    order_id: str | None = None
    user_id: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """A row of order_items, in cents."""

    id: str
    order_id: str
    product: str | None = None
    quantity: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A row of customer_contacts."""

    id: str
    user_id: str
    contacted_at: datetime
    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopWorld:
    """Everything that is in the raw tables."""

    customers: tuple[Customer, ...] = ()
    orders: tuple[Order, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    order_items: tuple[OrderItem, ...] = ()
    customer_contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
    """What a run can choose: the day, the date of a refund, and whether names are shown."""

    as_of_date: date | None = None
    refund_basis: str = "order_date"
    expose_personal_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What an order sold of one product."""

    product: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order up to the as-of date with all that belongs to it."""

    order: Order
    buyer: str
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    lines: tuple[Line, ...]

    @property
    def day(self) -> date:
        return self.order.order_date

    @property
    def group(self) -> str:
        return GROUPS[self.order.status]

    @property
    def is_successful(self) -> bool:
        return self.group == "successful"

    @property
    def amount(self) -> Decimal:
        return total(money(p.amount) for p in self.payments)

    def paid_by(self, *methods: str) -> Decimal:
        return total(money(p.amount) for p in self.payments if p.payment_method in methods)

    @property
    def promotional(self) -> Decimal:
        return self.paid_by("coupon", "gift_card")

    @property
    def has_promotional_payment(self) -> bool:
        return any(p.payment_method in ("coupon", "gift_card") for p in self.payments)

    @property
    def channel(self) -> str:
        if self.has_promotional_payment:
            return "Promotional Campaign"
        if self.day.isoweekday() >= 6:
            return "Social Media"
        return "Email Marketing" if self.amount > 100 else "Organic"

    @property
    def is_refund_assumed(self) -> bool:
        return self.group == "returned" and not self.refunds

    @property
    def refund_amount(self) -> Decimal:
        if self.is_refund_assumed:
            return self.amount
        return total(money(refund.amount) for refund in self.refunds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What was known on the as-of date; sales in the order of their dates, then their ids."""

    world: ShopWorld
    as_of: date | None
    sales: tuple[Sale, ...]
    test_users: frozenset[str]
    customer_ids: tuple[str, ...]

    @property
    def analysed(self) -> list[Sale]:
        """The sales of the analyses: all but those of test users."""
        return [sale for sale in self.sales if sale.buyer != "test user"]

    @property
    def known_sales(self) -> list[Sale]:
        """The sales of customers, without guests and accounts that are not known."""
        return [sale for sale in self.sales if sale.buyer == "customer"]

    def of(self, customer_id: str) -> list[Sale]:
        return [sale for sale in self.sales if sale.order.user_id == customer_id]

    @property
    def now(self) -> date:
        """The as-of date, where a sale shows that there is one."""
        assert self.as_of is not None
        return self.as_of


# ---------------------------------------------------------------- small things


def money(cents: int | None) -> Decimal:
    return Decimal(cents or 0).scaleb(-2)


def total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, NOTHING)


def exact(numerator: Number, denominator: Number) -> Fraction:
    """Return the quotient, or 0 where there is none."""
    return Fraction(numerator) / Fraction(denominator) if denominator else Fraction(0)


def rate(numerator: Number, denominator: Number) -> float:
    return float(exact(numerator, denominator))


def rate_or_none(numerator: Number, denominator: Number) -> float | None:
    return rate(numerator, denominator) if denominator else None


def month_of(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def last_day_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def revenue(sales: Iterable[Sale], *groups: str) -> Decimal:
    return total(sale.amount for sale in sales if not groups or sale.group in groups)


def other_revenues(sales: Sequence[Sale]) -> Row:
    return {
        "pending_revenue": revenue(sales, "pending"),
        "returned_revenue": revenue(sales, "returned"),
        "gross_revenue": revenue(sales),
    }


def seed(name: str, key: str, value: str) -> dict[str, str]:
    with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


# ---------------------------------------------------------------- what was known


def as_of_date(world: ShopWorld, settings: ShopSettings) -> date | None:
    """Return the day that now is: the setting, else the latest event, but never after today."""
    if settings.as_of_date:
        return settings.as_of_date
    events = [order.order_date for order in world.orders]
    events += [refund.refunded_at.date() for refund in world.refunds]
    events += [contact.contacted_at.date() for contact in world.customer_contacts]
    return min(max(events), datetime.now(UTC).date()) if events else None


def known_shop(world: ShopWorld, settings: ShopSettings) -> Shop:
    as_of = as_of_date(world, settings)
    tests = {customer.id: bool(customer.is_test_user) for customer in world.customers}
    orders = [order for order in world.orders if as_of and order.order_date <= as_of]
    return Shop(
        world=world,
        as_of=as_of,
        sales=tuple(
            _sale(order, world, as_of, tests)
            for order in sorted(orders, key=lambda order: (order.order_date, order.id))
        ),
        test_users=frozenset(i for i, is_test in tests.items() if is_test),
        customer_ids=tuple(i for i, is_test in tests.items() if not is_test),
    )


def _sale(order: Order, world: ShopWorld, as_of: date | None, tests: dict[str, bool]) -> Sale:
    payments = tuple(p for p in world.payments if p.order_id == order.id)
    items = [item for item in world.order_items if item.order_id == order.id]
    quantities: dict[str, int] = defaultdict(int)
    amounts: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    if not items:
        quantities[order.cycle_name or NO_PRODUCT] = 1
        amounts[order.cycle_name or NO_PRODUCT] = total(money(p.amount) for p in payments)
    for item in items:
        quantities[item.product or NO_PRODUCT] += 1 if item.quantity is None else item.quantity
        amounts[item.product or NO_PRODUCT] += money(item.amount)
    return Sale(
        order=order,
        buyer=buyer_type(order.user_id, tests),
        payments=payments,
        refunds=tuple(
            refund
            for refund in world.refunds
            if refund.order_id == order.id and as_of and refund.refunded_at.date() <= as_of
        ),
        lines=tuple(
            Line(product=product, quantity=quantities[product], amount=amounts[product])
            for product in quantities
        ),
    )


def buyer_type(customer_id: str | None, tests: dict[str, bool]) -> str:
    if customer_id is None:
        return "guest"
    if customer_id not in tests:
        return "unknown customer"
    return "test user" if tests[customer_id] else "customer"


# ---------------------------------------------------------------- refunds


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Money given back up to the as-of date: a refund, or a return that nobody booked."""

    kind: str
    buyer: str
    customer_id: str | None
    amount: Decimal
    day: date
    order_day: date | None

    def counted_on(self, settings: ShopSettings) -> date:
        """Return the date in which window it counts."""
        if settings.refund_basis == "order_date" and self.order_day is not None:
            return self.order_day
        return self.day


def refund_outcome(refund: Refund, shop: Shop) -> tuple[str, Sale | None]:
    """Return the kind of a refund, or why no customer can have it, and its order."""
    if refund.refunded_at.date() > shop.now:
        return "after_as_of_date", None
    sale = next((sale for sale in shop.sales if sale.order.id == refund.order_id), None)
    if sale:
        return "order", sale
    if refund.user_id is None:
        return "no_customer", None
    is_known = refund.user_id in shop.test_users or refund.user_id in shop.customer_ids
    return "customer" if is_known else "unknown_customer", None


def given_back(shop: Shop) -> list[Given]:
    found = [
        Given(
            kind="assumed",
            buyer=sale.buyer,
            customer_id=sale.order.user_id,
            amount=sale.amount,
            day=sale.day,
            order_day=sale.day,
        )
        for sale in shop.sales
        if sale.is_refund_assumed
    ]
    for refund in shop.world.refunds:
        kind, sale = refund_outcome(refund, shop)
        if kind not in ("order", "customer"):
            continue
        own = "test user" if refund.user_id in shop.test_users else "customer"
        found.append(
            Given(
                kind=kind,
                buyer=sale.buyer if sale else own,
                customer_id=sale.order.user_id if sale else refund.user_id,
                amount=money(refund.amount),
                day=refund.refunded_at.date(),
                order_day=sale.day if sale else None,
            )
        )
    return found


# ---------------------------------------------------------------- orders, customers


def orders(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per order up to the as-of date."""
    del settings
    return [
        {
            "order_id": sale.order.id,
            "customer_id": sale.order.user_id,
            "order_date": sale.day,
            "status": sale.order.status,
            "credit_card_amount": sale.paid_by("credit_card"),
            "coupon_amount": sale.paid_by("coupon"),
            "bank_transfer_amount": sale.paid_by("bank_transfer"),
            "gift_card_amount": sale.paid_by("gift_card"),
            "amount": sale.amount,
            "other_amount": sale.amount - sale.paid_by(*METHODS),
            "promotional_amount": sale.promotional,
            "payment_count": len(sale.payments),
            "order_status_group": sale.group,
            "product_name": sale.order.cycle_name,
            "order_month": month_of(sale.day),
            "is_weekend": sale.day.isoweekday() >= 6,
            "has_promotional_payment": sale.has_promotional_payment,
            "buyer_type": sale.buyer,
            "attribution_channel": sale.channel,
            "refund_count": len(sale.refunds),
            "refund_amount": sale.refund_amount,
            "is_refund_assumed": sale.is_refund_assumed,
            "net_amount": sale.amount - sale.refund_amount,
        }
        for sale in shop.sales
    ]


def customers(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per account, test users too."""
    segments = {row["customer_id"]: row for row in customer_segmentation(shop, settings)}
    refunds = given_back(shop)
    rows: list[Row] = []
    for customer in shop.world.customers:
        sales = shop.of(customer.id)
        good = [sale for sale in sales if sale.is_successful]
        contacts = sorted(
            (
                contact
                for contact in shop.world.customer_contacts
                if contact.user_id == customer.id and contact.contacted_at.date() <= shop.now
            ),
            key=lambda contact: (contact.contacted_at, contact.id),
        )
        segment = segments.get(customer.id)
        rows.append(
            {
                "customer_id": customer.id,
                "first_name": customer.first_name if settings.expose_personal_data else None,
                "last_name": customer.last_name if settings.expose_personal_data else None,
                "first_order_date": sales[0].day if sales else None,
                "last_order_date": sales[-1].day if sales else None,
                "number_of_orders": len(sales),
                "customer_lifetime_value": revenue(good),
                "total_spend": revenue(sales),
                "is_test_user": bool(customer.is_test_user),
                "successful_order_count": len(good),
                "pending_revenue": revenue(sales, "pending"),
                "returned_revenue": revenue(sales, "returned"),
                "refund_amount": total(
                    given.amount for given in refunds if given.customer_id == customer.id
                ),
                "avg_order_value": rate(revenue(good), len(good)),
                "promotional_spend_rate": promotional_rate(good),
                "days_since_last_order": (shop.now - sales[-1].day).days if sales else None,
                "lifecycle_stage": lifecycle_stage(len(sales)),
                "customer_segment": segment["customer_segment"] if segment else None,
                "contact_count": len(contacts),
                "last_contact_date": contacts[-1].contacted_at.date() if contacts else None,
                "last_contact_action": contacts[-1].action if contacts else None,
                "as_of_date": shop.as_of,
            }
        )
    return rows


def promotional_rate(sales: Sequence[Sale]) -> float:
    return rate(total(sale.promotional for sale in sales), revenue(sales))


def lifecycle_stage(order_count: int) -> str:
    if order_count == 0:
        return "no order"
    if order_count == 1:
        return "new"
    return "active" if order_count <= 3 else "loyal"


# ---------------------------------------------------------------- segments


def scores(values: dict[str, Number]) -> dict[str, int]:
    """Return 1 to 5 per customer by a value of which more is better; ties share."""
    if len(set(values.values())) <= 1:
        return dict.fromkeys(values, 3)
    others = len(values) - 1
    return {
        customer_id: min(5, 1 + 5 * sum(other < value for other in values.values()) // others)
        for customer_id, value in values.items()
    }


def segment_of(r: int, f: int, m: int) -> str:
    """Return the first segment of the rules whose condition holds."""
    conditions = {
        "Champions": r >= 4 and f >= 4 and m >= 4,
        "Loyal Customers": r >= 3 and f >= 3 and m >= 4,
        "Can't Lose Them": r <= 2 and f >= 4 and m >= 4,
        "At Risk": r <= 2 and (f >= 3 or m >= 3),
        "New Customers": r >= 4 and f <= 2 and m <= 2,
        "Potential Loyalists": r >= 3 and m >= 3,
        "Promising": r >= 3 and f <= 2,
        "Need Attention": r >= 3,
        "Hibernating": r == 2,
        "Lost": r == 1,
    }
    return next(segment for segment, holds in conditions.items() if holds)


def _engagement(r: int, f: int) -> str:
    if r >= 4 and f >= 3:
        return "high"
    return "moderate" if r >= 3 or f >= 3 else "low"


def customer_segmentation(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per customer who is no test user."""
    del settings
    good = {i: [sale for sale in shop.of(i) if sale.is_successful] for i in shop.customer_ids}
    buyers = {i: sales for i, sales in good.items() if sales}
    recency = scores({i: -(shop.now - sales[-1].day).days for i, sales in buyers.items()})
    frequency = scores({i: len(sales) for i, sales in buyers.items()})
    monetary = scores({i: revenue(sales) for i, sales in buyers.items()})
    churn = _churn_scores(shop, buyers)
    actions = seed("segment_actions", "customer_segment", "marketing_action")
    rows: list[Row] = []
    for i, sales in good.items():
        segment, value_tier, engagement = "No Purchase", "low", "low"
        if sales:
            segment = segment_of(recency[i], frequency[i], monetary[i])
            value_tier = {5: "high", 4: "high", 3: "medium"}.get(monetary[i], "low")
            engagement = _engagement(recency[i], frequency[i])
        rows.append(
            {
                "customer_id": i,
                "customer_segment": segment,
                "total_revenue": revenue(sales),
                "total_orders": len(sales),
                "recency_score": recency.get(i),
                "frequency_score": frequency.get(i),
                "monetary_score": monetary.get(i),
                "marketing_action": actions[segment],
                "recency_days": (shop.now - sales[-1].day).days if sales else None,
                "avg_order_value": rate(revenue(sales), len(sales)),
                "first_order_date": sales[0].day if sales else None,
                "last_order_date": sales[-1].day if sales else None,
                **other_revenues(shop.of(i)),
                "value_tier": value_tier,
                "engagement_level": engagement,
                "promotional_spend_rate": promotional_rate(sales),
                "churn_risk_score": churn.get(i),
                "churn_risk_level": churn_level(churn[i]) if i in churn else None,
                "as_of_date": shop.as_of,
            }
        )
    return rows


def churn_level(score: int) -> str:
    if score >= 60:
        return "high"
    return "medium" if score >= 30 else "low"


def _churn_scores(shop: Shop, buyers: dict[str, list[Sale]]) -> dict[str, int]:
    spans = {
        i: (Fraction((sales[-1].day - sales[0].day).days), len(sales) - 1)
        for i, sales in buyers.items()
        if sales[-1].day > sales[0].day
    }
    shop_gap = exact(sum(days for days, _ in spans.values()), sum(n for _, n in spans.values()))
    found = {}
    for i, sales in buyers.items():
        gap = exact(*spans[i]) if i in spans else shop_gap or Fraction(180)
        overdue = (shop.now - sales[-1].day).days / gap
        ages = [(shop.now - sale.day).days for sale in sales]
        recent = sum(age < 180 for age in ages)
        previous = sum(180 <= age < 360 for age in ages)
        decline = max(Fraction(0), exact(previous - recent, previous))
        lateness = min(Fraction(1), max(Fraction(0), (overdue - 1) / 2))
        found[i] = floor(70 * lateness + 30 * decline + Fraction(1, 2))
    return found


# ---------------------------------------------------------------- products


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product and its part of each sale."""

    name: str
    parts: tuple[tuple[Sale, Line], ...]

    @property
    def good(self) -> list[tuple[Sale, Line]]:
        return [(sale, line) for sale, line in self.parts if sale.is_successful]

    def revenue(self, *groups: str) -> Decimal:
        return total(line.amount for sale, line in self.parts if not groups or sale.group in groups)

    def revenue_between(self, after: date, until: date) -> Decimal:
        return total(line.amount for sale, line in self.good if after < sale.day <= until)

    def paid_by(self, *methods: str) -> Fraction:
        """Return the successful revenue by these methods: a line is paid as its order is."""
        return sum(
            (
                Fraction(line.amount) * exact(sale.paid_by(*methods), sale.amount)
                for sale, line in self.good
            ),
            Fraction(0),
        )

    @property
    def orders_by_customer(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for sale, _ in self.good:
            if sale.buyer == "customer" and sale.order.user_id is not None:
                found[sale.order.user_id] += 1
        return found


def products_of(shop: Shop) -> dict[str, Product]:
    names = sorted({line.product for sale in shop.analysed for line in sale.lines})
    return {
        name: Product(
            name=name,
            parts=tuple(
                (sale, line)
                for sale in shop.analysed
                for line in sale.lines
                if line.product == name
            ),
        )
        for name in names
    }


def product_cross_sell(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per product and other product that a same customer bought.

    Sales that name no product are nothing to offer.
    """
    del settings
    buyers = {name: set(p.orders_by_customer) for name, p in products_of(shop).items()}
    everyone: set[str] = set().union(*buyers.values())
    rows: list[Row] = []
    for name, mine in buyers.items():
        pairs = [
            (both, exact(both * len(everyone), len(mine) * len(theirs)), other)
            for other, theirs in buyers.items()
            if other not in (name, NO_PRODUCT) and (both := len(mine & theirs))
        ]
        pairs.sort(key=lambda pair: (-pair[0], -pair[1], pair[2]))
        rows += [
            {
                "product_name": name,
                "cross_sell_product": other,
                "customer_count": len(mine),
                "cross_sell_customer_count": both,
                "confidence_rate": rate(both, len(mine)),
                "support_rate": rate(both, len(everyone)),
                "lift_ratio": float(lift),
                "cross_sell_rank": position,
                "as_of_date": shop.as_of,
            }
            for position, (both, lift, other) in enumerate(pairs, start=1)
        ]
    return rows


def product_performance(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per product."""
    products = products_of(shop)
    everything = total(product.revenue("successful") for product in products.values())
    best = {
        row["product_name"]: row
        for row in product_cross_sell(shop, settings)
        if row["cross_sell_rank"] == 1
    }
    actions = seed("product_actions", "product_status", "marketing_recommendation")
    rows: list[Row] = []
    for product in products.values():
        own = product.revenue("successful")
        better = [p.revenue("successful") for p in products.values()]
        better = [amount for amount in better if amount > own]
        abc = abc_category(exact(total(better), everything))
        status = _product_status(product, shop, abc)
        buyers = product.orders_by_customer
        newcomers = _newcomers(product, shop)
        good_orders = len(product.good)
        returned = sum(sale.group == "returned" for sale, _ in product.parts)
        cross = best.get(product.name)
        rows.append(
            {
                "product_name": product.name,
                "revenue_rank": 1 + len(better),
                "total_revenue": own,
                "return_rate": rate(returned, len(product.parts)),
                "abc_category": abc,
                "product_status": status,
                "marketing_recommendation": (
                    None if product.name == NO_PRODUCT else actions[status]
                ),
                "order_count": len(product.parts),
                "successful_order_count": good_orders,
                "returned_order_count": returned,
                "quantity": sum(line.quantity for _, line in product.good),
                "pending_revenue": product.revenue("pending"),
                "returned_revenue": product.revenue("returned"),
                "gross_revenue": product.revenue(),
                "revenue_share_rate": rate(own, everything),
                "avg_order_value": rate(own, good_orders),
                "customer_count": len(buyers),
                "market_penetration_rate": rate(len(buyers), len(shop.customer_ids)),
                "repeat_customer_count": sum(n >= 2 for n in buyers.values()),
                "repeat_purchase_rate": float(_repeat_rate(product)),
                "new_customer_count": newcomers,
                "acquisition_rate": rate(newcomers, len(buyers)),
                "promotional_dependency_rate": rate(product.paid_by("coupon", "gift_card"), own),
                "preferred_payment_method": _preferred_method(product),
                **{f"{m}_share_rate": rate(product.paid_by(m), own) for m in METHODS},
                "first_order_date": product.parts[0][0].day,
                "last_successful_order_date": product.good[-1][0].day if product.good else None,
                "lifecycle_stage": _product_stage(product, shop),
                "recent_revenue": _last_days(product, shop, 0),
                "previous_revenue": _last_days(product, shop, 30),
                "cross_sell_product": cross["cross_sell_product"] if cross else None,
                "cross_sell_customer_count": cross["cross_sell_customer_count"] if cross else 0,
                "as_of_date": shop.as_of,
            }
        )
    return rows


def abc_category(share_of_better: Fraction) -> str:
    if share_of_better < Fraction(8, 10):
        return "A"
    return "B" if share_of_better < Fraction(95, 100) else "C"


def _repeat_rate(product: Product) -> Fraction:
    buyers = product.orders_by_customer
    return exact(sum(n >= 2 for n in buyers.values()), len(buyers))


def _newcomers(product: Product, shop: Shop) -> int:
    first: dict[str | None, Sale] = {}
    for sale in shop.known_sales:
        if sale.is_successful:
            first.setdefault(sale.order.user_id, sale)
    return sum(line.product == product.name for sale in first.values() for line in sale.lines)


def _preferred_method(product: Product) -> str | None:
    by_method = {method: product.paid_by(method) for method in METHODS}
    paid = [method for method in METHODS if by_method[method] > 0]
    return min(paid, key=lambda method: (-by_method[method], method), default=None)


def _last_days(product: Product, shop: Shop, until: int) -> Decimal:
    end = shop.now - timedelta(days=until)
    return product.revenue_between(end - timedelta(days=30), end)


def _product_stage(product: Product, shop: Shop) -> str:
    recent, previous = _last_days(product, shop, 0), _last_days(product, shop, 30)
    if (shop.now - product.parts[0][0].day).days < 30:
        return "New"
    if recent > previous * Decimal("1.1"):
        return "Growth"
    if recent < previous * Decimal("0.9") or recent == previous == 0:
        return "Declining"
    return "Mature"


def _product_status(product: Product, shop: Shop, abc: str) -> str:
    returned = sum(sale.group == "returned" for sale, _ in product.parts)
    opened = shop.analysed[0].day
    first_half = total(
        line.amount
        for sale, line in product.good
        if 2 * (sale.day - opened).days <= (shop.now - opened).days
    )
    second_half = product.revenue("successful") - first_half
    good_days = [sale.day for sale, _ in product.good]
    conditions = {
        "Problem": len(product.parts) >= 5 and 5 * returned > len(product.parts),
        "New": (shop.now - product.parts[0][0].day).days < 30,
        "Declining": not good_days or (shop.now - good_days[-1]).days > 60,
        "Star": abc == "A" and second_half >= first_half,
        "Cash Cow": abc == "A" or _repeat_rate(product) > Fraction(3, 10),
        "Standard": True,
    }
    return next(status for status, holds in conditions.items() if holds)


# ---------------------------------------------------------------- cohorts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The customers whose first successful order fell into a month, and all their sales."""

    month: date
    members: frozenset[str]
    sales: tuple[Sale, ...]

    def months_since(self, sale: Sale) -> int:
        """Return the months to a sale; one before the first successful order counts as 0."""
        return max(0, months_between(self.month, sale.day))

    def active(self, age: int) -> set[str | None]:
        return {
            sale.order.user_id
            for sale in self.sales
            if sale.is_successful and self.months_since(sale) == age
        }

    def retention(self, age: int) -> Fraction:
        return 100 * exact(len(self.active(age)), len(self.members))


def cohorts_of(shop: Shop) -> list[Cohort]:
    months: dict[str, date] = {}
    for sale in shop.known_sales:
        if sale.is_successful and sale.order.user_id is not None:
            months.setdefault(sale.order.user_id, month_of(sale.day))
    found = []
    for month in sorted(set(months.values())):
        members = frozenset(i for i, own in months.items() if own == month)
        sales = tuple(sale for sale in shop.known_sales if sale.order.user_id in members)
        found.append(Cohort(month=month, members=members, sales=sales))
    return found


def customer_cohorts(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per cohort month and month since, up to the as-of month."""
    del settings
    rows: list[Row] = []
    for cohort in cohorts_of(shop):
        size = len(cohort.members)
        ages = range(months_between(cohort.month, month_of(shop.now)) + 1)
        complete = [a for a in ages if last_day_of(add_months(cohort.month, a)) <= shop.now]
        half_year = _average([cohort.retention(a) for a in complete if 1 <= a <= 6])
        year = _average([cohort.retention(a) for a in complete if 1 <= a <= 12])
        value = exact(revenue(cohort.sales, "successful"), size)
        top: list[str | None] = [*_top_products(cohort), None, None, None]
        so_far = NOTHING
        for age in ages:
            sales = [sale for sale in cohort.sales if cohort.months_since(sale) == age]
            so_far += revenue(sales, "successful")
            rows.append(
                {
                    "cohort_month": cohort.month,
                    "months_since_first_purchase": age,
                    "retention_rate": float(cohort.retention(age)),
                    "cohort_revenue": revenue(sales, "successful"),
                    "cohort_quality": (
                        cohort_quality(half_year, value)
                        if half_year is not None and 6 in complete
                        else None
                    ),
                    "activity_month": add_months(cohort.month, age),
                    "cohort_size": size,
                    "active_customer_count": len(cohort.active(age)),
                    "order_count": sum(sale.is_successful for sale in sales),
                    **other_revenues(sales),
                    "revenue_per_customer": rate(revenue(sales, "successful"), size),
                    "cumulative_revenue": so_far,
                    "cumulative_revenue_per_customer": rate(so_far, size),
                    "is_complete": age in complete,
                    "avg_retention_1_to_6": None if half_year is None else float(half_year),
                    "avg_retention_1_to_12": None if year is None else float(year),
                    "retention_stage": retention_stage(age),
                    "top_product_1": top[0],
                    "top_product_2": top[1],
                    "top_product_3": top[2],
                    "as_of_date": shop.as_of,
                }
            )
    return rows


def _average(rates: Sequence[Fraction]) -> Fraction | None:
    return sum(rates, Fraction(0)) / len(rates) if rates else None


def cohort_quality(retention: Fraction, value: Fraction) -> str:
    for quality, more_retention, more_value in (
        ("Premium", 40, 500),
        ("High Value", 30, 300),
        ("Standard", 20, 200),
    ):
        if retention > more_retention and value > more_value:
            return quality
    return "Below Average" if retention > 10 else "At Risk"


def retention_stage(age: int) -> str:
    for stage, last in (("Acquisition", 0), ("Activation", 3), ("Retention", 6), ("Revenue", 12)):
        if age <= last:
            return stage
    return "Referral"


def _top_products(cohort: Cohort) -> list[str]:
    amounts: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for sale in cohort.sales:
        if sale.is_successful:
            for line in sale.lines:
                if line.product != NO_PRODUCT:
                    amounts[line.product] += line.amount
    return sorted(amounts, key=lambda product: (-amounts[product], product))


# ---------------------------------------------------------------- attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The successful sales of one customer in time; a guest's sale is one of its own."""

    sales: tuple[Sale, ...]

    @property
    def is_known(self) -> bool:
        return self.sales[0].buyer == "customer"


def journeys_of(shop: Shop) -> list[Journey]:
    by_customer: dict[str | None, list[Sale]] = defaultdict(list)
    alone = []
    for sale in shop.analysed:
        if not sale.is_successful:
            continue
        if sale.buyer == "customer":
            by_customer[sale.order.user_id].append(sale)
        else:
            alone.append(Journey(sales=(sale,)))
    return alone + [Journey(sales=tuple(sales)) for sales in by_customer.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, the sales it is credited with, and the known customers it won."""

    name: str
    sales: tuple[Sale, ...]
    won: tuple[Journey, ...]

    @property
    def good(self) -> list[Sale]:
        return [sale for sale in self.sales if sale.is_successful]

    @property
    def order_value(self) -> Fraction:
        return exact(revenue(self.good), len(self.good))

    @property
    def repeaters(self) -> int:
        return sum(len(journey.sales) >= 2 for journey in self.won)

    @property
    def repeat_rate(self) -> Fraction:
        return exact(self.repeaters, len(self.won))


def marketing_attribution(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per channel, also without orders."""
    del settings
    journeys = journeys_of(shop)
    channels = [
        Channel(
            name=name,
            sales=tuple(sale for sale in shop.analysed if sale.channel == name),
            won=tuple(p for p in journeys if p.is_known and p.sales[0].channel == name),
        )
        for name in CHANNELS
    ]
    everything = revenue(shop.analysed, "successful")
    top_value = max(channel.order_value for channel in channels)
    top_repeat = max(c.repeat_rate for c in channels)
    top_new = max(len(c.won) for c in channels)
    advice = seed("channel_classes", "channel_classification", "optimization_recommendation")
    rows: list[Row] = []
    for channel in channels:
        own = revenue(channel.good)
        promotional = total(sale.promotional for sale in channel.good)
        score = (
            40 * exact(channel.order_value, top_value)
            + 30 * exact(channel.repeat_rate, top_repeat)
            + 30 * exact(len(channel.won), top_new)
        )
        kind = channel_class(score) if channel.good else "No Conversions"
        rows.append(
            {
                "attribution_channel": channel.name,
                "total_conversions": len(channel.good),
                "total_revenue": own,
                "channel_efficiency_score": float(score),
                "channel_classification": kind,
                "optimization_recommendation": advice.get(kind, "Nothing to judge yet."),
                "order_count": len(channel.sales),
                **other_revenues(channel.sales),
                "new_customer_count": len(channel.won),
                "repeat_customer_count": channel.repeaters,
                "repeat_rate": float(channel.repeat_rate),
                "first_touch_revenue": total(
                    revenue(p.sales) for p in journeys if p.sales[0].channel == channel.name
                ),
                "last_touch_revenue": total(
                    revenue(p.sales) for p in journeys if p.sales[-1].channel == channel.name
                ),
                "avg_order_value": float(channel.order_value),
                "promotional_amount": promotional,
                "promotional_dependency_rate": rate(promotional, own),
                "acquisition_cost_proxy": rate_or_none(promotional, len(channel.won)),
                "channel_return_ratio": rate_or_none(
                    own * Decimal("0.6") - promotional, promotional
                ),
                "revenue_share_rate": rate(own, everything),
                "as_of_date": shop.as_of,
            }
        )
    return rows


def channel_class(score: Fraction) -> str:
    for name, least in (("High Performer", 75), ("Solid Performer", 50), ("Developing", 25)):
        if score >= least:
            return name
    return "Low Performer"


# ---------------------------------------------------------------- reconciliation

STAGES = (
    "orders",
    "payments",
    "refunds",
    "customer value",
    "segmentation",
    "products",
    "cohorts",
    "attribution",
    "first touch",
    "last touch",
)
REASONS = (
    "unknown_order",
    "after_as_of_date",
    "test_user",
    "guest",
    "unknown_customer",
    "no_successful_order",
    "item_difference",
)
BUYERS = {
    "test user": "test_user",
    "guest": "guest",
    "unknown customer": "unknown_customer",
    "customer": "in_mart",
}


def shop_reconciliation(shop: Shop, settings: ShopSettings) -> list[Row]:
    """Return one row per stage: what came in, what the mart holds, and why the rest is not."""
    del settings
    amounts: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    _reconcile_raw(shop, amounts)
    buyers = {journey.sales[0].order.user_id for journey in journeys_of(shop) if journey.is_known}
    for sale in shop.sales:
        buyer = BUYERS[sale.buyer]
        tested = "test_user" if sale.buyer == "test user" else "in_mart"
        spender = "in_mart" if sale.buyer == "test user" else buyer
        amounts["customer value", spender] += sale.amount
        amounts["attribution", tested] += sale.amount
        if tested == "in_mart":
            sold = total(line.amount for line in sale.lines)
            amounts["products", "in_mart"] += sold
            amounts["products", "item_difference"] += sale.amount - sold
        else:
            amounts["products", tested] += sale.amount
        member = buyer
        if buyer == "in_mart" and sale.order.user_id not in buyers:
            member = "no_successful_order"
        amounts["cohorts", member] += sale.amount
        if sale.is_successful:
            amounts["segmentation", buyer] += sale.amount
            amounts["first touch", tested] += sale.amount
            amounts["last touch", tested] += sale.amount
    return [
        {
            "stage": stage,
            "source_total": total(amounts[stage, key] for key in ("in_mart", *REASONS)),
            "mart_total": amounts[stage, "in_mart"],
            **{f"{reason}_total": amounts[stage, reason] for reason in REASONS},
            "unexplained_total": NOTHING,
            "as_of_date": shop.as_of,
        }
        for stage in STAGES
    ]


def _reconcile_raw(shop: Shop, amounts: dict[tuple[str, str], Decimal]) -> None:
    raw_ids = {order.id for order in shop.world.orders}
    ids = {sale.order.id for sale in shop.sales}
    for order in shop.world.orders:
        amounts["orders", "in_mart" if order.id in ids else "after_as_of_date"] += 1
    for payment in shop.world.payments:
        outcome = "in_mart" if payment.order_id in ids else "after_as_of_date"
        if payment.order_id not in raw_ids:
            outcome = "unknown_order"
        amounts["payments", outcome] += money(payment.amount)
    for refund in shop.world.refunds:
        outcome = "in_mart" if refund.order_id in ids else "unknown_order"
        if refund.refunded_at.date() > shop.now:
            outcome = "after_as_of_date"
        amounts["refunds", outcome] += money(refund.amount)


ShopMart: TypeAlias = "tuple[Callable[[Shop, ShopSettings], list[Row]], tuple[str, ...]]"
SHOP_MARTS: dict[str, ShopMart] = {
    "orders": (orders, ("order_id",)),
    "customers": (customers, ("customer_id",)),
    "customer_segmentation": (customer_segmentation, ("customer_id",)),
    "product_performance": (product_performance, ("product_name",)),
    "product_cross_sell": (product_cross_sell, ("product_name", "cross_sell_product")),
    "customer_cohorts": (customer_cohorts, ("cohort_month", "months_since_first_purchase")),
    "marketing_attribution": (marketing_attribution, ("attribution_channel",)),
    "shop_reconciliation": (shop_reconciliation, ("stage",)),
}
