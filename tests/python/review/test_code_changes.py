"""Small changes, and what a careful reviewer says of each: the class, the columns, the words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from marketing_analytics.review.code import code_changes
from marketing_analytics.review.findings import Change
from review.code_builds import TYPES, build, uid

ALL = None
NO_COLUMNS = frozenset[str]()


@dataclass(frozen=True)
class Case:
    name: str
    before: str
    after: str
    change: Change
    columns: frozenset[str] | None
    says: tuple[str, ...] | None = None  # None: not looked at


def same(name: str, before: str, after: str) -> Case:
    return Case(name, before, after, Change.NO_EFFECT, NO_COLUMNS)


def rows(name: str, before: str, after: str, *says: str) -> Case:
    return Case(name, before, after, Change.ROWS, ALL, says or None)


def logic(name: str, before: str, after: str, columns: str, *says: str) -> Case:
    return Case(name, before, after, Change.LOGIC, frozenset(columns.split()), says or None)


STEPS = """
with orders as (
    select * from staging.stg_orders
),

valid_orders as (
    select order_id, customer_id, amount, amount - refund_amount as net_amount, status
    from orders
    where status <> 'test' and amount > 0
)

select * from valid_orders
"""
JOINED = """
select orders.order_id, orders.amount, customers.segment
from staging.stg_orders as orders
left join staging.stg_customers as customers
    on orders.customer_id = customers.customer_id
"""
INNER = JOINED.replace("left join", "inner join")
GROUPED = """
select channel, status, count(*) as order_count, sum(amount) as revenue
from staging.stg_orders
group by 1, 2
"""
TIERS = """
select customer_id, case when amount >= 5000 then 'high' else 'low' end as tier
from staging.stg_orders
"""
RUNNING = """
select order_id, channel,
    sum(amount) over (
        partition by channel order by order_date rows between 2 preceding and current row
    ) as rolling_revenue
