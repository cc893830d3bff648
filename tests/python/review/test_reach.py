"""What a change reaches, what its tests say, what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.review.changed_tests import changed_tests
from marketing_analytics.review.cost import cost, is_slower, runs_per_month, schedule_of
from marketing_analytics.review.cost import schedule_text as text_of
from marketing_analytics.review.findings import (
    Change,
    CodeChange,
    Cost,
    DataChange,
    NodeReview,
)
from marketing_analytics.review.reach import (
    edges,
    exposure_reviews,
    fed_exposures,
    in_order,
    levels,
    metrics,
)
from marketing_analytics.review.schema import is_narrowed, schema_changes
from review.artifacts_made import P, build, data_test, exposure, model, result

if TYPE_CHECKING:
    from marketing_analytics.review.artifacts import Build, Test
    from marketing_analytics.review.findings import TestChange


def ids(*names: str) -> list[str]:
    return [f"model.{P}.{name}" for name in names]


def reviewed(name: str, *, modified: int = 0, **changed: Any) -> NodeReview:
    node = NodeReview(
        unique_id=f"model.{P}.{name}",
        name=name,
        kind="model",
        path="",
        level=0,
        code=CodeChange(change=Change.UPSTREAM, columns=None),
        schema=(),
        data=DataChange(
            key=("id",),
            base_rows=9,
            head_rows=9,
            identical=9 - modified,
            modified=modified,
            added=0,
            removed=0,
            columns=(),
        ),
        not_compared=None,
        cost=None,
    )
    return replace(node, **changed)


# orders → revenue → board; orders → months → revenue; old reads orders in the base only.
BASE = build(
    model("orders"),
    model("months", "orders"),
    model("revenue", "months", "orders"),
    model("apart"),
    model("old", "orders"),
    exposure("board", "revenue"),
    exposure("other", "apart"),
    exposure("gone", "old"),
)
HEAD = build(
    model("orders"),
    model("months", "orders"),
    model("revenue", "months", "orders"),
    model("apart"),
    exposure("board", "revenue"),
    exposure("other", "apart"),
)


def test_a_level_is_the_shortest_way_from_a_change() -> None:
    assert levels(BASE, HEAD, ids("orders")) == dict(
        zip(ids("orders", "months", "old", "revenue"), (0, 1, 1, 1), strict=True)
    )
    assert levels(BASE, HEAD, ids("months", "orders"))[ids("months")[0]] == 0


def test_parents_come_before_their_readers() -> None:
    assert in_order(HEAD, ids("revenue", "orders", "months")) == ids("orders", "months", "revenue")


def test_a_dashboard_is_touched_through_what_holds_other_data() -> None:
    nodes = {node.unique_id: node for node in (reviewed("revenue", modified=1), reviewed("old"))}
    board, gone = exposure_reviews(BASE, HEAD, nodes)
    assert (board.label, board.through, board.is_touched) == ("Board", (*ids("revenue"),), True)
    assert (gone.change, gone.is_touched) == ("removed", False)


def test_a_dashboard_whose_models_hold_what_they_held_is_reached_only() -> None:
    (board,) = exposure_reviews(HEAD, HEAD, {ids("revenue")[0]: reviewed("revenue")})
    assert (board.through, board.is_touched) == ((*ids("revenue"),), False)


def test_what_was_not_compared_is_touched() -> None:
    unknown = reviewed("revenue", data=None, not_compared="it was not built")
    (board,) = exposure_reviews(HEAD, HEAD, {unknown.unique_id: unknown})
    assert board.is_touched


def test_dashboards_are_fed_through_other_models() -> None:
    assert fed_exposures(BASE, HEAD, *ids("orders")) == (
        f"exposure.{P}.board",
        f"exposure.{P}.gone",
    )


def test_edges_are_those_between_what_is_shown() -> None:
    shown = ids("orders", "revenue")
    assert edges(BASE, HEAD, shown, [f"exposure.{P}.board"]) == (
        tuple(ids("orders", "revenue")),
        (ids("revenue")[0], f"exposure.{P}.board"),
    )


def test_metrics_are_reached_through_metrics() -> None:
    with_metrics = replace(
        HEAD,
        metrics={
            "metric.m.sum": tuple(ids("revenue")),
            "metric.m.ratio": ("metric.m.sum",),
            "metric.m.other": tuple(ids("apart")),
        },
    )
    assert metrics(HEAD, with_metrics, ids("revenue")) == ("metric.m.ratio", "metric.m.sum")


# Tests


def outcome(before: Test | None, after: Test | None, was: str, is_: str) -> TestChange:
    def side(test: Test | None, status: str) -> Build:
        if test is None:
            return build(model("orders"))
        results = {test.unique_id.replace(f"{P}.", ""): result(status)}
        return build(model("orders"), test, results=results)

    (change,) = changed_tests(side(before, was), side(after, is_), ids("orders"))
    return change


@pytest.mark.parametrize(
    ("was", "is_", "kind"),
    [
        ("pass", "fail", "newly failing"),
        ("pass", "warn", "newly failing"),
        ("fail", "fail", "still failing"),
        ("fail", "pass", "fixed"),
        ("pass", "pass", "same"),
        ("pass", "skipped", "same"),
    ],
)
def test_a_test_before_and_after(was: str, is_: str, kind: str) -> None:
    test = data_test("not_null", "orders")
    change = outcome(test, test, was, is_)
    assert (change.kind, change.base_status, change.head_status) == (kind, was, is_)


def test_a_test_that_came_or_went() -> None:
    test = data_test("not_null", "orders")
    assert outcome(None, test, "", "pass").kind == "added"
    assert outcome(None, test, "", "fail").kind == "newly failing"
    assert outcome(test, None, "pass", "").kind == "removed"


LOOSER: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"severity": "warn"}, "severity error became warn"),
    ({}, {"settings": {"where": "id > 7"}}, "tests only rows where id > 7"),
    ({}, {"settings": {"error_if": "> 10"}}, "error_if became > 10"),
    (
        {"settings": {"error_if": ">5"}},
        {"settings": {"error_if": "> 10"}},
        "error_if became > 10, before >5",
    ),
    (
        {"arguments": {"values": ["High", "Low"]}},
        {"arguments": {"values": ["High", "Medium", "Low"]}},
        "values now include Medium",
    ),
    (
        {"arguments": {"never_null": ["id", "amount"]}},
        {"arguments": {"never_null": ["id"]}},
        "never_null no longer name amount",
    ),
    (
        {"arguments": {"max_value": 1}},
        {"arguments": {"max_value": 2}},
        "max_value became 2, before 1",
    ),
    (
        {"arguments": {"min_value": 1}},
        {"arguments": {"min_value": 0}},
        "min_value became 0, before 1",
    ),
]


@pytest.mark.parametrize(("before", "after", "what"), LOOSER)
def test_what_lets_more_pass_weakens_a_test(
    before: dict[str, Any], after: dict[str, Any], what: str
) -> None:
    # dbt writes a hash of the arguments into the id.
    old = data_test("accepted", "orders", unique_id=f"test.{P}.accepted_1", **before)
    new = data_test("accepted", "orders", unique_id=f"test.{P}.accepted_2", **after)
    change = outcome(old, new, "fail", "pass")
    assert (change.kind, change.what) == ("weakened", what)
    assert outcome(new, old, "pass", "pass").kind == "same"  # the other way it is stricter


def test_of_two_tests_of_a_column_each_meets_itself() -> None:
    def of(expression: str, number: int) -> Test:
        return data_test(
            "expression_is_true",
            "orders",
            unique_id=f"test.{P}.expression_{number}",
            arguments={"expression": expression},
        )

    base = build(model("orders"), of("a > 0", 1), of("b > 0", 2))
    head = build(model("orders"), of("a > 0", 1), of("b >= 0", 3))
    changes = changed_tests(base, head, ids("orders"))
    assert [(change.unique_id[-1], change.kind, change.what) for change in changes] == [
        ("1", "same", ""),
        ("3", "same", "expression is another one"),
    ]


def test_tests_of_other_models_count_when_they_changed() -> None:
    test = data_test("not_null", "apart")
    assert changed_tests(build(test), build(test), ids("orders")) == ()
    (change,) = changed_tests(build(test), build(), ids("orders"))
    assert change.kind == "removed"


# Cost


@pytest.mark.parametrize(
    ("cron", "runs"),
    [
        ("0 6 * * *", 30),  # the document's 30 runs
        ("@daily", 30),
        ("*/15 * * * *", 2880),  # 4 * 24 * 30
        ("0 6,18 * * mon-fri", 42.86),  # 2 * 30 * 5 / 7
        ("0 0 1 * *", 1),
        ("0 0 1 1 *", 0.08),  # one in twelve months
        ("0 0 1,15 * mon", 6),  # two days, and every Monday of the 28 others
        ("30 5 * * 7", 4.29),  # 7 is Sunday, as 0
        ("whenever", None),
        ("61 * * * *", None),
        (None, None),
    ],
)
def test_runs_of_a_month(cron: str | None, runs: float | None) -> None:
    assert runs_per_month(cron) == runs


def test_cost_of_both_sides() -> None:
    def dollars(_seconds: float | None, read: int | None) -> float | None:
        return None if read is None else read / 2**40 * 5

    found = cost(
        result("success", 2.0, bytes_billed=2**40),
        result("success", 4.0, bytes_billed=2**41),
        {"current_cron": "0 7 * * *"},
        dollars,
    )
    assert found == Cost(
        base_seconds=2.0,
        head_seconds=4.0,
        base_bytes=2**40,
        head_bytes=2**41,
        base_money=5,
        head_money=10,
        runs_per_month=30,
    )
    assert cost(None, result("error"), None) is None


@pytest.mark.parametrize(
    ("base", "head", "slower"),
    [(0.1, 1.0, False), (0.1, 1.2, True), (10, 12, False), (10, 15, True), (None, 9, False)],
)
def test_less_than_a_second_or_half_as_much_again_is_noise(
    base: float | None, head: float, slower: bool
) -> None:
    assert is_slower(Cost(base_seconds=base, head_seconds=head)) is slower


def test_a_schedule_holds_for_all_that_share_its_tag() -> None:
    schedule = {
        "tag": "nightly",
        "dag": "dbt_nightly",
        "current_cron": "0 7 * * *",
        "requested_cron": "0 6 * * *",
    }
    own = model("revenue", tags=("nightly",), meta={"schedule": schedule})
    other, apart = model("ltv", tags=("nightly",)), model("apart")
    made = build(own, other, apart)
    text = "0 7 * * * (job dbt_nightly, tag nightly)"
    assert text_of(schedule_of(own, made)) == f"{text}; requested 0 6 * * *"
    assert text_of(schedule_of(other, made)) == text
    assert text_of(schedule_of(apart, made)) is None


# Columns


def read_by(node: str, column: str) -> tuple[str, ...]:
    return (f"{node}.{column}",)


def test_columns_that_came_went_or_changed() -> None:
    orders = model("orders")
    before = {"id": "BIGINT", "amount": "DECIMAL(18,2)", "note": "VARCHAR"}
    after = {"id": "INTEGER", "x": "DATE", "note": "VARCHAR"}
    changes = schema_changes(orders, orders, (before, after), read_by)
    assert [(change.column, change.kind, change.is_narrowed) for change in changes] == [
        ("id", "type", True),
        ("x", "added", False),
        ("amount", "removed", False),
    ]
    assert [change.readers for change in changes] == [
        (f"model.{P}.orders.id",),
        (),
        (f"model.{P}.orders.amount",),
    ]
    assert [change.is_documented for change in changes] == [False, False, True]


def test_a_contract_that_is_no_more_changes_each_column() -> None:
    before, after = model("orders", is_contracted=True), model("orders")
    types = ({"id": "BIGINT"}, {"id": "BIGINT"})
    (change,) = schema_changes(before, after, types, read_by)
    assert change.kind == "contract"
    assert schema_changes(after, before, types, read_by) == ()


@pytest.mark.parametrize(
    ("base", "head", "narrowed"),
    [
        ("BIGINT", "INTEGER", True),
        ("INTEGER", "BIGINT", False),
        ("DECIMAL(18,2)", "DECIMAL(18,4)", True),  # 16 digits before the point become 14
        ("DECIMAL(18,2)", "DECIMAL(20,4)", False),
        ("DECIMAL(18,2)", "BIGINT", True),
        ("BIGINT", "VARCHAR", False),
        ("VARCHAR", "BIGINT", True),
        ("TIMESTAMP", "DATE", True),
        ("DATE", "TIMESTAMP", False),
        ("DOUBLE", "FLOAT", True),
        ("character varying(20)", "character varying(10)", True),
        ("character varying(10)", "text", False),
    ],
)
def test_narrowed_types(base: str, head: str, narrowed: bool) -> None:
    assert is_narrowed(base, head) is narrowed
