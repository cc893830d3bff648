"""Holds what a branch declares against what was found."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.expected import Band
from marketing_analytics.review.words import amount, count, exact, listed, percent, relative, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from marketing_analytics.review.expected import Expected, Wanted, WantedColumns
    from marketing_analytics.review.findings import ColumnChange, NodeReview
    from marketing_analytics.review.hits import Context, Hit

NOTHING = (Fraction(0), Fraction(0))
Key = tuple[str, "str | None", "str | None", str]  # node, column, value, measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What was declared and came about, and what was not."""

    met: frozenset[Key]
    unmet: tuple[Hit, ...]

    def covers(self, hit: Hit, context: Context) -> bool:
        """Is what a rule says inside what was declared?"""
        node = hit.node or ""
        if hit.rule == "distribution_shift":
            return self._covers_spread(node, hit.column or "", context)
        if hit.rule == "values_replaced" and self._covers_spread(node, hit.column or "", context):
            return True
        if hit.rule == "rows_replaced":
            return {(node, None, None, what) for what in ("added", "removed")} <= self.met
        return bool(hit.measure) and (node, hit.column, hit.value, hit.measure) in self.met

    def _covers_spread(self, node: str, column: str, context: Context) -> bool:
        """Is every value that moves by more than its limit declared, and one at least?"""
        found = _column(context.nodes[node], column)
        if found is None or found.categories is None:
            return False
        most = context.rules.of("segment_shift", context.nodes[node]).limit
        declared = {
            category.value
            for category in found.categories.values
            if (node, column, category.value, "value") in self.met
        }
        moved = set()
        for category in found.categories.values:
            share = relative(Fraction(category.base), Fraction(category.head))
            if category.base != category.head and (share is None or abs(share) > most):
                moved.add(category.value)
        return bool(declared) and moved <= declared


def hold(expected: Expected | None, context: Context) -> Declared:
    """Return what of the declarations came about.

    Of a node that was not compared nothing is known: that is said elsewhere.
    """
    if expected is None:
        return Declared(met=frozenset(), unmet=())
    nodes: dict[str, NodeReview] = {node.name: node for node in context.findings.nodes}
    met: set[Key] = set()
    unmet: list[Hit] = []
    for wanted in expected.numbers:
        node = nodes.get(wanted.model)
        if node is not None and node.not_compared is not None:
            continue
        actual = _actual(wanted, node)
        if actual is None and node is not None:
            met.add((node.unique_id, wanted.column, wanted.value, wanted.measure))
        elif actual is not None:
            unmet += _unmet(
                wanted.model, wanted.column, f"{_what(wanted)} {actual}", nodes, context
            )
    for columns in expected.columns:
        node = nodes.get(columns.model)
        if node is None or node.not_compared is None:
            for fault in _faults(columns, node):
                unmet += _unmet(columns.model, None, fault, nodes, context)
    return Declared(met=frozenset(met), unmet=tuple(unmet))


def _unmet(
    model: str,
    column: str | None,
    text: str,
    nodes: Mapping[str, NodeReview],
    context: Context,
) -> list[Hit]:
    node = nodes.get(model)
    lead = "" if node else f"{model}, which the change does not reach: "
    return context.hit("unmet_expectation", node, f"{lead}{text}", column=column)


def _what(wanted: Wanted) -> str:
    if wanted.measure == "value":
        what = f"{shown(wanted.value)} of {wanted.column}"
    elif wanted.column is not None:
        what = f"{wanted.measure} of {wanted.column}"
    else:
        what = wanted.measure
    return f"{what} was declared as {wanted.text}, but"


def _actual(wanted: Wanted, node: NodeReview | None) -> str | None:
    """Return what came instead of what was declared; None where it came."""
    pair = _pair(wanted, node)
    if pair is None:
        return "is not compared that way: it has no such number"
    base, head = pair
    if _is_met(wanted, base, head):
        return None
    if base == head:
        values = _values(wanted, node)
        return "has not changed" + (f"; there are {listed(values)}" if values else "")
    share = relative(base, head)
    grown = f", {percent(share, is_change=True)}" if share is not None else ""
    if wanted.measure in ("modified", "added", "removed"):
        return f"is {count(int(head - base), 'rows')}{grown}"
    return f"went {_amount(base)} → {_amount(head)}{grown}"


