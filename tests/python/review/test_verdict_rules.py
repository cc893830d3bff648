"""Each rule just below its limit, on it, and just above; what it says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.review import findings as f
from marketing_analytics.review.rules import read_rules
from marketing_analytics.review.verdict import judge
from review.fixtures import (
    TODAY,
    categories,
    category,
    check,
    code,
    column,
    data,
    exposure,
    exposure_id,
    found,
    model_id,
    node,
    numbers,
    rules_that_speak,
    schema,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def speaks(rule: str, *nodes: f.NodeReview, **facts: Any) -> str | None:
    return rules_that_speak(found(*nodes, **facts)).get(rule)


def segment(base: int, head: int, rest: int = 100_000) -> f.NodeReview:
    values = categories(category("High", base, head), category("Low", rest, rest))
    return node(data=data(column("tier", categories=values)))


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        (1000, 1099, None),
        (1000, 1100, None),  # 10 % is the limit
        (1000, 1101, "unsafe"),
        (1000, 899, "unsafe"),
        (1000, 900, None),
        (100, 127, "unsafe"),
        (29, 15, None),  # too few to say anything
        (30, 15, "unsafe"),
        (10, 30, "unsafe"),
    ],
)
def test_a_segment_may_shift_by_ten_percent(base: int, head: int, expected: str | None) -> None:
    assert speaks("segment_shift", segment(base, head)) == expected


def test_the_limit_is_exact_where_floats_are_not() -> None:
    # 110 / 100 - 1 is 0.10000000000000009 in floats
    assert speaks("segment_shift", segment(100, 110)) is None


# 10,000 rows in two halves; n rows cross over, so that n / 10,000 differ.
@pytest.mark.parametrize(("crossed", "expected"), [(999, None), (1000, None), (1001, "unsafe")])
def test_a_tenth_of_the_rows_may_be_spread_otherwise(crossed: int, expected: str | None) -> None:
    values = categories(category("A", 5000, 5000 - crossed), category("B", 5000, 5000 + crossed))
    assert (
        speaks("distribution_shift", node(data=data(column("tier", categories=values)))) == expected
    )


def total(base: Any, head: Any, *tags: str, name: str = "spend_amount") -> f.NodeReview:
    return node(data=data(column(name, numbers=numbers(base, head))), tags=tags)


@pytest.mark.parametrize(
    ("head", "tags", "expected"),
    [
        ("104.99", (), None),
        ("105.00", (), None),
        ("105.01", (), "unsafe"),
        ("94.99", (), "unsafe"),
        ("100.99", ("finance",), None),
        ("101.00", ("revenue",), None),
        ("101.01", ("revenue",), "unsafe"),
    ],
)
def test_a_total_may_change_by_five_percent_and_money_by_one(
    head: str, tags: tuple[str, ...], expected: str | None
) -> None:
    assert speaks("total_change", total(Decimal("100.00"), Decimal(head), *tags)) == expected


def test_a_total_that_comes_from_nothing_is_above_any_limit() -> None:
    assert speaks("total_change", total(Decimal(0), Decimal("0.01"))) == "unsafe"
    assert speaks("total_change", total(None, Decimal("0.01"))) == "unsafe"
    assert speaks("total_change", total(1.5, float("nan"))) == "unsafe"
    assert speaks("total_change", total(Decimal("0.00"), Decimal(0))) is None


def test_keys_are_not_summed() -> None:
    assert speaks("total_change", total(100, 200, name="order_id")) is None
    assert speaks("total_change", total(100, 200, name="order_amount")) == "unsafe"


def test_a_rate_is_judged_by_its_mean() -> None:
    changed = numbers(100.0, 200.0, base_mean=0.5, head_mean=0.52)
    rate = node(data=data(column("repeat_rate", numbers=changed)))
    assert speaks("total_change", rate) is None
    changed = numbers(100.0, 100.0, base_mean=0.5, head_mean=0.53)
    rate = node(data=data(column("repeat_rate", numbers=changed)))
    assert speaks("total_change", rate) == "unsafe"


@pytest.mark.parametrize(("head", "expected"), [(1019, None), (1020, None), (1021, "unsafe")])
def test_rows_may_grow_by_two_percent(head: int, expected: str | None) -> None:
    changed = node(data=data(head_rows=head, added=head - 1000))
    assert speaks("row_count", changed) == expected


def test_rows_that_come_to_an_empty_table_are_above_any_limit() -> None:
    changed = node(data=data(base_rows=0, head_rows=1, added=1, identical=0, modified=0))
    assert speaks("row_count", changed) == "unsafe"


@pytest.mark.parametrize(("moved", "expected"), [(20, None), (21, "unsafe")])
def test_two_percent_of_the_keys_may_be_others(moved: int, expected: str | None) -> None:
    changed = node(data=data(added=moved, removed=moved, identical=1000 - moved))
    assert speaks("rows_replaced", changed) == expected
    # Without a key a changed row is one that went and one that came.
    bag = node(data=data(added=moved, removed=moved, identical=1000 - moved, key=()))
    assert speaks("rows_replaced", bag) is None
    assert speaks("compared_without_key", bag) == "note"


@pytest.mark.parametrize(("differ", "expected"), [(100, None), (101, "unsafe")])
def test_a_tenth_of_the_values_may_be_others(differ: int, expected: str | None) -> None:
    """As when two segments swap their names for as many rows: no count and no total moves."""
    swapped = column("segment", modified=differ)
    changed = node(data=data(swapped, modified=differ, identical=1000 - differ))
    assert speaks("values_replaced", changed) == expected


def test_a_column_that_may_differ_anyway_is_said_to() -> None:
    changed = data(column("place", modified=1), modified=1, identical=999)
    tied = {"place": "the order of row_number may tie"}
    code = f.CodeChange(change=f.Change.LOGIC, columns=None, unstable=tied)
    assert speaks("unstable_column", node(data=changed, code=code)) == "note"
    assert speaks("unstable_column", node(data=changed)) is None


@pytest.mark.parametrize(("nulls", "expected"), [(14, None), (15, None), (16, "unsafe")])
def test_one_percent_more_may_be_null(nulls: int, expected: str | None) -> None:
    changed = node(data=data(column("email", base_nulls=5, head_nulls=nulls)))
    assert speaks("null_rate", changed) == expected


@pytest.mark.parametrize(("head", "expected"), [(29, None), (30, "approval")])
def test_a_new_value_is_approved_from_thirty_rows(head: int, expected: str | None) -> None:
    assert speaks("new_value", segment(0, head)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (100.0, 149.0, None),
        (100.0, 150.0, None),
        (100.0, 151.0, "approval"),
        (20.0, 50.0, None),  # 30 seconds more: on the floor
        (20.0, 50.1, "approval"),
        (0.1, 9.0, None),
        (None, 900.0, None),
    ],
)
def test_a_build_may_take_half_as_long_again(
    before: float | None, after: float, expected: str | None
) -> None:
    assert (
        speaks("run_time", node(cost=f.Cost(base_seconds=before, head_seconds=after))) == expected
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (4.0, 6.0, None),
        (4.0, 6.01, "approval"),
        (0.5, 1.5, None),
        (0.5, 1.51, "approval"),
        (0.0, 1.01, "approval"),
    ],
)
def test_a_build_may_cost_half_as_much_again(
    before: float, after: float, expected: str | None
) -> None:
    cost = f.Cost(base_seconds=1, head_seconds=1, base_money=before, head_money=after)
    assert speaks("cost", node(cost=cost)) == expected


def shaped(*changes: f.SchemaChange, **facts: Any) -> f.NodeReview:
    return node(schema=changes, **facts)


READ = {"readers": (model_id("orders_daily"),)}


@pytest.mark.parametrize(
    ("rule", "change", "expected"),
    [
        ("removed_column", schema("a", "removed", "TEXT", None), "approval"),
        ("removed_column", schema("a", "removed", "TEXT", None, **READ), "unsafe"),
        ("contract_break", schema("a", "contract", "TEXT", "INTEGER"), "unsafe"),
        ("type_narrowed", schema("a", "type", "BIGINT", "INTEGER", is_narrowed=True), "unsafe"),
        ("type_changed", schema("a", "type", "INTEGER", "BIGINT"), "note"),
        ("type_changed", schema("a", "type", "DECIMAL(12,2)", "DECIMAL(18,2)"), "note"),
        ("type_changed", schema("a", "type", "INTEGER", "VARCHAR"), "approval"),
        ("column_added", schema("a", "added", None, "TEXT"), "note"),
        ("undocumented_column", schema("a", "added", None, "TEXT", is_documented=False), "note"),
    ],
)
def test_columns(rule: str, change: f.SchemaChange, expected: str) -> None:
    assert speaks(rule, shaped(change)) == expected


@pytest.mark.parametrize(
    ("rule", "changed", "expected"),
    [
        ("model_removed", node(code=code(f.Change.REMOVED), data=None), "approval"),
        (
            "model_removed",
            node(code=code(f.Change.REMOVED), data=None, exposures=(exposure_id("kpis"),)),
            "unsafe",
        ),
        ("model_renamed", node(code=code(f.Change.RENAMED, renamed_from=model_id("old"))), "note"),
        ("model_added", node(code=code(f.Change.ADDED), data=None), "note"),
        ("unread_code", node(code=code(f.Change.UNKNOWN)), "approval"),
        ("settings_changed", node(code=code(f.Change.SETTINGS)), "note"),
        ("no_visible_effect", node(code=code(f.Change.LOGIC)), "note"),
        ("key_lost", node(data=data(key=(), is_key_lost=True)), "unsafe"),
        ("data_change", node(data=data()), "approval"),
    ],
)
def test_models(rule: str, changed: f.NodeReview, expected: str) -> None:
    assert speaks(rule, changed) == expected


def test_a_renamed_model_that_a_dashboard_reads_is_unsafe() -> None:
    renamed = node(code=code(f.Change.RENAMED, renamed_from=model_id("old")))
    edges = ((model_id("customers"), exposure_id("kpis")),)
    assert (
        speaks("model_renamed", renamed, exposures=(exposure("kpis", "customers"),), edges=edges)
        == "unsafe"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (check("t", "newly failing", "pass", "fail"), {"failing_test": "unsafe"}),
        (check("t", "newly failing", "pass", "error"), {"failing_test": "unsafe"}),
        (
            check("t", "newly failing", "pass", "warn", severity="warn"),
            {"warning_test": "approval"},
        ),
        (check("t", "added", None, "fail"), {"failing_test": "unsafe"}),
        (check("t", "added", None, "pass"), {}),
        (check("t", "removed", "pass", None), {"removed_test": "unsafe"}),
        (check("t", "weakened", "pass", "pass", what="limit 1 → 5"), {"weakened_test": "unsafe"}),
        (
            check("t", "weakened", "pass", "fail"),
            {"weakened_test": "unsafe", "failing_test": "unsafe"},
        ),
        (check("t", "weakened", "fail", "fail"), {"weakened_test": "unsafe"}),
        (check("t", "still failing", "fail", "fail"), {"still_failing_test": "note"}),
        (check("t", "fixed", "fail", "pass"), {}),
        (check("t", "same", "pass", "pass"), {}),
        (check("t", "same", "pass", "skipped"), {"not_compared": "no evidence"}),
        (check("t", "same", "pass", None), {"not_compared": "no evidence"}),
        (check("t", "same", "pass", None, tested=(model_id("far"),)), {}),
        (check("t", "same", None, None), {}),
        (
            check("t", "newly failing", "pass", "warn", what="severity error became warn"),
            {"warning_test": "approval", "weakened_test": "unsafe"},
        ),
    ],
)
def test_tests(change: f.TestChange, expected: Mapping[str, str]) -> None:
    spoken = rules_that_speak(found(node(data=data()), tests=(change,)))
    spoken.pop("data_change")
    assert spoken == expected


def test_tests_that_did_not_run_are_said_by_node() -> None:
    skipped = [check(f"t{n}", "same", "pass", "skipped") for n in (3, 1, 4, 2)]
    other = check("u", "same", "pass", "skipped", tested=(model_id("orders"),))
    known = check("v", "same", "pass", "skipped", tested=(model_id("failed"),))
    failed = node("failed", data=None, not_compared="it was not built")
    tests = (*skipped, other, known)
    findings = found(node(data=data()), node("orders"), failed, tests=tests)
    reasons = judge(findings, read_rules(None), None, TODAY).reasons
    assert [(r.node, r.text) for r in reasons if r.rule == "not_compared"] == [
        (model_id("customers"), "4 tests did not run: t1, t2, t3 and 1 more"),
        (model_id("failed"), "not compared: it was not built"),
        (model_id("orders"), "1 test did not run: u"),
    ]


def test_a_test_removed_elsewhere_is_approved_and_one_of_a_removed_model_goes_with_it() -> None:
    removed = check("t", "removed", "pass", None)
    assert speaks("removed_test", tests=(removed,)) == "approval"
    gone = node(code=code(f.Change.REMOVED), data=None)
    assert speaks("removed_test", gone, tests=(removed,)) is None


def test_values_that_a_list_lacks_or_that_no_row_has() -> None:
    gap = f.EnumerationGap(
        node=model_id("orders_daily"),
        path="models/orders_daily.sql",
        line=7,
        construct="in",
        column="tier",
        source=model_id("customers"),
        listed=("High", "Low"),
        uncovered=("Medium",),
        vanished=("Low",),
    )
    verdict = judge(found(node(data=data()), gaps=(gap,)), read_rules(None), None, TODAY)
    said = {reason.rule: (str(reason.severity), reason.text) for reason in verdict.reasons}
    assert said["uncovered_value"] == (
        "unsafe",
        "orders_daily (in, models/orders_daily.sql:7) lists High and Low of tier of customers "
        "and lacks Medium",
    )
    assert said["vanished_value"][0] == "approval"


def test_a_shift_in_a_model_that_people_do_not_read_is_judged_where_they_do() -> None:
    shifted = segment(100, 127)
    between = ((model_id("customers"), model_id("orders_daily")),)
    assert speaks("segment_shift", shifted, edges=between) == "note"
    to_a_dashboard = ((model_id("customers"), exposure_id("kpis")),)
    read = {"exposures": (exposure("kpis", "customers"),), "edges": between + to_a_dashboard}
    assert speaks("segment_shift", shifted, **read) == "unsafe"


def test_reasons_are_sentences_with_numbers() -> None:
    verdict = judge(found(segment(100, 127, 900)), read_rules(None), None, TODAY)
    assert [reason.text for reason in verdict.reasons] == [
        "High of tier: 100 → 127 customers, +27.0 %; limit 10 %",
        "1 modified of 1,000 customers",
    ]


def test_a_share_beside_its_limit_has_the_digits_that_tell_them_apart() -> None:
    verdict = judge(found(segment(100_000, 110_004, 10**7)), read_rules(None), None, TODAY)
    assert verdict.reasons[0].text == (
        "High of tier: 100,000 → 110,004 customers, +10.004 %; limit 10 %"
    )
