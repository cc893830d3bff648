"""A window function: its value depends on the rows it stands among."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.functions import unwrapped
from marketing_analytics.review.code.stability import depends_on_place, tie
from marketing_analytics.review.code.terms import Term, UnreadableError, combined, digest

if TYPE_CHECKING:
    from marketing_analytics.review.code.scope import Scope

# What a window with an order has if nothing is written.
DEFAULT_FRAME = ("RANGE", "UNBOUNDED", "PRECEDING", "CURRENT ROW", "")


def window(node: exp.Expr, scope: Scope) -> Term:
    """Return what a window function means where it stands."""
    term = scope.term
    if scope.relation is None:
        raise UnreadableError("a window stands where there are no rows yet")
    if node.args.get("alias") is not None:
        node = scope.named_window(node)
    function = unwrapped(node.this)
    scope.windowed.add(id(function))
    value = term(node.this)
    within = [term(part) for part in node.args.get("partition_by") or []]
    order = node.args.get("order")
    by = [term(part) for part in order.expressions] if order is not None else []
    by_columns = [term(part.this) for part in order.expressions] if order is not None else []
    frame = _frame(node.args.get("spec"), scope)
    key = digest(
        "row_number" if isinstance(function, exp.RowNumber) else "window",
        value.key,
        *(f"within {key}" for key in sorted({t.key for t in within})),
        *(t.key for t in by),
        frame,
        scope.relation.rows,
    )
    terms = [value, *within, *by]
    made = replace(combined(key, terms), values=value.values)
    keys = frozenset(t.key for t in within), frozenset(t.key for t in by_columns)
    unstable = made.unstable or scope.relation.unstable
    if not unstable and depends_on_place(function, frame):
        unstable = tie(function, keys[0] | keys[1], bool(by), scope)
    picks = (key, *keys) if isinstance(function, exp.RowNumber) else None
    if picks is not None:
        scope.numbered.add(key)
    return replace(made, unstable=unstable, picks=picks)


def _frame(spec: exp.Expr | None, scope: Scope) -> str:
    if spec is None:
        return ""
    found = []
    for name in ("kind", "start", "start_side", "end", "end_side", "exclude"):
        value = spec.args.get(name)
        text = value.sql(scope.dialect) if isinstance(value, exp.Expr) else str(value or "")
        found.append(text.upper())
    if not found[3]:  # `rows 3 preceding` ends at the current row
        found[3] = "CURRENT ROW"
    if tuple(found[:5]) == DEFAULT_FRAME and not found[5]:
        return ""
    return " ".join(found)
