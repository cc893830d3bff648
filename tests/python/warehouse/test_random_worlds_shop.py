"""On any raw data the marts of shop and finance are what plain loops say they are."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PROJECT
from warehouse.compiled import OTHER_CHOICES, CompiledMarts
from warehouse.random_worlds import nearly, runs
from warehouse.reference_finance import FINANCE_MARTS
from warehouse.reference_shop import (
    METHODS,
    SHOP_MARTS,
    Contact,
    Customer,
    Order,
    OrderItem,
    Payment,
    Refund,
    ShopSettings,
    ShopWorld,
    add_months,
    known_shop,
)
from warehouse.row_differences import row_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Row = dict[str, Any]
    Rows = dict[str, list[Row]]

MARTS = {**SHOP_MARTS, **FINANCE_MARTS}
# What they hold depends on the days of earlier builds.
HISTORIES = (
    "customer_segment_history",
    "customer_segment_migrations",
    "customer_revenue_segment_history",
)
quick = runs(40)
few = runs(40, share=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The project compiled with its own settings, and with the other choice of each."""

    builds: dict[str, CompiledMarts]

    def rows(self, world: ShopWorld, rules: ShopSettings) -> Rows:
        """Return the rows of all marts by their keys; the vars of `rules` choose the build."""
        marts = self.builds[rules.refund_basis]
        marts.build(world, as_of_date=rules.as_of_date)
        return {
            mart: sorted(marts.rows(mart), key=lambda row: [str(row[k]) for k in key])
            for mart, (_, key) in MARTS.items()
        }


@pytest.fixture(scope="module")
def project(compiled: Callable[[str], Path]) -> Iterator[Project]:
    builds = {
        choice: CompiledMarts(PROJECT, compiled(chosen), "dbt_production", HISTORIES)
        for choice, chosen in {"order_date": "{}", "refund_date": OTHER_CHOICES}.items()
    }
    yield Project(builds=builds)
    for marts in builds.values():
        marts.close()


# ---------------------------------------------------------------- random raw data

LAST_DAY = date(2024, 6, 30)  # a Sunday, the end of a month and of a quarter
# Days before it, around every bound that counts days, and around ends of months and years.
AGES = [0, 0, 1, 2, 29, 30, 31, 59, 60, 61, 89, 90, 91, 120, 179, 180, 181, 182, 272, 359, 360, 400]
days = st.sampled_from([LAST_DAY - timedelta(days=n) for n in AGES])
seconds = st.sampled_from([time(0), time(12), time(23, 59, 59, 999_999)])
far_days = st.sampled_from([date(2019, 2, 28), date(2999, 1, 1)])
event_days = st.one_of(*[days] * 14, far_days)
moments = st.builds(datetime.combine, event_days, seconds)
known_ids = ["1", "10", "2", "007", "7", 'it\'s, "odd"', "名前"]
customer_ids = st.sampled_from(known_ids)
buyer_ids = st.sampled_from([*known_ids, *known_ids, "ghost", None])
order_ids = st.integers(0, 9).map(str)
product_names = ["Racer", "racer", "Cruiser", 'Kid\'s "12"', "Été", None]
products = st.sampled_from(product_names)
statuses = ["completed", "shipped", "placed", "returned", "return_pending"]
cents: list[int | None] = [
    None,
    0,
    1,
    100,
    1000,
    3000,
    3300,
    3333,
    9999,
    10_000,
    10_001,
    30_000,
    50_000,
    99_999,
]
cents += [100_000, 499_999, 500_000]
amounts = st.sampled_from(cents)
test_flags = st.sampled_from([None, None, False, False, False, True])


