"""What names mean at a place in a query."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code import expressions
from marketing_analytics.review.code.terms import (
    NONE,
    Relation,
    Term,
    UnreadableError,
    combined,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketing_analytics.review.code.comparisons import Comparisons
    from marketing_analytics.review.code.query import Reader


@dataclass(slots=True)
class Source:
    """A table of a from clause; `reword` turns its columns into those of the joined rows.

    `is_several` is set where a left join may find several of its rows.
    """

    relation: Relation
    reword: Callable[[Term], Term] | None = None
    is_several: bool = False

    def column(self, name: str) -> Term | None:
        """Return a column of it as the joined rows have it."""
        found = self.relation.column(name)
        return self.reword(found) if found is not None and self.reword is not None else found


@dataclass(slots=True)
class Scope:
    """The sources of a select, its aliases, and what surrounds it.

    `source` has the rows before they are grouped, `relation` those that windows see; `core` is the
    key of the groups, None where nothing is grouped.
    """

    reader: Reader
    sources: dict[str, Source]
    ctes: Mapping[str, Relation]
    outer: Scope | None = None
    merged: frozenset[str] = frozenset()  # names of using (…)
    aliases: dict[str, exp.Expr] = field(default_factory=dict)
    windows: dict[str, exp.Expr] = field(default_factory=dict)
    aliases_first: bool = False
    source: Relation | None = None
    relation: Relation | None = None
    core: str | None = None
    group_keys: frozenset[str] = frozenset()
    windowed: set[int] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    parameters: list[str] = field(default_factory=list)  # of lambdas
    resolving: set[str] = field(default_factory=set)

    @property
    def dialect(self) -> str:
        """The dialect of the query."""
        return self.reader.dialect

    @property
    def moments(self) -> frozenset[str]:
        """Texts that stand for the moment of the build."""
        return self.reader.moments

    @property
    def comparisons(self) -> Comparisons:
        """What columns are compared with."""
        return self.reader.comparisons

    def name(self, identifier: exp.Expr) -> str:
        """Return a name as the database compares names."""
        return self.reader.name(identifier)

    def term(self, node: exp.Expr) -> Term:
        """Return what an expression means here."""
        return expressions.term(node, self)

    def query(self, node: exp.Expr) -> Relation:
        """Return a query within this one, which may read this one's columns."""
        return self.reader.query(node, self.ctes, self)

    def scalar(self, node: exp.Expr) -> Term:
        """Return the value of a query of one row."""
        rows = self.query(node)
        first = next(iter(rows.columns.values()))
        made = combined(digest("value of", rows.rows, first.key), [first], first.values)
        return replace(made, reads=made.reads | rows.reads, unstable=made.unstable or rows.unstable)

    def lambda_term(self, node: exp.Expr) -> Term:
        """Return an anonymous function."""
        names = [self.name(part) for part in node.expressions]
        self.parameters += names
        inner = self.term(node.this)
        del self.parameters[len(self.parameters) - len(names) :]
        return replace(inner, key=digest("lambda", *names, inner.key), values=NONE)

    def named_window(self, node: exp.Expr) -> exp.Expr:
        """Return a window with the definition that it names."""
        named = self.windows.get(self.name(node.args["alias"]))
        if named is None:
            raise UnreadableError(f"there is no window {node.args['alias'].name}")
        filled = node.copy()
        filled.set("alias", None)
        for part in ("partition_by", "order", "spec"):
            if not filled.args.get(part):
                filled.set(part, named.args.get(part))
        return filled

    def column(self, node: exp.Expr) -> Term:
        """Return the column that a name means: of the sources, an alias, or of the query around."""
        if isinstance(node, exp.Dot):
            inner = self.term(node.this)
            return combined(digest("field", inner.key, node.expression.sql().lower()), [inner])
        if isinstance(node.this, exp.Star):
            return Term("*")
        if not isinstance(node, exp.Column):
            raise UnreadableError(f"{node.key} in place of a column")
        if node.args.get("join_mark"):
            raise UnreadableError("an outer join by (+)")
        names = [self.name(part) for part in node.parts]
        found = self._qualified(names) if len(names) > 1 else self._plain(names[0])
        if found is None and self.outer is not None:
            inner = self.outer.column(node)
            found = replace(inner, key=digest("outer", inner.key))
        if found is None:
            raise UnreadableError(f"there is no column {'.'.join(names)}")
        return found

    def _qualified(self, names: list[str]) -> Term | None:
        for place in range(len(names) - 1, 0, -1):
            source = self.sources.get(names[place - 1])
            found = source.column(names[place]) if source is not None else None
            if found is not None:
                self.touched.add(names[place - 1])
                return _fields(found, names[place + 1 :])
        found = None if names[0] in self.sources else self._plain(names[0])
        return None if found is None else _fields(found, names[1:])

    def _plain(self, name: str) -> Term | None:
        if name in self.parameters:
            return Term(f"parameter {name}")
        if self.aliases_first and name in self.aliases:
            return self._alias(name)
        found = self._of_sources(name)
        return self._alias(name) if found is None else found

    def _of_sources(self, name: str) -> Term | None:
        having = [a for a, s in self.sources.items() if name in s.relation.columns]
        if not having:
            having = [a for a, s in self.sources.items() if s.relation.is_open]
        if not having:
            return None
        if len(having) > 1 and name not in self.merged:
            raise UnreadableError(f"{name} may be of {' or '.join(having)}")
        self.touched.add(having[0])
        return self.sources[having[0]].column(name)

    def _alias(self, name: str) -> Term | None:
        if name not in self.aliases or name in self.resolving:
            return None
        self.resolving.add(name)
        try:
            return self.term(self.aliases[name])
        finally:
            self.resolving.discard(name)


def _fields(term: Term, names: list[str]) -> Term:
    if not names:
        return term
    return combined(digest("field", term.key, *names), [term])
