"""All findings of small builds together: what is compared, what needs no look, what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.artifacts import Column
from marketing_analytics.review.findings import Change
from marketing_analytics.review.run import RULED_OUT, TWO_BUILDS, Given, collect, noise_between
from review.artifacts_made import P, build, data_test, exposure, model, result
from review.two_builds import two_builds_in_memory

if TYPE_CHECKING:
    from marketing_analytics.review.artifacts import Build
    from marketing_analytics.review.findings import Findings, NodeReview

ORDERS = (
    "create table marts.orders as select * from (values (1, 10.00, 'a'), (2, 20.00, 'b')) "
    "as rows(id, amount, kind)"
)
RAISED = ORDERS.replace("20.00", "25.00")
TOTALS = "create table marts.totals as select count(*) as id from marts.orders"
MORE = "create table marts.more as select id + 1 as id from marts.totals"


def chain(orders: str = "select id, amount, kind from marts.raw", **changed: Any) -> Build:
    """orders → totals → more → board."""
    return build(
        model("orders", compiled_code=orders, **changed),
        model("totals", "orders", compiled_code="select count(*) as id from marts.orders"),
        model("more", "totals", compiled_code="select id + 1 as id from marts.totals"),
        exposure("board", "more", approvals=("Finance",)),
        data_test("not_null", "more"),
    )


def found(base: Build, head: Build, tables: tuple[str, str], **given: Any) -> Findings:
    with two_builds_in_memory(*tables) as session:
        return collect(
            Given(
                base=base, head=head, session=session, base_name="main", head_name="ours", **given
            )
        )


def by_name(findings: Findings) -> dict[str, NodeReview]:
    return {node.name: node for node in findings.nodes}


BASE = "; ".join((ORDERS, TOTALS, MORE))
HEAD = "; ".join((RAISED, TOTALS, MORE))
CHANGED = chain("select id, amount * 1.25 as amount, kind from marts.raw")


def test_what_reads_the_same_data_is_not_looked_at() -> None:
    findings = found(chain(), CHANGED, (BASE, HEAD))
    assert [(node.name, node.level) for node in findings.nodes] == [
        ("orders", 0),
        ("totals", 1),
        ("more", 2),
    ]
    orders, totals, more = findings.nodes
    assert orders.data is not None
    assert (orders.data.modified, orders.data.key) == (1, ("id",))
    assert [column.column for column in orders.data.columns] == ["amount"]
    assert totals.data is not None
    assert totals.data.is_identical
    assert (more.data, more.not_compared) == (None, None)  # it reads totals alone
    (board,) = findings.exposures
    assert not board.is_touched


def test_a_filter_reaches_the_dashboard_and_whom_it_asks() -> None:
    head = chain("select id, amount, kind from marts.raw where id > 1")
    tables = f"{ORDERS}; delete from marts.orders where id = 1; {TOTALS}; {MORE}"
    findings = found(chain(), head, (BASE, tables))
    nodes = by_name(findings)
    assert [nodes[name].level for name in ("orders", "totals", "more")] == [0, 1, 2]
    assert all(node.data and not node.data.is_identical for node in nodes.values())
    (board,) = findings.exposures
    assert (board.is_touched, board.approvals) == (True, ("Finance",))
    assert board.through == (f"model.{P}.more",)
    assert [test.kind for test in findings.tests] == ["same"]
    assert (f"model.{P}.more", f"exposure.{P}.board") in findings.edges


def test_what_was_not_built_says_why() -> None:
    head = replace(
        CHANGED,
        results={f"model.{P}.orders": result("error", message="Division by zero\n  more")},
    )
    orders = by_name(found(chain(), head, (BASE, HEAD)))["orders"]
    assert orders.data is None
    assert orders.not_compared == "the head's build ended with error: Division by zero"
    gone = by_name(found(chain(), CHANGED, (BASE, "select 1")))["orders"]
    assert gone.not_compared == "the head's build has no table marts.orders"


def test_columns_are_left_out_with_a_reason() -> None:
    findings = found(
        chain(),
        CHANGED,
        (BASE, HEAD),
        is_ignored=lambda name, column: (name, column) == ("orders", "amount"),
    )
    data = by_name(findings)["orders"].data
    assert data is not None
    assert data.is_identical
    assert findings.noise == {f"model.{P}.orders": {"amount": RULED_OUT}}


def test_what_only_may_differ_between_two_builds_is_compared() -> None:
    """A number in an order that may tie could be the change's doing; a random one says nothing."""
    numbered = (
        "create table marts.orders as "
        "select * from (values (1, 1, 0.3), (2, {}, {})) as rows(id, n, r)"
    )
    by_kind = "select id, row_number() over (order by kind) as n, {} as r from marts.stg"
    staged = model("stg", compiled_code="select id, kind from marts.raw", primary_key=("id",))
    base, head = (
        build(staged, model("orders", "stg", compiled_code=by_kind.format(chance)))
        for chance in ("random()", "random() + 1")
    )
    stage = "create table marts.stg as select 1 as id, 'a' as kind"
    findings = found(
        base, head, (f"{stage}; {numbered.format(2, 0.4)}", f"{stage}; {numbered.format(3, 1.7)}")
    )
    orders = by_name(findings)["orders"]
    assert orders.code.unstable == {
        "n": "the order of row_number may tie",
        "r": "is drawn by chance: rand",
    }
    assert orders.data is not None
    assert [column.column for column in orders.data.columns] == ["n"]
    assert findings.noise == {f"model.{P}.orders": {"r": "is drawn by chance: rand"}}


