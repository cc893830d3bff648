"""Reads a query: the rows it selects and what its columns mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code import from_clause
from marketing_analytics.review.code.comparisons import Comparisons
from marketing_analytics.review.code.conditions import conjuncts
from marketing_analytics.review.code.functions import aggregates
from marketing_analytics.review.code.joins import joined
from marketing_analytics.review.code.names import Names
from marketing_analytics.review.code.parts import check
from marketing_analytics.review.code.rows import distinct_rows, first_rows, set_operation
from marketing_analytics.review.code.scope import Scope, Source
from marketing_analytics.review.code.terms import (
    Relation,
    Term,
    UnreadableError,
    combined,
    digest,
    may_tie,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Reader:
    """Reads one query. `table` gives a table of the database by its schema and name."""

    def __init__(
        self,
        names: Names,
        table: Callable[[exp.Table], Relation],
        moments: frozenset[str] = frozenset(),
    ) -> None:
        self.names = names
        self.dialect = names.dialect
        self.table = table
        self.moments = moments
        self.comparisons = Comparisons()
        self._selects = 0

    def name(self, identifier: exp.Expr) -> str:
        """Return a name as the database compares names."""
        return self.names.of(identifier)

    def query(
        self, node: exp.Expr, ctes: Mapping[str, Relation], outer: Scope | None = None
    ) -> Relation:
        """Return the rows and columns of a query."""
        check(node)
        ctes = self._with(node, ctes, outer)
        around = self.comparisons.select
        try:
            return self._query(node, ctes, outer)
        finally:
            self.comparisons.select = around

    def _query(self, node: exp.Expr, ctes: Mapping[str, Relation], outer: Scope | None) -> Relation:
        if isinstance(node, exp.Subquery):
            inner = self.query(node.this, ctes, outer)
            return self._ended(node, inner, Scope(self, {}, ctes, outer))
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, ctes, outer)
        if isinstance(node, exp.Select):
            return self._select(node, ctes, outer)
        if isinstance(node, exp.Values):
            return from_clause.values(node, Scope(self, {}, ctes, outer))
        if isinstance(node, exp.Table):  # `from t` without a select
            return from_clause.item(node, Scope(self, {}, ctes, outer)).relation
        raise UnreadableError(f"{node.key} is not a query")

    def _with(
        self, node: exp.Expr, ctes: Mapping[str, Relation], outer: Scope | None
    ) -> Mapping[str, Relation]:
        clause = node.args.get("with_") or node.args.get("with")
        if clause is None:
            return ctes
        known = dict(ctes)
        for cte in clause.expressions:
            name = self.name(cte.args["alias"].this)
            if clause.args.get("recursive") and _reads_itself(cte):
                found = self._recursive(cte, name, known, outer)
            else:
                found = self.query(cte.this, known, outer)
            known[name] = from_clause.with_names(found, cte.args["alias"], self)
        return known

    def _recursive(
        self, cte: exp.CTE, name: str, ctes: Mapping[str, Relation], outer: Scope | None
    ) -> Relation:
        if not isinstance(cte.this, exp.SetOperation):
            raise UnreadableError(f"{name} reads itself without a union")
        anchor = from_clause.with_names(
            self.query(cte.this.this, ctes, outer), cte.args["alias"], self
        )
        steps = replace(
            anchor,
            core=digest("steps of", name),
            filters=frozenset(),
            unique=frozenset(),
            columns={n: replace(t, key=f"step {n}") for n, t in anchor.columns.items()},
        )
        whole = self.query(cte.this, {**ctes, name: steps}, outer)
        reads = whole.reads.union(*(t.reads for t in whole.columns.values()))
        core = digest("recursion", whole.rows, *(t.key for t in whole.columns.values()))
        return replace(
            whole,
            core=core,
            filters=frozenset(),
            reads=reads,
            columns={n: replace(t, reads=reads) for n, t in whole.columns.items()},
        )

    def _set_operation(
        self, node: exp.SetOperation, ctes: Mapping[str, Relation], outer: Scope | None
    ) -> Relation:
        sides = [self.query(side, ctes, outer) for side in (node.this, node.expression)]
        whole = set_operation(node, sides[0], sides[1])
        scope = Scope(self, {}, ctes, outer, relation=whole)
        return self._ended(node, whole, scope)

    def _select(
        self, node: exp.Select, ctes: Mapping[str, Relation], outer: Scope | None
    ) -> Relation:
        self._selects += 1
        number = self._selects
        scope = Scope(self, {}, ctes, outer)
        items = from_clause.items(node, scope)
        self.comparisons.select = number
        where = node.args.get("where")
        scope.aliases = {
            self.name(part.args["alias"]): part.this
            for part in node.expressions
            if isinstance(part, exp.Alias)
        }
        for window in node.args.get("windows") or []:
            scope.windows[self.name(window.this)] = window
        scope, rows = joined(scope, items, conjuncts(where.this if where is not None else None))
        scope.source = scope.relation = rows
        is_open = len(items) == 1 and rows.is_open and from_clause.is_star(node)
        outputs = {} if is_open else from_clause.outputs(node, scope, items)
        rows = self._grouped(node, scope, rows, outputs)
        scope.relation = rows
        columns = {
            name: value if isinstance(value, Term) else scope.term(value)
            for name, value in outputs.items()
        }
        rows = replace(rows, columns=columns, is_open=is_open, parts=())
        qualify = node.args.get("qualify")
        kept = conjuncts(qualify.this if qualify is not None else None)
        conditions = [scope.term(condition) for condition in kept]
        rows = replace(rows, numbered=rows.numbered | scope.numbered)
        for condition in conditions:
            rows = rows.filtered(condition)
        scope.aliases_first = True
        distinct = node.args.get("distinct")
        if distinct is not None:
            on = distinct.args.get("on")
            if on is not None:
                picked = [scope.term(part) for part in (on.expressions or [on])]
                rows = first_rows(rows, picked, self._order(node, scope))
            else:
                rows = distinct_rows(rows, "distinct")
        return self._ended(node, rows, scope)

    def _grouped(
        self,
        node: exp.Select,
        scope: Scope,
        rows: Relation,
        outputs: Mapping[str, exp.Expr | Term],
    ) -> Relation:
        group, having = node.args.get("group"), node.args.get("having")
        written = [part for part in outputs.values() if isinstance(part, exp.Expr)]
        if group is None and having is None and not any(aggregates(part) for part in written):
            return rows
        keys, others = from_clause.group_keys(group, scope, list(outputs.values()))
        names = frozenset(term.key for term in keys)
        terms = [*keys, *others]
        core = digest("group", rows.rows, *sorted(names), *(term.key for term in others))
        made = combined(core, terms)
        scope.core, scope.group_keys = core, names
        grouped = Relation(
            core=core,
            columns={},
            reads=rows.reads | made.reads,
            unique=frozenset() if others else frozenset({names}),
            unstable=rows.unstable,
        )
        scope.relation = grouped
        for condition in conjuncts(having.this if having is not None else None):
            grouped = grouped.filtered(scope.term(condition))
        return grouped

    def _order(self, node: exp.Expr, scope: Scope) -> list[Term]:
        order = node.args.get("order")
        if order is None:
            return []
        columns = list(scope.relation.columns.values()) if scope.relation is not None else []
        found = []
        for part in order.expressions:
            if isinstance(part.this, exp.Literal) and not part.this.args.get("is_string"):
                place = int(part.this.this) - 1
                if place < len(columns):
                    found.append(replace(columns[place], key=digest("by", columns[place].key, "")))
                    continue
            found.append(scope.term(part))
        return found

    def _ended(self, node: exp.Expr, rows: Relation, scope: Scope) -> Relation:
        """Return rows after limit and offset; an order alone does not change them."""
        limit, offset = node.args.get("limit"), node.args.get("offset")
        if limit is None and offset is None:
            return rows
        scope.relation = rows
        if not scope.sources:
            scope.sources = {"": Source(rows)}
        order = self._order(node, scope)
        made = combined("", order)
        ends = [part.sql(self.dialect).lower() for part in (limit, offset) if part is not None]
        unstable = rows.unstable or made.unstable
        if not order:
            unstable = unstable or "limit has no order"
        elif may_tie(rows, frozenset(_ordered_keys(node, scope))):
            unstable = unstable or "the order before limit may tie"
        return replace(
            rows,
            core=digest("limit", rows.rows, *(t.key for t in order), *ends),
            filters=frozenset(),
            reads=rows.reads | made.reads,
            unstable=unstable,
            parts=(),
        )


def _ordered_keys(node: exp.Expr, scope: Scope) -> list[str]:
    columns = list(scope.relation.columns.values()) if scope.relation is not None else []
    keys = []
    for part in node.args["order"].expressions:
        if isinstance(part.this, exp.Literal) and str(part.this.this).isdigit():
            keys.append(columns[int(part.this.this) - 1].key)
        else:
            keys.append(scope.term(part.this).key)
    return keys


def _reads_itself(cte: exp.CTE) -> bool:
    name = cte.alias.lower()
    return any(
        table.name.lower() == name and not table.db for table in cte.this.find_all(exp.Table)
    )
