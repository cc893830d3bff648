"""Steps that one version of a query has and the other has not, merged into those that read them.

What is told of a column is then its expression, not that it comes from a step that is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

NEEDS_NO_PARENTHESES = (exp.Column, exp.Func, exp.Case, exp.Literal, exp.Cast)
OF_ROWS = ("group", "distinct", "limit", "offset", "order", "having", "qualify", "laterals")
MERGED = ("expressions", "from_", "from", "joins", "where")


def folded(steps: Mapping[str, exp.Expr], kept: Collection[str]) -> dict[str, exp.Expr]:
    """Return the steps without those that only pass rows on to one other, but for some names."""
    left = dict(steps)
    for name in reversed(list(steps)):
        readers = [
            reader
            for reader, query in left.items()
            if any(table.name == name and not table.db for table in query.find_all(exp.Table))
        ]
        if not name or name in kept or len(readers) != 1:
            continue
        inner, outer = left[name], left[readers[0]]
        if _passes_rows_on(inner) and isinstance(outer, exp.Select) and _reads_only(outer, name):
            left[readers[0]] = _merged(outer, inner)
            del left[name]
    return left


def _passes_rows_on(query: exp.Expr) -> bool:
    return (
        isinstance(query, exp.Select)
        and not any(query.args.get(clause) for clause in OF_ROWS)
        and not any(part.find(exp.AggFunc, exp.Window) for part in query.expressions)
    )


def _reads_only(query: exp.Select, name: str) -> bool:
    source = query.args.get("from_") or query.args.get("from")
    if source is None or query.args.get("joins"):
        return False
    return isinstance(source.this, exp.Table) and source.this.name == name


def _merged(outer: exp.Select, inner: exp.Expr) -> exp.Select:
    """Return one query for two: the outer one on what the inner one reads."""
    resolve = _resolver(inner)
    merged = exp.Select()
    for part in outer.expressions:
        if isinstance(part, exp.Star):
            found = [one.copy() for one in inner.expressions]
        else:
            found = [exp.alias_(part.copy().transform(resolve), part.alias_or_name)]
        for one in found:
            merged.append("expressions", one)
    for key, value in outer.args.items():
        if key not in MERGED and isinstance(value, exp.Expr):
            merged.set(key, value.copy().transform(resolve))
    for key in ("from_", "from", "joins"):
        merged.set(key, inner.copy().args.get(key))
    filters = [
        query.args["where"].this.copy() for query in (inner, outer) if query.args.get("where")
    ]
    if outer.args.get("where"):
        filters[-1] = filters[-1].transform(resolve)
    if filters:
        merged.set("where", exp.Where(this=exp.and_(*filters)))
    return merged


def _resolver(inner: exp.Expr) -> Callable[[exp.Expr], exp.Expr]:
    """Return what puts a column's expression where its name stands."""
    columns = {part.alias_or_name.lower(): part.unalias() for part in inner.expressions}

    def resolve(node: exp.Expr) -> exp.Expr:
        found = columns.get(node.name.lower()) if isinstance(node, exp.Column) else None
        if found is None or isinstance(found, exp.Star) or found == node:
            return node
        return found.copy() if isinstance(found, NEEDS_NO_PARENTHESES) else exp.paren(found)

    return resolve