def test_the_key_of_the_base_counts_where_the_head_has_none() -> None:
    head = chain("select id, amount * 1.25 as amount, kind from marts.raw", primary_key=())
    data = by_name(found(chain(), head, (BASE, HEAD)))["orders"].data
    assert data is not None
    assert data.key == ("id",)


def test_the_values_of_a_new_column_are_new() -> None:
    """A reader that lists two of the three values of a column that was not there before."""
    reader = (
        "select id, case when tier = 'High' then 1 when tier = 'Low' then 2 end as n "
        "from marts.orders"
    )
    columns = {"tier": Column(name="tier", data_type=None, description="")}
    base = build(model("orders", compiled_code="select id from marts.raw"))
    head = build(
        model("orders", compiled_code="select id, tier from marts.raw", columns=columns),
        model("tiers", "orders", compiled_code=reader),
    )
    with_tiers = (
        "create table marts.orders as select * "
        "from (values (1, 'High'), (2, 'Medium'), (3, 'Low')) as rows(id, tier); "
        "create table marts.tiers as select id, 1 as n from marts.orders"
    )
    findings = found(
        base, head, ("create table marts.orders as select unnest([1, 2, 3]) as id", with_tiers)
    )
    orders = by_name(findings)["orders"]
    assert [(change.column, change.kind) for change in orders.schema] == [("tier", "added")]
    (gap,) = findings.gaps
    assert (gap.node, gap.column, gap.uncovered) == (f"model.{P}.tiers", "tier", ("Medium",))


def test_a_node_on_one_side_needs_no_comparison() -> None:
    base = build(model("old", compiled_code="select city, max(day) as day from marts.a group by 1"))
    nodes = by_name(found(base, chain(), ("select 1", BASE)))
    assert {name: node.code.change for name, node in nodes.items()} == {
        "old": Change.REMOVED,
        "orders": Change.ADDED,
        "totals": Change.ADDED,
        "more": Change.ADDED,
    }
    assert all(node.data is None and node.not_compared is None for node in nodes.values())


def test_columns_that_two_builds_of_the_same_code_write_differently_are_noise() -> None:
    with two_builds_in_memory(ORDERS, RAISED) as session:
        assert noise_between(chain(), session, [f"model.{P}.orders"]) == {
            f"model.{P}.orders": {"amount": TWO_BUILDS}
        }


def test_the_same_builds_give_the_same_findings_twice() -> None:
    assert repr(found(chain(), CHANGED, (BASE, HEAD))) == repr(
        found(chain(), CHANGED, (BASE, HEAD))
    )
