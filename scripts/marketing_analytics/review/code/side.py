"""One side of a review: the queries of its models, read when they are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from marketing_analytics.review.code.names import Names
from marketing_analytics.review.code.query import Reader
from marketing_analytics.review.code.stability import MAY_BE_UNSTABLE
from marketing_analytics.review.code.terms import (
    ROWS,
    Relation,
    UnreadableError,
    leaf,
    quoted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.artifacts import Build, Node
    from marketing_analytics.review.code.comparisons import Comparison

LONGEST_REASON = 100
# A tree of an unforeseen shape makes a model unknown; it does not stop the review.
UNFORESEEN = (SqlglotError, RecursionError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model selects and what it compares columns with."""

    relation: Relation
    comparisons: tuple[Comparison, ...]


class Side:
    """The models of a build as queries.

    `derived` are the nodes whose columns are taken from their own SQL, not from the database, and
    `inlined` those that are read as if their SQL stood where they are read; `ids` gives nodes the
    unique id by which the other side knows them; `moments` are texts of the compiled SQL that are
    the time of the build.
    """

    def __init__(
        self,
        build: Build,
        types: Mapping[str, Mapping[str, str]],
        *,
        derived: frozenset[str] = frozenset(),
        inlined: frozenset[str] = frozenset(),
        ids: Mapping[str, str] | None = None,
        moments: frozenset[str] = frozenset(),
        other_code: Mapping[str, str | None] | None = None,
    ) -> None:
        self.build = build
        self.types = {name.lower(): columns for name, columns in types.items()}
        self.derived = derived
        self.inlined = inlined
        self.ids = ids or {}
        self.moments = moments
        self.other_code = other_code or {}
        self._readings: dict[str, Reading | str] = {}
        self._trees: dict[str, exp.Expr | str] = {}
        self._leaves: dict[str, Relation] = {}
        self._open: set[str] = set()
        self._unstable: dict[str, bool] = {}

    @cached_property
    def names(self) -> Names:
        """How names are compared."""
        return Names(self.build.adapter)

    @cached_property
    def _by_relation(self) -> dict[str, str]:
        return {node.relation.lower(): uid for uid, node in self.build.nodes.items()}

    def code(self, uid: str) -> str | None:
        """Return the compiled SQL of a node; where a build left it out, that of the other."""
        return self.build.nodes[uid].compiled_code or self.other_code.get(uid)

    def tree(self, uid: str) -> exp.Expr:
        """Return the syntax tree of a node's SQL."""
        if uid not in self._trees:
            self._trees[uid] = self._parsed(uid)
        found = self._trees[uid]
        if isinstance(found, str):
            raise UnreadableError(found)
        return found

    def _parsed(self, uid: str) -> exp.Expr | str:
        code = self.code(uid)
        if code is None:
            return "it was not compiled"
        if not self.names.is_known:
            return f"the SQL of {self.build.adapter} is not known"
        try:
            tree = sqlglot.parse_one(code, dialect=self.names.dialect)
        except (SqlglotError, RecursionError) as error:
            return _first_line(error)
        return tree if isinstance(tree, exp.Query) else f"it is no query but {tree.key}"

    def reading(self, uid: str) -> Reading:
        """Return what a node selects. Raises UnreadableError with the reason where that fails."""
        if uid not in self._readings:
            self._readings[uid] = self._read(uid)
        found = self._readings[uid]
        if isinstance(found, str):
            raise UnreadableError(found)
        return found

    def known(self, uid: str) -> Relation | None:
        """Return what a node selects, None where that could not be read to its last column."""
        try:
            relation = self.reading(uid).relation
        except UnreadableError:
            return None
        return None if relation.is_open else relation

    def _read(self, uid: str) -> Reading | str:
        if uid in self._open:
            return "it reads itself"
        self._open.add(uid)
        try:
            reader = Reader(self.names, self.table, self.moments)
            relation = reader.query(self.tree(uid), {})
            return Reading(relation, reader.comparisons.found)
        except UnreadableError as error:
            return str(error)
        except UNFORESEEN as error:
            return f"{type(error).__name__}: {_first_line(error)}"
        finally:
            self._open.discard(uid)

    def table(self, node: exp.Table) -> Relation:
        """Return a table of the database that a query reads."""
        return self.relation_of(self.node_of(node) or self.source_of(node))

    def node_of(self, table: exp.Table) -> str | None:
        """Return the unique id of the node that a name means."""
        return self._by_relation.get(self.source_of(table))

    def source_of(self, table: exp.Table) -> str:
        """Return schema.table, as the types name it."""
        return f"{table.db}.{table.name}".lower().lstrip(".")

    def relation_of(self, uid: str) -> Relation:
        """Return a table of the database by unique id, or by name where no node made it."""
        if uid not in self._leaves:
            self._leaves[uid] = self._leaf(uid)
        return self._leaves[uid]

    def _leaf(self, uid: str) -> Relation:
        node = self.build.nodes.get(uid)
        if uid in self.inlined:
            return self.reading(uid).relation
        ident = self.ids.get(uid, uid)
        columns = self._columns(uid, node)
        reasons = self._reasons(uid) if self.may_be_unstable(uid) else {}
        terms = {name: leaf(ident, name, reasons.get(name)) for name in columns or ()}
        key = [] if node is None else [self.names.stored(column) for column in node.primary_key]
        is_known = bool(key) and all(name in terms for name in key)
        keys = frozenset(terms[name].key for name in key if name in terms)
        return Relation(
            core=quoted(ident),
            columns=terms,
            reads=frozenset({(ident, ROWS)}),
            unique=frozenset({keys}) if is_known else frozenset(),
            is_open=columns is None,
            table=ident,
        )

    def _columns(self, uid: str, node: Node | None) -> list[str] | None:
        """Return the columns of a table in order, None where nothing says which it has."""
        if node is not None and uid in self.derived and node.kind != "seed":
            try:
                return _listed(self.reading(uid).relation)
            except UnreadableError:
                pass
        listed = self.types.get(uid if node is None else node.relation.lower())
        if listed:
            return [self.names.stored(name) for name in listed]
        if node is None:
            return None
        try:
            return _listed(self.reading(uid).relation)
        except UnreadableError:
            return [self.names.stored(name) for name in node.columns] or None

    def _reasons(self, uid: str) -> dict[str, str]:
        relation = self.known(uid)
        if relation is None:
            return {}
        return {
            name: reason for name, term in relation.columns.items() if (reason := term.unstable)
        }

    def may_be_unstable(self, uid: str) -> bool:
        """Does the SQL of a node, or of what it reads, name the clock, chance or the build?"""
        node = self.build.nodes.get(uid)
        if node is None:
            return False
        if uid not in self._unstable:
            self._unstable[uid] = False
            code = self.code(uid) or ""
            self._unstable[uid] = (
                bool(MAY_BE_UNSTABLE.search(code))
                or any(moment in code for moment in self.moments)
                or uid in self.derived
                or any(self.may_be_unstable(parent) for parent in node.depends_on)
            )
        return self._unstable[uid]

    def readable_names(self, uid: str) -> dict[str, str]:
        """Return how the database writes a node's columns, by the name they are looked up by."""
        node = self.build.nodes[uid]
        listed = self.types.get(node.relation.lower()) or node.columns
        return {self.names.stored(name): name for name in listed}


def _listed(relation: Relation) -> list[str] | None:
    return None if relation.is_open else list(relation.columns)


def _first_line(error: BaseException) -> str:
    text = re.sub(r"\x1b\[\d+m", "", str(error)).strip().split("\n")[0]
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"
