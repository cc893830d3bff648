"""The rows of a from clause with its joins and its where.

Conditions go to the table that they speak of where that changes no rows, inner joins are a product
that is filtered, and a left join that can find no more than one row leaves the rows as they are. So
it does not matter where a condition is written, and a new left join touches only what reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.scope import Scope, Source
from marketing_analytics.review.code.terms import (
    NONE,
    Relation,
    Term,
    UnreadableError,
    digest,
    has_unique,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SIMPLE = {"", "inner", "cross", "left"}


@dataclass(slots=True)
class Item:
    """A table of a from clause, and how it is joined."""

    alias: str
    relation: Relation
    kind: str  # "" for the first, inner, cross, left, right, full …
    conditions: list[exp.Expr] = field(default_factory=list)
    using: tuple[str, ...] = ()
    is_lateral: bool = False  # reads the tables before it

    @property
    def is_kept(self) -> bool:
        """Does it multiply the rows and lose none of them?"""
        return self.kind in ("", "inner", "cross")


def joined(scope: Scope, items: list[Item], where: list[exp.Expr]) -> tuple[Scope, Relation]:
    """Return where names are looked up, and the rows; its columns stay with the sources."""
    _tell_apart(items)
    scope.merged = frozenset(name for item in items for name in item.using)
    for place, item in enumerate(items):
        item.conditions += [_equal(name, items[:place], item) for name in item.using]
    if all(item.kind in SIMPLE and not item.is_lateral for item in items):
        return _simple(scope, items, where)
    return _chain(scope, items, where)


def _tell_apart(items: list[Item]) -> None:
    """Give queries without a name one of their own; two tables of one name cannot be told apart."""
    taken: set[str] = set()
    for place, item in enumerate(items):
        item.alias = item.alias or f"query {place}"
        if item.alias in taken:
            raise UnreadableError(f"two tables are called {item.alias}")
        taken.add(item.alias)


def _equal(name: str, before: list[Item], item: Item) -> exp.Expr:
    owner = next((b for b in before if b.relation.column(name) is not None), before[0])
    return exp.EQ(this=_named(name, owner.alias), expression=_named(name, item.alias))


def _named(name: str, table: str) -> exp.Column:
    return exp.Column(
        this=exp.Identifier(this=name, quoted=True), table=exp.Identifier(this=table, quoted=True)
    )


def _local(scope: Scope, items: list[Item], node: exp.Expr) -> tuple[Term, set[str]]:
    """Return a condition in the words of its own tables, and which those are."""
    scope.sources = {item.alias: Source(item.relation) for item in items}
    scope.touched = set()
    return scope.term(node), scope.touched


def _simple(scope: Scope, items: list[Item], where: list[exp.Expr]) -> tuple[Scope, Relation]:
    by_alias = {item.alias: item for item in items}
    over_all: list[exp.Expr] = []
    for item in items:
        if item.is_kept:
            where = [*item.conditions, *where]
            item.conditions = []
    for condition in where:
        made, touched = _local(scope, items, condition)
        only = by_alias[next(iter(touched))] if len(touched) == 1 else None
        if only is not None and only.is_kept:
            only.relation = only.relation.filtered(made)
        elif made.key != "true":
            over_all.append(condition)
    for item in items:
        _push_into(scope, items, item)
    kept = [item for item in items if item.is_kept]
    sources, rows = _product(kept)
    for item in items:
        if not item.is_kept:
            rows = _left(scope, items, sources, item, rows)
    scope.sources = {item.alias: sources[item.alias] for item in items}
    for condition in over_all:
        rows = rows.filtered(scope.term(condition))
    return scope, rows


def _push_into(scope: Scope, items: list[Item], item: Item) -> None:
    rest = []
    for condition in item.conditions:
        made, touched = _local(scope, items, condition)
        if touched == {item.alias}:
            item.relation = item.relation.filtered(made)
        elif made.key != "true":
            rest.append(condition)
    item.conditions = rest


def _product(kept: list[Item]) -> tuple[dict[str, Source], Relation]:
    if len(kept) == 1:
        return {kept[0].alias: Source(kept[0].relation)}, kept[0].relation
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for item in kept:
        key = item.relation.rows
        counts[key] = counts.get(key, 0) + 1
        names[item.alias] = digest("from", key, str(counts[key]))
    sources = {item.alias: Source(item.relation, _at(names[item.alias])) for item in kept}
    reads = NONE.union(*(item.relation.reads for item in kept))
    unstable = next((i.relation.unstable for i in kept if i.relation.unstable), None)
    core = digest("product", *sorted(names.values()))
    return sources, Relation(core=core, columns={}, reads=reads, unstable=unstable)


def _at(
    name: str, reads: frozenset[tuple[str, str]] = NONE, unstable: str | None = None
) -> Callable[[Term], Term]:
    def reword(term: Term) -> Term:
        return replace(
            term,
            key=digest("of", name, term.key),
            reads=term.reads | reads,
            unstable=term.unstable or unstable,
            picks=None,
        )

    return reword


def _left(
    scope: Scope, items: list[Item], sources: dict[str, Source], item: Item, rows: Relation
) -> Relation:
    scope.sources = {**sources, item.alias: Source(item.relation, _at("this"))}
    conditions = [scope.term(condition) for condition in item.conditions]
    is_single = has_unique(item.relation, _equalled(scope, items, item))
    name = digest("left", item.relation.rows, *sorted(t.key for t in conditions))
    reads = item.relation.reads.union(*(t.reads for t in conditions))
    if not is_single:
        several = sum(1 for source in sources.values() if source.is_several)
        name = digest("joined", name, str(several))
        rows = replace(
            rows,
            core=digest("left join", rows.rows, name),
            filters=frozenset(),
            reads=rows.reads | reads,
            unique=frozenset(),
            numbered=frozenset(),
            unstable=rows.unstable or item.relation.unstable,
        )
    reword = _at(name, reads, item.relation.unstable)
    sources[item.alias] = Source(item.relation, reword, is_several=not is_single)
    return rows


def _equalled(scope: Scope, items: list[Item], item: Item) -> frozenset[str]:
    """Return which of a table's columns a join sets equal to something of the tables before it."""
    found = set()
    for condition in item.conditions:
        if not isinstance(condition, exp.EQ):
            continue
        sides = [_local(scope, items, side) for side in (condition.this, condition.expression)]
        for (one, own), (_, other) in (sides, sides[::-1]):
            if own == {item.alias} and item.alias not in other:
                found.add(one.key)
    return frozenset(found)


def _chain(scope: Scope, items: list[Item], where: list[exp.Expr]) -> tuple[Scope, Relation]:
    parts: list[str] = []
    reads = NONE
    unstable = None
    scope.sources = {}
    for place, item in enumerate(items):
        name = digest("table", str(place), item.relation.rows)
        scope.sources[item.alias] = Source(item.relation, _at(name))
        conditions = [scope.term(condition) for condition in item.conditions]
        parts += [item.kind, ",".join(item.using), name, *sorted(t.key for t in conditions)]
        reads = reads.union(item.relation.reads, *(t.reads for t in conditions))
        unstable = unstable or item.relation.unstable
    for item in items:
        if item.kind in ("semi", "anti"):
            del scope.sources[item.alias]
    rows = Relation(core=digest("joins", *parts), columns={}, reads=reads, unstable=unstable)
    for condition in where:
        rows = rows.filtered(scope.term(condition))
    return scope, rows
