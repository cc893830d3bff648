"""Where a fault stands in a query, so that it can be planted in another compilation of the model.

dbt compiles a model once per choice of vars and once per unit test, which reads fixtures in place
of tables and may override macros. The same fault is planted in all of them: a place is the way from
the root of the syntax tree, by the names of the common table expressions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

Step: TypeAlias = "tuple[str, int | str | None]"
Place: TypeAlias = "tuple[Step, ...]"

DIALECT = "duckdb"
WITH = "with_"


@cache
def parsed(sql: str) -> exp.Expr:
    """Return the syntax tree of a query; nobody may change it."""
    return sqlglot.parse_one(sql, read=DIALECT)


def written(tree: exp.Expr) -> str:
    """Return a tree as SQL of DuckDB."""
    return tree.sql(DIALECT, comments=False)


def place_of(node: exp.Expr) -> Place:
    """Return the way from the root to a node."""
    steps: list[Step] = []
    while node.parent is not None:
        parent = node.parent
        if isinstance(node, exp.CTE):
            steps.append((WITH, node.alias))
            assert parent.parent is not None
            node = parent.parent
        else:
            steps.append((str(node.arg_key), node.index))
            node = parent
    return tuple(reversed(steps))


def _ways(tree: exp.Expr, place: Place) -> Iterator[exp.Expr | None]:
    node: exp.Expr | None = tree
    yield node
    for key, position in place:
        if node is None:
            return
        found = node.args.get(key)
        if key == WITH:
            tables = found.expressions if found is not None else []
            node = next((table for table in tables if table.alias == position), None)
        elif isinstance(position, int):
            node = found[position] if isinstance(found, list) and position < len(found) else None
        else:
            node = found if isinstance(found, exp.Expr) else None
        yield node


def found_at(tree: exp.Expr, place: Place) -> exp.Expr | None:
    """Return the node at a place, or None where the tree does not go there."""
    node = None
    for node in _ways(tree, place):  # noqa: B007 - the last one
        pass
    return node


def same_place(tree: exp.Expr, other: exp.Expr, place: Place) -> bool:
    """Tell whether a place holds the same in two compilations, but for constants and tables."""
    for here, there in zip(_ways(tree, place), _ways(other, place), strict=True):
        if here is None or there is None or type(here) is not type(there):
            return False
    assert here is not None
    assert there is not None
    return _shape(here) == _shape(there)


def _shape(node: exp.Expr) -> str:
    """Return a node as text in which settings, days and tables are alike."""
    # A scalar subquery reads the as-of date, which a unit test may give as a day.
    return written(node.transform(lambda n: exp.var("x") if _is_given(n) else n))


def _is_given(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        inner = node.this
        return isinstance(inner, exp.Literal | exp.Null | exp.Neg) or "NOW()" in written(inner)
    return isinstance(node, exp.Literal | exp.Null | exp.Subquery | exp.Table)