def _is_met(wanted: Wanted, base: Fraction, head: Fraction) -> bool:
    if isinstance(wanted.band, Band):
        return wanted.band.holds(base, head)
    words = {"any": base != head, "new": base == 0 < head, "gone": head == 0 < base}
    return words[wanted.band]


def _pair(wanted: Wanted, node: NodeReview | None) -> tuple[Fraction, Fraction] | None:
    """Return a number before and after; equal where nothing was found to differ."""
    data = node.data if node else None
    if data is None:
        return NOTHING
    if wanted.column is None:
        base = Fraction(data.base_rows)
        counted = {"modified": data.modified, "added": data.added, "removed": data.removed}
        if wanted.measure in counted:
            return base, base + counted[wanted.measure]
        return base, Fraction(data.head_rows)
    column = _column(node, wanted.column)
    return NOTHING if column is None else _pair_of_column(wanted, column, Fraction(data.base_rows))


def _pair_of_column(
    wanted: Wanted, column: ColumnChange, base_rows: Fraction
) -> tuple[Fraction, Fraction] | None:
    if wanted.measure == "value":
        return _category(wanted, column)
    if wanted.measure == "modified":
        return None if column.modified is None else (base_rows, base_rows + column.modified)
    if wanted.measure == "nulls":
        return Fraction(column.base_nulls), Fraction(column.head_nulls)
    if column.numbers is None:
        return None
    is_total = wanted.measure == "total"
    before: Any = column.numbers.base_total if is_total else column.numbers.base_mean
    after: Any = column.numbers.head_total if is_total else column.numbers.head_mean
    return exact(before) or Fraction(0), exact(after) or Fraction(0)


def _category(wanted: Wanted, column: ColumnChange) -> tuple[Fraction, Fraction] | None:
    if column.categories is None:
        return None
    for category in column.categories.values:
        if category.value == wanted.value:
            return Fraction(category.base), Fraction(category.head)
    return Fraction(0), Fraction(0)


def _values(wanted: Wanted, node: NodeReview | None) -> list[str]:
    """Return the values that a column has, where the one that was declared is not among them."""
    column = _column(node, wanted.column or "") if wanted.measure == "value" else None
    if column is None or column.categories is None:
        return []
    values = [category.value for category in column.categories.values]
    return [] if wanted.value in values else [shown(value) for value in values]


def _faults(wanted: WantedColumns, node: NodeReview | None) -> Iterator[str]:
    if wanted.what == "changed":
        yield from _faults_of_changed(wanted, node)
        return
    kind = "added" if wanted.what == "columns_added" else "removed"
    found = {change.column for change in node.schema if change.kind == kind} if node else set()
    for column in wanted.columns:
        if column not in found:
            yield f"{column} was declared among {wanted.what}, but is not {kind}"


def _faults_of_changed(wanted: WantedColumns, node: NodeReview | None) -> Iterator[str]:
    data = node.data if node else None
    is_same = data is None or data.is_identical
    differ = [column.column for column in data.columns] if data else []
    if wanted.columns == "all":
        if is_same:
            yield "changed was declared as all, but every row is as it was"
    elif wanted.columns == "none":
        if not is_same:
            yield f"changed was declared as none, but rows differ, in {listed(differ)}"
    else:
        for column in wanted.columns:
            if column not in differ:
                yield f"{column} was declared among changed, but is as it was"
        others = [column for column in differ if column not in wanted.columns]
        if others:
            yield f"changed was declared as {listed(wanted.columns)}, but so have {listed(others)}"


def _column(node: NodeReview | None, name: str) -> ColumnChange | None:
    columns = node.data.columns if node and node.data else ()
    return next((column for column in columns if column.column == name), None)


def _amount(value: Fraction) -> str:
    return amount(int(value)) if value.denominator == 1 else amount(float(value))
