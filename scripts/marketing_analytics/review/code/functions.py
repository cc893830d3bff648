"""Which functions are aggregates, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

# Names that sqlglot passes on as they are.
AGGREGATES = frozenset(
    {"arg_min", "arg_max", "arg_min_null", "arg_max_null", "min_by", "max_by", "product", "bool_or"}
    | {"bool_and", "listagg", "string_agg", "array_agg", "any_value", "mad", "kurtosis", "entropy"}
)
PICKING = {"arg_min", "arg_max", "arg_min_null", "arg_max_null", "min_by", "max_by"}
PASSES_ON = (
    *(exp.Min, exp.Max, exp.AnyValue, exp.First, exp.Last, exp.Mode, exp.ArgMin, exp.ArgMax),
    *(exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead, exp.Cast, exp.IgnoreNulls),
    *(exp.RespectNulls, exp.Filter),
)


def function_name(node: exp.Expr) -> str:
    """Return the name of a function that sqlglot does not know, else an empty text."""
    if isinstance(node, (exp.Anonymous, exp.AnonymousAggFunc)):
        return str(node.this).lower()
    return ""


def written_name(node: exp.Expr) -> str:
    """Return the name of a function as SQL has it."""
    return node.sql_name().lower() if isinstance(node, exp.Func) else str(node.key)


def is_aggregate(node: exp.Expr) -> bool:
    """Is this a function of many rows?"""
    return isinstance(node, exp.AggFunc) or function_name(node) in AGGREGATES


def unwrapped(node: exp.Expr) -> exp.Expr:
    """Return a window's function without `ignore nulls` and `filter`."""
    while isinstance(node, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
        node = node.this
    return node


def children(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the parts of a node."""
    for value in node.args.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                yield part


def aggregates(node: exp.Expr) -> bool:
    """Does this turn many rows into one? A window does not, nor what a query within does."""
    if isinstance(node, exp.Query):
        return False
    if isinstance(node, exp.Window):
        inner = unwrapped(node.this)
        return any(aggregates(part) for part in children(inner)) or any(
            aggregates(part) for part in children(node) if part is not node.this
        )
    return is_aggregate(node) or any(aggregates(part) for part in children(node))
