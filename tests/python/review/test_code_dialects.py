"""The parts of SQL that need care: names and syntax of other engines, and what is rarely used."""

from __future__ import annotations

import pytest

from marketing_analytics.review.code import code_changes
from marketing_analytics.review.findings import Change
from review.code_builds import TYPES, build, uid

QUOTED = {"raw.orders": {"Amount": "int", "amount": "int", "id": "int"}}
UPPER = {"raw.orders": {"AMOUNT": "int", "ID": "int"}}


def change(
    before: str,
    after: str,
    adapter: str = "duckdb",
    types: dict[str, dict[str, str]] = TYPES,
) -> tuple[Change, frozenset[str] | None]:
    found = code_changes(
        build({"m": before}, adapter=adapter), build({"m": after}, adapter=adapter), types
    )[uid("m")]
    return found.change, found.columns


def test_postgres_tells_quoted_names_apart_and_duckdb_does_not() -> None:
    before, after = "select amount as x from raw.orders", 'select "Amount" as x from raw.orders'
    assert change(before, after, "postgres", QUOTED) == (Change.LOGIC, frozenset({"x"}))
    one = {"raw.orders": {"Amount": "int"}}
    assert change(before, after, "duckdb", one) == (Change.NO_EFFECT, frozenset())


def test_snowflake_writes_names_in_capitals() -> None:
    before = "select id, amount as x from raw.orders"
    after = 'select "ID", AMOUNT + 1 as x from raw.orders'
    assert change(before, after, "snowflake", UPPER) == (Change.LOGIC, frozenset({"X"}))


@pytest.mark.parametrize(
    ("adapter", "before", "after"),
    [
        (
            "bigquery",
            "select * except (amount) from `p`.raw.orders",
            "select id from `p`.raw.orders",
        ),
        (
            "snowflake",
            "select id::text as x from raw.orders",
            "select cast(id as text) as x from raw.orders",
        ),
        (
            "redshift",
            "select nvl(amount, 0) as x from raw.orders",
            "select coalesce(amount, 0) as x from raw.orders",
        ),
        (
            "databricks",
            "select if(id = 1, 'a', 'b') as x from raw.orders",
            "select case when id = 1 then 'a' else 'b' end as x from raw.orders",
        ),
        ("spark", "select `id` as x from raw.orders", "select id as x from raw.orders"),
    ],
)
def test_each_engine_is_read_in_its_own_dialect(adapter: str, before: str, after: str) -> None:
    types = UPPER if adapter == "snowflake" else {"raw.orders": {"id": "int", "amount": "int"}}
    assert change(before, after, adapter, types) == (Change.NO_EFFECT, frozenset())
    other = after.replace("raw.orders", "raw.orders where id > 1")
    assert change(before, other, adapter, types)[0] is not Change.NO_EFFECT


def test_an_engine_that_sqlglot_does_not_know_is_unknown() -> None:
    assert change("select 1 as x", "select 2 as x", "oracle_of_delphi") == (Change.UNKNOWN, None)


