"""Rows made of rows: unions, distinct ones, the first of each key."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from marketing_analytics.review.code.terms import (
    NONE,
    Relation,
    Term,
    UnreadableError,
    combined,
    digest,
)


def set_operation(node: exp.SetOperation, left: Relation, right: Relation) -> Relation:
    """Return the union of two queries, or what one has and the other has not."""
    if len(left.columns) != len(right.columns):
        raise UnreadableError("the sides of a union have different numbers of columns")
    is_distinct = bool(node.args.get("distinct"))
    is_union = isinstance(node, exp.Union)
    kind = f"{node.key} {'distinct' if is_distinct else 'all'}"
    parts = [left, right]
    if is_union:
        parts = [*_branches(left, kind), *_branches(right, kind)]
        parts.sort(key=lambda part: (part.rows, _labels(part)))
    columns = {}
    for place, name in enumerate(left.columns):
        terms = [list(part.columns.values())[place] for part in parts]
        key = digest("either", *(term.key for term in terms))
        columns[name] = combined(key, terms, NONE.union(*(t.values for t in terms)))
    whole = Relation(
        core=digest(kind, *(part.rows for part in parts)),
        columns=columns,
        reads=NONE.union(*(part.reads for part in parts)),
        unstable=next((part.unstable for part in parts if part.unstable), None),
        parts=tuple(parts) if is_union else (),
        kind=kind,
    )
    return distinct_rows(whole, kind) if is_distinct or not is_union else whole


def _branches(relation: Relation, kind: str) -> list[Relation]:
    """Return the parts of a union of the same kind, else the relation itself."""
    return list(relation.parts) if relation.parts and relation.kind == kind else [relation]


def _labels(relation: Relation) -> tuple[str, ...]:
    """Return the constants among the columns: what tells the parts of a union apart."""
    return tuple("" if term.reads else term.key for term in relation.columns.values())


def distinct_rows(rows: Relation, kind: str) -> Relation:
    """Return the rows that differ in any column, once each."""
    terms = list(rows.columns.values())
    keys = frozenset(term.key for term in terms)
    return replace(
        rows,
        core=digest(kind, rows.rows, *sorted(keys)),
        filters=frozenset(),
        reads=rows.reads.union(*(term.reads for term in terms)),
        unique=rows.unique | {keys},
        numbered=frozenset(),
        parts=(),
    )


def first_rows(rows: Relation, within: list[Term], order: list[Term]) -> Relation:
    """Return one row for each of some keys."""
    keys = frozenset(term.key for term in within)
    return replace(
        rows,
        core=digest("distinct on", rows.rows, *sorted(keys), "by", *(t.key for t in order)),
        filters=frozenset(),
        reads=rows.reads.union(*(term.reads for term in [*within, *order])),
        unique=rows.unique | {keys},
        numbered=frozenset(),
        parts=(),
    )
