"""A select, clause by clause, with tables by name instead of alias, so that two can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.conditions import conjuncts
from marketing_analytics.review.code.from_clause import join_kind
from marketing_analytics.review.code.wording import fragment

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Join:
    """How a table is joined, and on what."""

    kind: str
    on: tuple[exp.Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """The clauses of a select; `groups` is None where nothing is grouped."""

    distinct: str
    columns: Mapping[str, exp.Expr]
    source: str
    joins: Mapping[str, Join]
    where: tuple[exp.Expr, ...]
    groups: tuple[str, ...] | None
    having: tuple[exp.Expr, ...]
    qualify: tuple[exp.Expr, ...]
    order: str
    limit: str


def clauses(select: exp.Select, imports: Mapping[str, str], dialect: str) -> Clauses:
    """Return the clauses of a select. `imports` are steps that only read a table, by name."""
    names = _names(select, imports)
    select = _with_names(select, names)
    source = select.args.get("from_") or select.args.get("from")
    distinct = select.args.get("distinct")
    limit = select.args.get("limit")
    return Clauses(
        distinct="" if distinct is None else fragment(distinct, dialect),
        columns=_columns(select, dialect),
        source="" if source is None else _table(source.this, names, dialect),
        joins=_joins(select, names, dialect),
        where=_all(select, "where"),
        groups=_groups(select, dialect),
        having=_all(select, "having"),
        qualify=_all(select, "qualify"),
        order=", ".join(fragment(part, dialect) for part in _expressions(select.args.get("order"))),
        limit="" if limit is None else fragment(limit.expression or limit, dialect),
    )


def _sources(select: exp.Select) -> list[exp.Expr]:
    first = select.args.get("from_") or select.args.get("from")
    found = [] if first is None else [first.this]
    return found + [join.this for join in select.args.get("joins") or []]


def _names(select: exp.Select, imports: Mapping[str, str]) -> dict[str, str]:
    """Return the names of tables by alias; an alias stays where a table is read twice."""
    by_alias = {}
    for source in _sources(select):
        if isinstance(source, exp.Table):
            name = source.name.rpartition(".")[2]
            by_alias[source.alias_or_name] = imports.get(name, name)
    names = list(by_alias.values())
    return {a: n if names.count(n) == 1 else a for a, n in by_alias.items()}


def _with_names(select: exp.Select, names: Mapping[str, str]) -> exp.Select:
    sources = _sources(select)
    first = names.get(sources[0].alias_or_name) if sources else None
    is_single = len(sources) == 1

    def rename(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            table = names.get(node.table, node.table)
            if is_single or table == first:
                return exp.Column(this=node.this)
            if table:
                return exp.Column(this=node.this, table=exp.to_identifier(table))
        return node

    renamed = select.transform(rename)
    return renamed if isinstance(renamed, exp.Select) else select


def _table(source: exp.Expr, names: Mapping[str, str], dialect: str) -> str:
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        return names.get(source.alias_or_name, source.name)
    return source.alias or fragment(source, dialect)


def _columns(select: exp.Select, dialect: str) -> dict[str, exp.Expr]:
    found: dict[str, exp.Expr] = {}
    for part in select.expressions:
        inner = part.this if isinstance(part, exp.Alias) else part
        is_star = isinstance(part, exp.Star) or isinstance(inner.args.get("this"), exp.Star)
        name = part.alias_or_name if not is_star else part.sql(dialect)
        found[name or fragment(part, dialect)] = inner
    return found


def _joins(select: exp.Select, names: Mapping[str, str], dialect: str) -> dict[str, Join]:
    found = {}
    for join in select.args.get("joins") or []:
        on = join.args.get("on")
        using = [exp.column(part.name) for part in join.args.get("using") or []]
        conditions = [] if on is None else conjuncts(on)
        name = _table(join.this, names, dialect)
        found[name] = Join(join_kind(join), tuple([*conditions, *using]))
    return found


def _all(select: exp.Select, clause: str) -> tuple[exp.Expr, ...]:
    found = select.args.get(clause)
    return () if found is None else tuple(conjuncts(found.this))


def _expressions(node: exp.Expr | None) -> list[exp.Expr]:
    return [] if node is None else node.expressions


def _groups(select: exp.Select, dialect: str) -> tuple[str, ...] | None:
    group = select.args.get("group")
    if group is None:
        return None
    found = []
    for part in group.expressions:
        if isinstance(part, exp.Literal) and str(part.this).isdigit():
            place = int(part.this) - 1
            if place < len(select.expressions):
                found.append(select.expressions[place].alias_or_name or fragment(part, dialect))
                continue
        found.append(fragment(part, dialect))
    return tuple(found)