WITH_SETS = (
    "select channel, status, sum(amount) as x from raw.orders group by grouping sets"
    " ((channel), ())"
)
RECURSIVE = """
with recursive days as (
    select 1 as day union all select day + 1 as day from days where day < 10
)
select o.order_id, days.day from raw.orders o inner join days on o.order_id = days.day
"""
UNPIVOTED = (
    "select order_id, kind, value from raw.orders unpivot (value for kind in (amount,"
    " refund_amount))"
)
LATERAL = "select o.order_id, x.v from raw.orders o, lateral (select o.amount + 1 as v) as x"
FAN_OUT = """
with numbered as (
    select *, row_number() over (partition by order_id order by refund_id) as place
    from staging.stg_refunds
),
pairs as (
    select numbered.order_id, numbered.place, other.refund_amount from numbered
    left join staging.stg_refunds as other on numbered.order_id = other.order_id
),
firsts as (select * from pairs where place = 1)
select o.order_id from staging.stg_orders as o
"""
FIRST = """
with numbered as (
    select *, row_number() over (partition by order_id order by refund_id) as place
    from staging.stg_refunds
),
firsts as (select * from numbered where place = 1)
select o.order_id from staging.stg_orders as o
"""
JOIN_FIRSTS = " left join firsts on o.order_id = firsts.order_id"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (FIRST, FIRST + JOIN_FIRSTS, Change.NO_EFFECT),  # one row per order
        (FAN_OUT, FAN_OUT + JOIN_FIRSTS, Change.ROWS),  # numbered before it was multiplied
        (WITH_SETS, WITH_SETS.replace("(channel), ()", "(channel), (status)"), Change.ROWS),
        (RECURSIVE, RECURSIVE.replace("< 10", "< 20"), Change.ROWS),
        (RECURSIVE, RECURSIVE.replace("days", "d"), Change.ROWS),  # its name is its key: no proof
        (
            UNPIVOTED,
            UNPIVOTED.replace("order_id, kind", "order_id, upper(kind) as kind"),
            Change.LOGIC,
        ),
        (UNPIVOTED, UNPIVOTED.replace(", refund_amount", ""), Change.ROWS),
        (LATERAL, LATERAL.replace("+ 1", "+ 2"), Change.LOGIC),
        (
            "select order_id from raw.orders",
            "select order_id from raw.orders tablesample (10 percent)",
            Change.ROWS,
        ),
        (
            "select order_id from raw.orders",
            "select order_id from (raw.orders cross join raw.customers)",
            Change.UNKNOWN,
        ),
        (
            "select status -> '$.a' as x from raw.orders",
            "select status -> '$.A' as x from raw.orders",
            Change.LOGIC,
        ),
        (
            "select list_transform([amount], y -> y + 1) as x from raw.orders",
            "select list_transform([amount], y -> y + 2) as x from raw.orders",
            Change.LOGIC,
        ),
        (
            "select * exclude (status) from raw.orders",
            "select * exclude (channel) from raw.orders",
            Change.COLUMN_REMOVED,
        ),
        (
            "select * replace (amount + 1 as amount) from raw.orders",
            "select * replace (amount + 2 as amount) from raw.orders",
            Change.LOGIC,
        ),
        (
            "select order_id, amount as a, a + 1 as b from raw.orders",
            "select order_id, amount as a, amount + 1 as b from raw.orders",
            Change.NO_EFFECT,
        ),
        (
            "select sum(amount) over w as x from raw.orders window w as (order by order_id)",
            "select sum(amount) over (order by order_id) as x from raw.orders",
            Change.NO_EFFECT,
        ),
        (  # two queries without a name are two
            "select 1 as x from (select 1 as a from raw.orders), (select 2 as b from raw.refunds)",
            "select 1 as x from (select 1 as a from raw.refunds), (select 2 as b from raw.refunds)",
            Change.ROWS,
        ),
        (
            "select a.order_id from raw.orders a, raw.refunds b where a.order_id = b.order_id",
            "select order_id from raw.orders, marts.orders",
            Change.UNKNOWN,
        ),
        (
            "select order_id from raw.orders except select order_id from raw.refunds",
            "select order_id from raw.refunds except select order_id from raw.orders",
            Change.ROWS,
        ),
        (
            "select order_id from raw.orders semi join raw.refunds using (order_id)",
            "select order_id from raw.orders anti join raw.refunds using (order_id)",
            Change.ROWS,
        ),
        (
            "select distinct on (channel) channel, amount from raw.orders order by"
            " channel, order_id",
            "select distinct on (channel) channel, amount from raw.orders order by channel, amount",
            Change.ROWS,
        ),
    ],
)
def test_rare_parts_of_sql(before: str, after: str, expected: Change) -> None:
    assert change(before, after)[0] is expected


def test_a_raw_table_of_unknown_columns_is_never_called_harmless() -> None:
    models = {"a": "select * from lake.events", "b": "select *, 1 as one from marts.a"}
    after = {**models, "a": "select * from lake.events where kind = 'x'"}
    found = code_changes(build(models), build(after), TYPES)
    assert found[uid("a")].change is Change.ROWS
    assert (found[uid("b")].change, found[uid("b")].columns) == (Change.UPSTREAM, None)


def test_a_left_join_added_before_one_that_multiplies_does_not_matter_to_it() -> None:
    orders = "select o.order_id, r.refund_amount from staging.stg_orders as o"
    customers = " left join staging.stg_customers as c on o.customer_id = c.customer_id"
    refunds = " left join staging.stg_refunds as r on o.order_id = r.order_id"
    assert change(orders + refunds, orders + customers + refunds)[0] is Change.NO_EFFECT
    assert (
        change(orders + refunds, orders + refunds + refunds.replace("r ", "x "))[0] is Change.ROWS
    )


def test_an_outer_join_by_a_mark_is_not_read_as_an_inner_one() -> None:
    types = {f"raw.{name}": {"id": "int"} for name in "ab"}
    code = "select a.id from raw.a, raw.b where a.id = b.id"
    assert change(code, code + " (+)", "redshift", types)[0] is not Change.NO_EFFECT