def one_per_id(rows: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    return st.lists(rows, max_size=most, unique_by=lambda row: row.id).map(tuple)


customers = st.builds(
    Customer,
    id=customer_ids,
    first_name=st.sampled_from(["Ada", None]),
    last_name=st.sampled_from(["L.", None]),
    is_test_user=test_flags,
)
orders = st.builds(
    Order,
    id=order_ids,
    order_date=event_days,
    status=st.sampled_from(statuses),
    user_id=buyer_ids,
    cycle_name=products,
)
payments = st.builds(
    Payment,
    id=st.integers(0, 60).map(str),
    order_id=order_ids,
    payment_method=st.sampled_from(METHODS),
    amount=amounts,
)
refunds = st.builds(
    Refund,
    id=st.integers(0, 20).map(str),
    refunded_at=moments,
    order_id=st.one_of(st.none(), order_ids),
    user_id=buyer_ids,
    amount=amounts,
)
order_items = st.builds(
    OrderItem,
    id=st.integers(0, 30).map(str),
    order_id=order_ids,
    product=products,
    quantity=st.sampled_from([None, 0, 1, 3]),
    amount=amounts,
)
contacts = st.builds(
    Contact,
    id=st.integers(0, 9).map(str),
    user_id=st.sampled_from([*known_ids, "ghost"]),
    contacted_at=moments,
    action=st.sampled_from(["voucher", "call", None]),
)
sparse_worlds = st.builds(
    ShopWorld,
    customers=one_per_id(customers, 5),
    orders=one_per_id(orders, 10),
    payments=one_per_id(payments, 12),
    refunds=one_per_id(refunds, 5),
    order_items=one_per_id(order_items, 6),
    customer_contacts=one_per_id(contacts, 3),
)


@st.composite
def busy_worlds(draw: st.DrawFn) -> ShopWorld:
    """Return a shop whose customers buy again, so that scores, cohorts and gaps have values."""
    # Sizes are drawn, so that a failing world shrinks; the rest is as random as random can be.
    customer_count = draw(st.sampled_from([1, 2, 4, 7, 12]))
    order_count = draw(st.sampled_from([1, 5, 12, 25, 40, 70]))
    pick: Callable[[Sequence[Any]], Any] = random.Random(draw(st.integers(0, 2**32))).choice
    ids = [*known_ids, "a", "b", "c", "d", "e"][:customer_count]
    buyers = [*ids, *ids, *pick([[], ["ghost"], ["ghost", None]])]
    ages = pick(
        [AGES, AGES, list(range(0, 68, 7)), list(range(0, 270, 30)), list(range(0, 900, 30))]
    )
    spends = pick(
        [cents, [0, 1000, 10_000], [9000, 10_000, 11_000], [3333, 10_001, 20_000], [50_000]]
    )
    wares = product_names[: pick([1, 2, 4, 6])]
    kinds = pick([statuses, ["completed"], ["completed", "returned"], ["completed"] * 9 + statuses])
    sold = [
        Order(
            id=str(n),
            order_date=LAST_DAY - timedelta(days=pick(ages)),
            status=pick(kinds),
            user_id=pick(buyers),
            cycle_name=pick(wares),
        )
        for n in range(order_count)
    ]
    paid = [
        Payment(
            id=f"{order.id}-{part}",
            order_id=order.id,
            payment_method=pick(METHODS),
            amount=pick(spends),
        )
        for order in sold
        for part in range(pick([0, 1, 1, 1, 1, 2, 3]))
    ]
    lines = []
    for order in sold if pick([True, False]) else ():
        left = sum(payment.amount or 0 for payment in paid if payment.order_id == order.id)
        for part in range(pick([0, 0, 0, 1, 2, 3])):
            amount = pick([left, left // 2, left // 3, 1000, None])
            left -= min(left, amount or 0)
            line = OrderItem(
                id=f"{order.id}-{part}",
                order_id=order.id,
                product=pick(wares),
                quantity=pick([None, 1, 2]),
                amount=amount,
            )
            lines.append(line)
    back = [
        Refund(
            id=str(n),
            refunded_at=datetime.combine(
                LAST_DAY - timedelta(days=pick(AGES)), pick([time(0), time(23, 59, 59)])
            ),
            order_id=pick([None, "ghost", *[order.id for order in sold] * 3]),
            user_id=pick([*buyers, None]),
            amount=pick(spends),
        )
        for n in range(pick([0, 0, 3, 8]))
    ]
    flags = pick([[None], [False], [None, False, False, True]])
    return ShopWorld(
        customers=tuple(Customer(id=i, first_name="Ada", is_test_user=pick(flags)) for i in ids),
        orders=tuple(sold),
        payments=tuple(paid),
        refunds=tuple(back),
        order_items=tuple(lines),
    )


worlds = st.one_of(busy_worlds(), busy_worlds(), busy_worlds(), sparse_worlds)
given_days = st.sampled_from([LAST_DAY + timedelta(days=n) for n in (0, -1, -30, -90, 31, 300)])
rules_of_runs = st.builds(
    lambda as_of, basis: ShopSettings(
        as_of_date=as_of,
        refund_basis=basis,
        expose_personal_data=basis == "refund_date",
    ),
    st.one_of(st.none(), given_days),
    st.sampled_from(["order_date", "refund_date"]),
)


# ---------------------------------------------------------------- comparison


def agree(column: str, got: Any, want: Any) -> bool:
    if isinstance(want, float):
        # The score is rounded, so that one on a bound reaches it.
        least = 1e-9 if column == "channel_efficiency_score" else 1e-12
        return isinstance(got, float) and math.isclose(got, want, rel_tol=1e-9, abs_tol=least)
    return type(got) is type(want) and bool(got == want)


def total(rows: list[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), Decimal(0))


# ---------------------------------------------------------------- tests


@quick
@given(world=worlds, rules=rules_of_runs)
def test_every_mart_is_what_the_rules_say(
    project: Project, world: ShopWorld, rules: ShopSettings
) -> None:
    rows = project.rows(world, rules)
    shop = known_shop(world, rules)
    found = {
        mart: lines
        for mart, (expected, key) in MARTS.items()
        if (lines := row_differences(rows[mart], expected(shop, rules), key, agree))
    }
    assert found == {}


@few
@given(world=worlds, rules=rules_of_runs, seed=st.integers(0, 99))
def test_the_order_of_the_raw_rows_changes_nothing(
    project: Project, world: ShopWorld, rules: ShopSettings, seed: int
) -> None:
    first = project.rows(world, rules)
    shuffled = {
        table.name: tuple(random.Random(seed).sample(rows, len(rows)))
        for table in fields(world)
        for rows in [getattr(world, table.name)]
    }
    other = ShopWorld(**shuffled)
    assert nearly(project.rows(other, rules), first, agree)


@few
@given(world=worlds, rules=rules_of_runs)
def test_other_ids_in_the_same_order_change_nothing_but_ids(
    project: Project, world: ShopWorld, rules: ShopSettings
) -> None:
    first = project.rows(world, rules)
    for row in [row for rows in first.values() for row in rows]:
        for column, letter in (("customer_id", "c"), ("order_id", "o")):
            if row.get(column) is not None:
                row[column] = f"{letter}x{row[column]}"
    assert nearly(project.rows(renamed(world), rules), first, agree)


@few
@given(world=worlds, rules=rules_of_runs, is_test_user=st.sampled_from([None, True]))
def test_a_customer_without_orders_is_only_a_customer_more(
    project: Project, world: ShopWorld, rules: ShopSettings, is_test_user: bool | None
) -> None:
    first = project.rows(world, rules)
    more = replace(
        world, customers=(*world.customers, Customer(id="none", is_test_user=is_test_user))
    )
    second = project.rows(more, rules)
    for mart in ("customers", "customer_segmentation", "mart_customer_revenue", "fct_customer_ltv"):
        added = [row for row in second[mart] if row["customer_id"] == "none"]
        assert len(added) == (is_test_user is None or mart == "customers")
        second[mart] = [row for row in second[mart] if row["customer_id"] != "none"]
    if is_test_user is None:
        for row in [*first["product_performance"], *second["product_performance"]]:
            row["market_penetration_rate"] = None
        never = [r for r in second["mart_retention_segments"] if r["first_order_month"] is None]
        never = [row for row in never if row["cltv_segment"] == "Low"]
        never[0]["customer_count"] -= 1
        alike = [r for r in first["mart_retention_segments"] if r["first_order_month"] is None]
        if not any(row["cltv_segment"] == "Low" for row in alike):
            assert never[0]["customer_count"] == 0
            second["mart_retention_segments"].remove(never[0])
    assert nearly(second, first, agree)


@few
@given(world=worlds, rules=rules_of_runs, as_of_date=given_days)
def test_the_analyses_are_those_of_a_shop_without_its_test_users(
    project: Project, world: ShopWorld, rules: ShopSettings, as_of_date: date
) -> None:
    rules = replace(rules, as_of_date=as_of_date)
    tests = {customer.id for customer in world.customers if customer.is_test_user}
    theirs = {order.id for order in world.orders if order.user_id in tests}
    # A refund of an order that is placed later is nobody's, whoever will place it.
    placed = {o.id for o in world.orders if o.id in theirs and o.order_date <= as_of_date}
    without = ShopWorld(
        customers=tuple(c for c in world.customers if c.id not in tests),
        orders=tuple(o for o in world.orders if o.id not in theirs),
        payments=tuple(p for p in world.payments if p.order_id not in theirs),
        refunds=tuple(
            refund
            for refund in world.refunds
            if refund.order_id not in placed and refund.user_id not in tests
        ),
        order_items=tuple(i for i in world.order_items if i.order_id not in theirs),
        customer_contacts=world.customer_contacts,
    )
    first, second = project.rows(world, rules), project.rows(without, rules)
    kept = {order.id for order in without.orders}
    if any(r.user_id in tests and r.order_id in kept for r in world.refunds):
        return  # a refund of another's order: it counts for the order's customer
    for mart in MARTS.keys() - {"orders", "customers", "shop_reconciliation"}:
        if mart != "finance_reconciliation":
            assert nearly({mart: first[mart]}, {mart: second[mart]}, agree), mart


@few
@given(world=worlds, rules=rules_of_runs, as_of_date=given_days)
def test_what_happens_after_the_as_of_date_changes_only_what_is_reconciled(
    project: Project, world: ShopWorld, rules: ShopSettings, as_of_date: date
) -> None:
    rules = replace(rules, as_of_date=as_of_date)
    later = {order.id for order in world.orders if order.order_date > as_of_date}
    until_then = replace(
        world,
        orders=tuple(o for o in world.orders if o.id not in later),
        payments=tuple(p for p in world.payments if p.order_id not in later),
        refunds=tuple(r for r in world.refunds if r.refunded_at.date() <= as_of_date),
        customer_contacts=tuple(
            contact
            for contact in world.customer_contacts
            if contact.contacted_at.date() <= as_of_date
        ),
    )
    before, after = project.rows(until_then, rules), project.rows(world, rules)
    for rows in (before, after):
        for row in rows["shop_reconciliation"] + rows["finance_reconciliation"]:
            row["source_total"] -= row.pop("after_as_of_date_total")
    assert nearly(after, before, agree)


@few
@given(world=worlds, rules=rules_of_runs)
def test_revenue_adds_up_nothing_is_unexplained_and_rates_stay_in_their_range(
    project: Project, world: ShopWorld, rules: ShopSettings
) -> None:
    rows = project.rows(world, rules)
    check_ranges(rows)
    for row in rows["shop_reconciliation"] + rows["finance_reconciliation"]:
        reasons = [k for k in row if k.endswith("_total") and k not in ("source_total",)]
        assert row["unexplained_total"] == 0
        assert row["source_total"] == sum(row[reason] for reason in reasons)
    for mart, revenue in {
        "customer_segmentation": "total_revenue",
        "product_performance": "total_revenue",
        "customer_cohorts": "cohort_revenue",
        "marketing_attribution": "total_revenue",
    }.items():
        for row in rows[mart]:
            parts = row[revenue] + row["pending_revenue"] + row["returned_revenue"]
            assert parts == row["gross_revenue"], mart
    for row in rows["customers"]:
        parts = (row["customer_lifetime_value"], row["pending_revenue"], row["returned_revenue"])
        assert sum(parts) == row["total_spend"]
    channels = rows["marketing_attribution"]
    for column in ("first_touch_revenue", "last_touch_revenue"):
        assert total(channels, column) == total(channels, "total_revenue")
    gross = total([r for r in rows["orders"] if r["buyer_type"] != "test user"], "amount")
    assert total(channels, "gross_revenue") == gross
    assert total(rows["mart_finance_quarterly"], "gross_amount") == gross
    for rows_of_all_time in (rows["fct_customer_ltv"], rows["agg_customer_activity"]):
        known = [row for row in rows["orders"] if row["buyer_type"] == "customer"]
        assert total(rows_of_all_time, "gross_amount") == total(known, "amount")


def check_ranges(built: Rows) -> None:
    for mart, rows in built.items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, float):
                    assert math.isfinite(value), (mart, column)
                    most = 100 if column in ("retention_rate", "channel_efficiency_score") else 1
                    if column.endswith(("_rate", "_score")):
                        assert 0 <= value <= most, (mart, column)


def renamed(world: ShopWorld) -> ShopWorld:
    """Return the world with a prefix before every id, which keeps their order."""
    letters = {"user_id": "c", "order_id": "o"}
    own = {"customers": "c", "orders": "o"}

    def named(table: str, row: Any) -> Any:
        changes = {"id": f"{own.get(table, 'r')}x{row.id}"}
        for column, letter in letters.items():
            if getattr(row, column, None) is not None:
                changes[column] = f"{letter}x{getattr(row, column)}"
        return replace(row, **changes)

    return ShopWorld(
        **{
            table.name: tuple(named(table.name, row) for row in getattr(world, table.name))
            for table in fields(world)
        }
    )


# ---------------------------------------------------------------- edges that chance rarely meets


def shop_of(sold: list[tuple[str, int, int, str]]) -> ShopWorld:
    """Return the world of completed orders: customer, days before the last day, cents, product."""
    return ShopWorld(
        customers=tuple(Customer(id=customer) for customer in sorted({row[0] for row in sold})),
        orders=tuple(
            Order(
                id=str(n),
                order_date=LAST_DAY - timedelta(days=age),
                status="completed",
                user_id=customer,
                cycle_name=product,
            )
            for n, (customer, age, _, product) in enumerate(sold)
        ),
        payments=tuple(
            Payment(id=str(n), order_id=str(n), payment_method="credit_card", amount=amount)
            for n, (_, _, amount, _) in enumerate(sold)
        ),
    )


def half_points() -> ShopWorld:
    """Return customers whose points of churn risk end in exactly a half, or near one."""
    return shop_of(
        [
            (f"{age} after {gap}", first_or_last, 100, "Racer")
            for gap in (6, 10, 12, 14, 20, 70)
            for age in range(gap, 2 * gap + 1)
            for first_or_last in (age, age + gap)
        ]
    )


def changes_by_a_tenth() -> ShopWorld:
    """Return products whose last 30 days are at a tenth more or less than the 30 days before."""
    return shop_of(
        [
            ("1", age, amount, f"{before} then {after}")
            for before in (10, 30, 70, 110, 330, 1_230, 9_990, 33_330, 99_990)
            for edge in (before * 9 // 10, before * 11 // 10)
            for after in (edge - 1, edge, edge + 1)
            for age, amount in ((59, before), (0, after), (300, 1))
        ]
    )


def average_retentions() -> ShopWorld:
    """Return cohorts of 15 whose average retention is exactly 10, 20, 30 or 40, or just above."""
    chance = random.Random(1)
    sold = []
    for cohort in range(24):
        month = add_months(date(2023, 11, 15), -cohort)
        members = [f"{cohort}-{n}" for n in range(15)]
        active = [(member, later) for member in members for later in range(1, 7)]
        again = chance.sample(active, 9 * (1 + cohort % 4) + cohort // 16)
        for member, later in [(member, 0) for member in members] + again:
            age = (LAST_DAY - add_months(month, later).replace(day=15)).days
            sold.append((member, age, 40_000, "Racer"))
    return shop_of(sold)


def classes_on_their_bounds() -> ShopWorld:
    """Return products below which sellers make exactly 0.8 and 0.95, which no double can hold."""
    revenues = {"Racer": 1_600_016, "Cruiser": 300_003, "Bell": 100_001}  # 0.8, 0.15 and 0.05
    return shop_of([("1", 90, amount, product) for product, amount in revenues.items()])


@pytest.mark.parametrize(
    ("mart", "world"),
    [
        ("customer_segmentation", half_points()),
        ("product_performance", changes_by_a_tenth()),
        ("product_performance", classes_on_their_bounds()),
        ("customer_cohorts", average_retentions()),
    ],
    ids=["churn risk", "life-cycle stage", "class of a product", "cohort quality"],
)
def test_a_value_exactly_on_a_bound_is_on_its_right_side(
    project: Project, mart: str, world: ShopWorld
) -> None:
    rules = ShopSettings(as_of_date=LAST_DAY)
    expected, key = MARTS[mart]
    rows = project.rows(world, rules)[mart]
    assert row_differences(rows, expected(known_shop(world, rules), rules), key, agree) == []