from staging.stg_orders
"""
BOTH = "select order_id from staging.stg_orders union all select order_id from staging.stg_refunds"

NO_EFFECT = [
    same("comment", STEPS, STEPS.replace("where", "-- no tests\n    where")),
    same("layout and case of keywords", STEPS, " ".join(STEPS.split()).replace("select", "SELECT")),
    same("step renamed", STEPS, STEPS.replace("valid_orders", "orders_kept")),
    same(
        "steps in another order",
        "with a as (select order_id from raw.orders), b as (select customer_id from raw.customers)"
        " select a.order_id, b.customer_id from a cross join b",
        "with b as (select customer_id from raw.customers), a as (select order_id from raw.orders)"
        " select a.order_id, b.customer_id from a cross join b",
    ),
    same(
        "step added that passes on",
        STEPS,
        STEPS.replace(
            "\nselect * from valid", ", kept as (select * from valid_orders)\nselect * from kept --"
        ),
    ),
    same(
        "step removed that passed on",
        STEPS,
        STEPS.replace("orders as (\n    select * from staging.stg_orders\n),\n\n", "", 1).replace(
            "from orders", "from staging.stg_orders"
        ),
    ),
    same(
        "step added that nobody reads", STEPS, STEPS.replace("with ", "with x as (select 1 as y), ")
    ),
    same(
        "alias of a table renamed",
        JOINED,
        JOINED.replace("orders.", "o.")
        .replace("as orders", "as o")
        .replace("staging.stg_o.", "staging.stg_orders"),
    ),
    same(
        "subquery in place of a step, under another alias",
        "with o as (select order_id, amount from raw.orders) select order_id, amount from o "
        "where amount > 1",
        "select p.order_id, p.amount from (select * from raw.orders) as p where p.amount > 1",
    ),
    same(
        "conditions swapped",
        STEPS,
        STEPS.replace("status <> 'test' and amount > 0", "amount > 0 and status <> 'test'"),
    ),
    same("sides of a comparison swapped", STEPS, STEPS.replace("amount > 0", "0 < amount")),
    same(
        "not equal, spelt otherwise",
        STEPS,
        STEPS.replace("status <> 'test'", "not status = 'test'"),
    ),
    same(
        "between spelt out",
        "select order_id from raw.orders where amount between 1 and 5",
        "select order_id from raw.orders where amount >= 1 and amount <= 5",
    ),
    same(
        "list in another order",
        "select order_id from raw.orders where status in ('a', 'b')",
        "select order_id from raw.orders where status in ('b', 'a')",
    ),
    same(
        "filter moved to the step that imports",
        STEPS,
        STEPS.replace("stg_orders\n", "stg_orders where amount > 0\n").replace(
            " and amount > 0\n)", "\n)"
        ),
    ),
    same(
        "filter of the first table moved from after a left join to before it",
        JOINED + " where orders.amount > 0",
        "with orders as (select * from staging.stg_orders where amount > 0)"
        + JOINED.replace("staging.stg_orders as orders", "orders"),
    ),
    same(
        "filter moved from a join to the step that is joined",
        JOINED + " and customers.is_test_user",
        "with customers as (select * from staging.stg_customers where is_test_user)"
        + JOINED.replace("staging.stg_customers as customers", "customers"),
    ),
    same(
        "condition of an inner join moved to where",
        INNER + " and customers.country = 'AT'",
        INNER + " where customers.country = 'AT'",
    ),
    same(
        "tables joined by a comma",
        INNER,
        "select o.order_id, o.amount, c.segment from staging.stg_orders o, staging.stg_customers c"
        " where o.customer_id = c.customer_id",
    ),
    same(
        "inner join the other way round",
        INNER,
        "select o.order_id, o.amount, c.segment from staging.stg_customers c inner join"
        " staging.stg_orders o on o.customer_id = c.customer_id",
    ),
    same(
        "grouped by names instead of ordinals",
        GROUPED,
        GROUPED.replace("group by 1, 2", "group by status, channel"),
    ),
    same(
        "grouped by ordinals, columns and ordinals in another order",
        GROUPED,
        GROUPED.replace(
            "channel, status, count(*) as order_count", "status, count(*) as order_count, channel"
        ).replace("1, 2", "1, 3"),
    ),
    same("order without a limit", STEPS, STEPS + " order by net_amount desc"),
    same(
        "cast in two spellings",
        "select cast(amount as bigint) as a from raw.orders",
        "select amount::bigint as a from raw.orders",
    ),
    same("names in capitals", STEPS, STEPS.replace("net_amount", "NET_AMOUNT")),
    same(
        "names in quotes",
        STEPS,
        STEPS.replace("amount - refund_amount", '"amount" - "refund_amount"'),
    ),
    same("count of a constant", GROUPED, GROUPED.replace("count(*)", "count(1)")),
    same(
        "branches of union all swapped",
        BOTH,
        "select order_id from staging.stg_refunds union all select order_id from "
        "staging.stg_orders",
    ),
    same(
        "branches of union all swapped that read the same",
        "select 'a' as kind, amount as x from raw.orders union all select 'b', refund_amount "
        "from raw.orders",
        "select 'b' as kind, refund_amount as x from raw.orders union all select 'a', amount "
        "from raw.orders",
    ),
    same(
        "case with and without a subject",
        "select case status when 'a' then 1 else 0 end as x from raw.orders",
        "select case when status = 'a' then 1 else 0 end as x from raw.orders",
    ),
    same(
        "left join added that finds one row at most and is not read",
        STEPS,
        STEPS.replace(
            "from orders\n",
            "from orders left join (select customer_id as c from staging.stg_customers) as x "
            "on orders.customer_id = x.c\n",
        ),
    ),
    same(
        "sum the other way round",
        "select amount + refund_amount as x from raw.orders",
        "select refund_amount + amount as x from raw.orders",
    ),
    same(
        "using in place of on",
        JOINED,
        JOINED.replace("on orders.customer_id = customers.customer_id", "using (customer_id)"),
    ),
    same(
        "frame that is there anyway",
        "select sum(amount) over (order by order_date) as x from raw.orders",
        "select sum(amount) over (order by order_date range between unbounded preceding and "
        "current row) as x from raw.orders",
    ),
]

ROWS = [
    rows(
        "filter added",
        STEPS,
        STEPS.replace("amount > 0", "amount > 0 and channel = 'web'"),
        "adds a filter: channel = 'web' (in valid_orders)",
    ),
    rows(
        "filter dropped",
        STEPS,
        STEPS.replace(" and amount > 0", ""),
        "drops the filter: amount > 0 (in valid_orders)",
    ),
    rows(
        "greater becomes at least",
        STEPS,
        STEPS.replace("amount > 0", "amount >= 0"),
        "filter: amount > 0 becomes amount >= 0 (in valid_orders)",
    ),
    rows("and becomes or", STEPS, STEPS.replace("and amount", "or amount")),
    rows(
        "brackets moved",
        "select order_id from raw.orders where status = 'a' or status = 'b' and amount > 0",
        "select order_id from raw.orders where (status = 'a' or status = 'b') and amount > 0",
    ),
    rows(
        "null kept by a filter",
        STEPS,
        STEPS.replace("status <> 'test'", "coalesce(status, '') <> 'test'"),
    ),
    rows(
        "condition of a left join moved to where",
        JOINED + " and customers.country = 'AT'",
        JOINED + " where customers.country = 'AT'",
    ),
    rows(
        "condition on the right table moved from where to a left join",
        JOINED + " where customers.country = 'AT'",
        JOINED + " and customers.country = 'AT'",
    ),
    rows(
        "condition on the left table moved from where to a left join",
        JOINED + " where orders.amount > 0",
        JOINED + " and orders.amount > 0",
    ),
    rows("inner becomes left", INNER, JOINED, "join of stg_customers: inner becomes left"),
    rows("left becomes inner", JOINED, INNER, "join of stg_customers: left becomes inner"),
    rows(
        "cross join added",
        STEPS,
        STEPS.replace(
            "from orders\n", "from orders cross join (select 1 as one from raw.customers) as x\n"
        ),
    ),
    rows(
        "left join added that finds many rows",
        "select o.order_id, o.amount from staging.stg_orders as o",
        "select o.order_id, o.amount from staging.stg_orders as o left join "
        "staging.stg_refunds as r on o.order_id = r.order_id",
        "joins stg_refunds (left join)",
    ),
    rows(
        "key of an inner join changed",
        INNER,
        INNER.replace("orders.customer_id =", "orders.order_id ="),
    ),
    rows(
        "grouped by one more",
        GROUPED.replace("group by 1, 2", "group by 1, 2 --"),
        GROUPED.replace("channel, status,", "channel, status, order_date,").replace(
            "1, 2", "1, 2, 3"
        ),
        "adds the column order_date",
        "groups also by order_date",
    ),
    rows(
        "grouped by one less",
        GROUPED,
        GROUPED.replace(" status,", " min(status) as status,").replace("1, 2", "1"),
        "status: status becomes min(status)",
        "no longer groups by status",
    ),
    rows(
        "ordinal means another column now",
        GROUPED.replace(" status,", " min(status) as status,").replace("1, 2", "1"),
        GROUPED.replace("channel, status", "status, min(channel) as channel").replace("1, 2", "1"),
    ),
    rows(
        "condition on groups",
        GROUPED,
        GROUPED + " having count(*) > 1",
        "keeps only groups of count(*) > 1",
    ),
    rows(
        "distinct added",
        "select channel from raw.orders",
        "select distinct channel from raw.orders",
        "distinct added",
    ),
    rows(
        "distinct dropped",
        "select distinct channel from raw.orders",
        "select channel from raw.orders",
        "distinct dropped",
    ),
    rows(
        "distinct of one more column",
        "select distinct channel from raw.orders",
        "select distinct channel, status from raw.orders",
    ),
    rows(
        "union all becomes union",
        BOTH,
        BOTH.replace("union all", "union"),
        "union all becomes union",
    ),
    rows(
        "branch added to a union",
        BOTH,
        BOTH + " union all select customer_id from staging.stg_customers",
        "union all with one more: select customer_id from stg_customers",
    ),
    rows("limit added", STEPS, STEPS + " limit 10", "keeps only the first 10 rows"),
    rows(
        "limit changed",
        STEPS + " order by 1 limit 10",
        STEPS + " order by 1 limit 20",
        "limit 10 becomes 20",
    ),
    rows(
        "order before a limit changed",
        STEPS + " order by order_id limit 10",
        STEPS + " order by order_id desc limit 10",
    ),
    rows(
        "row kept per key",
        "select order_id, channel from raw.orders",
        "select order_id, channel from raw.orders qualify row_number() over (partition by "
        "channel order by order_id) = 1",
    ),
    rows(
        "another row kept per key",
        "select order_id, channel from raw.orders qualify row_number() over (partition by "
        "channel order by order_id) = 1",
        "select order_id, channel from raw.orders qualify row_number() over (partition by "
        "channel order by order_id desc) = 1",
    ),
    rows(
        "value added to a list",
        "select order_id from raw.orders where status in ('a', 'b')",
        "select order_id from raw.orders where status in ('a', 'b', 'c')",
    ),
    rows(
        "filter on a column whose expression changed",
        "with x as (select order_id, amount as a from raw.orders) select order_id from x "
        "where a > 1",
        "with x as (select order_id, amount * 2 as a from raw.orders) select order_id from x "
        "where a > 1",
    ),
    rows(
        "another table read",
        "select customer_id from staging.stg_orders",
        "select customer_id from staging.stg_customers",
        "reads stg_customers instead of stg_orders",
    ),
    rows("full join in place of a left one", JOINED, JOINED.replace("left join", "full join")),
    rows(
        "the same table twice, joined by other columns",
        "select a.order_id from raw.orders a inner join raw.orders b on a.order_id = b.customer_id",
        "select a.order_id from raw.orders a inner join raw.orders b on a.order_id = b.order_id",
    ),
    rows(
        "exists becomes not exists",
        "select order_id from raw.orders o where exists (select 1 from raw.refunds r where "
        "r.order_id = o.order_id)",
        "select order_id from raw.orders o where not exists (select 1 from raw.refunds r "
        "where r.order_id = o.order_id)",
    ),
    rows(
        "condition within exists changed",
        "select order_id from raw.orders o where exists (select 1 from raw.refunds r where "
        "r.order_id = o.order_id)",
        "select order_id from raw.orders o where exists (select 1 from raw.refunds r where "
        "r.order_id = o.customer_id)",
    ),
]

LOGIC = [
    logic(
        "expression",
        STEPS,
        STEPS.replace("amount - refund_amount", "amount"),
        "net_amount",
        "net_amount: amount - refund_amount becomes amount (in valid_orders)",
    ),
    logic(
        "difference the other way round",
        STEPS,
        STEPS.replace("amount - refund_amount", "refund_amount - amount"),
        "net_amount",
    ),
    logic(
        "null becomes zero",
        STEPS,
        STEPS.replace("amount - refund_amount", "coalesce(amount - refund_amount, 0)"),
        "net_amount",
        "net_amount: null becomes 0 (in valid_orders)",
    ),
    logic(
        "count of all becomes count of values",
        GROUPED,
        GROUPED.replace("count(*)", "count(customer_id)"),
        "order_count",
    ),
    logic(
        "count becomes count distinct",
        GROUPED.replace("count(*)", "count(customer_id)"),
        GROUPED.replace("count(*)", "count(distinct customer_id)"),
        "order_count",
        "order_count: count(customer_id) becomes count(distinct customer_id)",
    ),
    logic(
        "sum less a sum",
        GROUPED,
        GROUPED.replace("sum(amount)", "sum(amount) - sum(refund_amount)"),
        "revenue",
        "revenue: sum(amount) becomes sum(amount) - sum(refund_amount)",
    ),
    logic("sum becomes average", GROUPED, GROUPED.replace("sum(amount)", "avg(amount)"), "revenue"),
    logic(
        "filter of an aggregate",
        GROUPED.replace("sum(amount)", "sum(amount) filter (where status = 'a')"),
        GROUPED.replace("sum(amount)", "sum(amount) filter (where status = 'b')"),
        "revenue",
        "revenue: 'a' becomes 'b'",
    ),
    logic(
        "threshold",
        TIERS,
        TIERS.replace("5000", "4000"),
        "tier",
        "threshold 5000 becomes 4000 in tier",
    ),
    logic("threshold itself no longer in", TIERS, TIERS.replace(">=", ">"), "tier"),
    logic(
        "branch added",
        TIERS,
        TIERS.replace("else", "when amount >= 1000 then 'medium' else"),
        "tier",
        "adds the case branch 'medium' to tier: amount >= 1000",
    ),
    logic(
        "else changed",
        TIERS,
        TIERS.replace("else 'low'", "else 'none'"),
        "tier",
        "tier: 'low' becomes 'none'",
    ),
    logic(
        "else dropped",
        TIERS,
        TIERS.replace(" else 'low'", ""),
        "tier",
        "else of tier: 'low' becomes null",
    ),
    logic(
        "branches in another order",
        TIERS.replace("else", "when amount >= 1 then 'some' else"),
        TIERS.replace("when amount", "when amount >= 1 then 'some' when amount"),
        "tier",
    ),
    logic(
        "frame of a window",
        RUNNING,
        RUNNING.replace("2 prec", "8 prec"),
        "rolling_revenue",
        "window of rolling_revenue: 3 rows becomes 9 rows",
    ),
    logic(
        "order of a window",
        RUNNING,
        RUNNING.replace("order by order_date", "order by order_id"),
        "rolling_revenue",
        "window of rolling_revenue: order order_date becomes order_id",
    ),
    logic(
        "rows that a window is within",
        RUNNING,
        RUNNING.replace("partition by channel ", ""),
        "rolling_revenue",
        "window of rolling_revenue: within channel becomes within nothing",
    ),
    logic(
        "type narrowed",
        "select cast(amount as decimal(18, 2)) as a from raw.orders",
        "select cast(amount as decimal(18, 0)) as a from raw.orders",
        "a",
        "a: type decimal(18, 2) becomes decimal(18, 0)",
    ),
    logic(
        "one of two columns that were the same",
        "select amount as a, amount as b from raw.orders",
        "select amount as a, amount * 1.2 as b from raw.orders",
        "b",
    ),
    logic(
        "names of two columns swapped",
        "select amount as a, refund_amount as b from raw.orders",
        "select refund_amount as a, amount as b from raw.orders",
        "a b",
    ),
    logic(
        "condition of a left join that finds one row at most",
        JOINED,
        JOINED + " and customers.country = 'AT'",
        "segment",
        "join of stg_customers: also on country = 'AT'",
    ),
    logic(
        "column of a step that two columns read",
        "with x as (select order_id, amount as a from raw.orders) select order_id, a + 1 as "
        "b, a + 2 as c from x",
        "with x as (select order_id, amount * 2 as a from raw.orders) select order_id, a + 1 "
        "as b, a + 2 as c from x",
        "b c",
    ),
    logic(
        "division of another type",
        "select amount / refund_amount as x, order_id from raw.orders",
        "select amount * 1.0 / refund_amount as x, order_id from raw.orders",
        "x",
    ),
    logic(
        "window counted before the filter instead of after it",
        "select order_id, row_number() over (order by order_id) as place from raw.orders "
        "where amount > 0",
        "with x as (select *, row_number() over (order by order_id) as place from "
        "raw.orders) select order_id, place from x where amount > 0",
        "place",
    ),
    logic(
        "table of a scalar query",
        "select order_id, (select max(order_date) from raw.orders) as d from raw.customers "
        "cross join raw.refunds",
        "select order_id, (select max(refund_date) from raw.refunds) as d from raw.customers "
        "cross join raw.refunds",
        "d",
    ),
    logic(
        "column of the other side of a self join",
        "select a.order_id, b.amount from raw.orders a inner join raw.orders b on a.order_id "
        "= b.customer_id",
        "select a.order_id, a.amount from raw.orders a inner join raw.orders b on a.order_id "
        "= b.customer_id",
        "amount",
    ),
    logic(
        "sum of a key in place of the sum that is grouped by",
        "select s as v, count(*) as n"
        " from (select amount as x, sum(amount) as s from raw.orders group by 1) group by s",
        "select sum(x) as v, count(*) as n"
        " from (select amount as x, sum(amount) as s from raw.orders group by 1) group by s",
        "v",
    ),
    logic(
        "value in a text that looks like a list",
        "select 'a, b' as x, order_id from raw.orders",
        "select 'a,b' as x, order_id from raw.orders",
        "x",
    ),
]

COLUMNS = [
    Case(
        "column added",
        STEPS,
        STEPS.replace(", status\n", ", status, channel\n"),
        Change.COLUMN_ADDED,
        frozenset({"channel"}),
        ("adds the column channel",),
    ),
    Case(
        "column removed",
        STEPS,
        STEPS.replace(", status\n", "\n"),
        Change.COLUMN_REMOVED,
        frozenset({"status"}),
    ),
    Case(
        "column renamed",
        STEPS,
        STEPS.replace("as net_amount", "as net_revenue"),
        Change.COLUMN_REMOVED,
        frozenset({"net_amount", "net_revenue"}),
        ("renames net_amount to net_revenue (in valid_orders)",),
    ),
    Case(
        "column added by a left join that finds one row at most",
        JOINED,
        JOINED.replace("customers.segment", "customers.segment, customers.name"),
        Change.COLUMN_ADDED,
        frozenset({"name"}),
    ),
    Case(
        "left join and column added together",
        "select o.order_id, o.amount from staging.stg_orders as o",
        "select o.order_id, o.amount, c.name from staging.stg_orders as o left join "
        "staging.stg_customers as c on o.customer_id = c.customer_id",
        Change.COLUMN_ADDED,
        frozenset({"name"}),
        ("adds the column name", "joins stg_customers (left join)"),
    ),
    Case(
        "left join to a grouped step added",
        "select o.order_id from staging.stg_orders as o",
        "with r as (select order_id, sum(refund_amount) as refunds from raw.refunds group by 1)"
        " select o.order_id, r.refunds from staging.stg_orders as o left join r on "
        "o.order_id = r.order_id",
        Change.COLUMN_ADDED,
        frozenset({"refunds"}),
    ),
    Case(
        "aggregate added",
        GROUPED,
        GROUPED.replace("sum(amount) as revenue", "sum(amount) as revenue, max(amount) as top"),
        Change.COLUMN_ADDED,
        frozenset({"top"}),
        ("adds the column top: max(amount)",),
    ),
    Case(
        "columns in another order",
        "select order_id, amount from raw.orders",
        "select amount, order_id from raw.orders",
        Change.NO_EFFECT,
        NO_COLUMNS,
        ("columns stand in another order",),
    ),
    Case(
        "SQL that does not parse",
        STEPS,
        STEPS.replace("where", "where where ("),
        Change.UNKNOWN,
        ALL,
    ),
    Case(
        "column that is not there",
        STEPS,
        STEPS.replace("refund_amount", "refunded"),
        Change.UNKNOWN,
        ALL,
    ),
    Case(
        "column that may be of two tables",
        JOINED,
        JOINED.replace("orders.order_id,", "customer_id,"),
        Change.UNKNOWN,
        ALL,
    ),
    Case(
        "pivot",
        "select * from raw.orders",
        "pivot raw.orders on channel using sum(amount)",
        Change.UNKNOWN,
        ALL,
    ),
    Case("no query", STEPS, "call something()", Change.UNKNOWN, ALL),
]


@pytest.mark.parametrize("case", [*NO_EFFECT, *ROWS, *LOGIC, *COLUMNS], ids=lambda case: case.name)
def test_a_change_is_classified_as_a_reviewer_would(case: Case) -> None:
    assert case.before != case.after
    found = code_changes(build({"m": case.before}), build({"m": case.after}), TYPES)
    assert set(found) == {uid("m")}
    change = found[uid("m")]
    assert (change.change, change.columns) == (case.change, case.columns), change.sentences
    if case.says is not None:
        assert change.sentences == case.says
