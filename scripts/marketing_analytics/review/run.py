"""Puts the findings of a review together: code, data, readers, tests, cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.changed_tests import changed_tests
from marketing_analytics.review.cost import Price, cost, no_price, schedule_of, schedule_text
from marketing_analytics.review.data.compare import compare_tables, listed_values
from marketing_analytics.review.data.latest import latest_as_of_date
from marketing_analytics.review.data.session import BASE, HEAD
from marketing_analytics.review.findings import Change, CodeChange, Findings, NodeReview
from marketing_analytics.review.reach import (
    edges,
    exposure_reviews,
    fed_exposures,
    in_order,
    levels,
    metrics,
)
from marketing_analytics.review.schema import schema_changes
from marketing_analytics.review.selection import select

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from marketing_analytics.review.artifacts import Build, Node, Result
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.findings import DataChange, SchemaChange

RULED_OUT = "left out by the rules"
TWO_BUILDS = "differs between two builds of the same code"
OWN = frozenset(Change) - {Change.UPSTREAM, Change.NONE}
TextsByNode = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a review starts from: two builds, a connection to both, and what to leave out."""

    base: Build
    head: Build
    session: Session
    base_name: str
    head_name: str
    is_ignored: Callable[[str, str], bool] = lambda _model, _column: False
    price: Price = no_price
    noise: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of a second build
    projects: tuple[Path, Path] | None = None


def collect(given: Given) -> Findings:
    """Compare both builds and say what was found, before any rule judges it."""
    return _Collection(given).findings()


class _Collection:
    def __init__(self, given: Given) -> None:
        # Reading SQL takes half a second to import, and other commands do without it.
        from marketing_analytics.review.code import (  # noqa: PLC0415
            Readers,
            code_changes,
            enumeration_gaps,
            is_certain,
        )

        self.given = given
        self.base, self.head = given.base, given.head
        self.base_types = given.session.types(BASE)
        self.head_types = given.session.types(HEAD)
        self.types = {**self.base_types, **self.head_types}
        self.code = code_changes(self.base, self.head, self.types, given.projects)
        self.renamed = {
            change.renamed_from: id_
            for id_, change in self.code.items()
            if change.renamed_from is not None
        }
        self.readers = Readers(self.base, {**self.head_types, **self.base_types})
        self.find_gaps, self.is_certain = enumeration_gaps, is_certain
        self.selected = select(self.base, self.head)
        self.reviews: dict[str, NodeReview] = {}
        self.values: dict[tuple[str, str], tuple[set[str], set[str]]] = {}

    def findings(self) -> Findings:
        """Look at every node that the change touches or reaches, parents first."""
        nodes = (self.selected.affected | self.code.keys()) - self.renamed.keys()
        changed = {id_ for id_ in nodes if self._change(id_).change in OWN}
        self.levels = levels(self.base, self.head, changed)
        gone = sorted(nodes - self.head.nodes.keys())
        for id_ in [*gone, *in_order(self.head, nodes & self.head.nodes.keys())]:
            self.reviews[id_] = self._review(id_)
        exposures = exposure_reviews(self.base, self.head, self.reviews)
        shown = [exposure.unique_id for exposure in exposures]
        return Findings(
            base=self.given.base_name,
            head=self.given.head_name,
            target=self.head.target or self.base.target,
            as_of=latest_as_of_date(
                self.given.session,
                HEAD,
                {
                    node.relation: self.head_types.get(node.relation, {})
                    for node in self.head.nodes.values()
                },
            ),
            nodes=tuple(sorted(self.reviews.values(), key=lambda node: (node.level, node.name))),
            exposures=exposures,
            metrics=metrics(self.base, self.head, self.reviews),
            tests=changed_tests(self.base, self.head, self.reviews, self.renamed, self._dashboards),
            gaps=self.find_gaps(self.base, self.head, self.values, self.types),
            noise={
                id_: review.data.ignored
                for id_, review in sorted(self.reviews.items())
                if review.data is not None and review.data.ignored
            },
            edges=edges(self.base, self.head, self.reviews, shown),
        )

    def _change(self, id_: str) -> CodeChange:
        """Return what happened to the code; what nobody can say of a changed node is unknown."""
        if id_ in self.code:
            return self.code[id_]
        is_own = id_ in self.selected.changed
        return CodeChange(change=Change.UNKNOWN if is_own else Change.UPSTREAM, columns=None)

    def _review(self, id_: str) -> NodeReview:
        change = self._change(id_)
        before = self.base.nodes.get(change.renamed_from or id_)
        after = self.head.nodes.get(id_)
        node = after or before
        assert node is not None
        schema: tuple[SchemaChange, ...] = ()
        data, why_not = None, None
        if before is not None and after is not None:
            why_not = self._why_not(before, after)
            if why_not is None:
                schema = self._schema(before, after)
                if not self._is_as_it_was(id_, change):
                    data = self._data(before, after, change)
                    self._note_values(before, after, schema, data)
        elif after is not None:
            why_not = self._is_missing(after, self.head, self.head_types, "head")
        schedule = schedule_of(node, self.head if after else self.base)
        return NodeReview(
            unique_id=id_,
            name=node.name,
            kind=node.kind,
            path=node.path,
            level=self.levels.get(id_, 0),
            code=change,
            schema=schema,
            data=data,
            not_compared=why_not,
            cost=cost(
                self.base.results.get(change.renamed_from or id_),
                self.head.results.get(id_),
                schedule,
                self.given.price,
            ),
            tags=node.tags,
            owner=node.meta.get("owner"),
            schedule=schedule_text(schedule),
            description=node.description,
            column_descriptions={name: column.description for name, column in node.columns.items()},
            exposures=fed_exposures(self.base, self.head, id_),
        )

    def _dashboards(self, node: str, column: str | None) -> tuple[str, ...]:
        """Return the dashboards that a node feeds, of a column those that depend on that."""
        fed = fed_exposures(self.base, self.head, node)
        read_by = self.readers.of(node, column) if column else ()
        return tuple(id_ for id_ in fed if id_ in read_by) or fed

    # Can it be compared?

    def _why_not(self, before: Node, after: Node) -> str | None:
        return self._is_missing(before, self.base, self.base_types, "base") or self._is_missing(
            after, self.head, self.head_types, "head"
        )

    def _is_missing(
        self, node: Node, build: Build, types: Mapping[str, object], side: str
    ) -> str | None:
        """Say why there is nothing to compare of this side."""
        result = build.results.get(node.unique_id)
        if result is not None and result.status not in ("success", "no-op"):
            return f"the {side}'s build ended with {_ended(result)}"
        if node.relation not in types:
            return f"the {side}'s build has no table {node.relation}"
        return None

    def _is_as_it_was(self, id_: str, change: CodeChange) -> bool:
        """Is it certain without a look: the same code, from the same data?"""
        if change.change not in (Change.UPSTREAM, Change.NONE):
            return False
        return id_ not in self.selected.changed and all(
            self._holds_the_same(parent) for parent in self.head.nodes[id_].depends_on
        )

    def _holds_the_same(self, parent: str) -> bool:
        if parent not in self.reviews:
            return parent in self.base.nodes or parent not in self.head.nodes
        review = self.reviews[parent]
        if review.not_compared is not None or review.schema or review.code.renamed_from:
            return False
        if review.data is not None:
            return review.data.is_identical
        return review.code.change in (Change.UPSTREAM, Change.NONE)

    # The data

    def _schema(self, before: Node, after: Node) -> tuple[SchemaChange, ...]:
        types = self.base_types[before.relation], self.head_types[after.relation]
        return schema_changes(before, after, types, self.readers.of)

    def _data(self, before: Node, after: Node, change: CodeChange) -> DataChange:
        types = self.base_types[before.relation], self.head_types[after.relation]
        return compare_tables(
            self.given.session,
            before.relation,
            after.relation,
            key=_key(after.primary_key, before.primary_key, types),
            ignored=self._ignored(after, types[1], change),
            adapter=self.head.adapter,
        )

    def _ignored(
        self, node: Node, types: Mapping[str, str], change: CodeChange
    ) -> Mapping[str, str]:
        ruled_out = {
            column: RULED_OUT for column in types if self.given.is_ignored(node.name, column)
        }
        noise = self.given.noise.get(node.unique_id, {})
        # What only may differ is compared: a difference may be the change's.
        unstable = {
            column: reason
            for column, reason in (change.unstable or {}).items()
            if self.is_certain(reason)
        }
        return {**unstable, **noise, **ruled_out}

    def _note_values(
        self, before: Node, after: Node, schema: Sequence[SchemaChange], data: DataChange
    ) -> None:
        """Keep the values of a column where they are not those that were there."""
        for column in data.columns:
            if column.categories is not None:
                self._note(
                    after.unique_id,
                    column.column,
                    {c.value for c in column.categories.values if c.base and c.value is not None},
                    {c.value for c in column.categories.values if c.head and c.value is not None},
                )
        for change in schema:
            if change.kind == "added":
                listed = listed_values(self.given.session, HEAD, after.relation, change.column)
                if listed is not None:
                    self._note(after.unique_id, change.column, set(), set(listed))

    def _note(self, id_: str, column: str, base: set[str], head: set[str]) -> None:
        if base != head:
            self.values[id_, column] = (base, head)


def _key(
    head: tuple[str, ...], base: tuple[str, ...], types: tuple[Mapping[str, str], ...]
) -> tuple[str, ...]:
    """Return the head's key, else the base's: the first whose columns both sides have."""
    for key in (head, base):
        if key and all(column in side for column in key for side in types):
            return key
    return ()


def _ended(result: Result) -> str:
    first_line = (result.message or "").strip().splitlines()[:1]
    return f"{result.status}: {first_line[0].strip()}" if first_line else result.status


def noise_between(
    build: Build, session: Session, nodes: Sequence[str]
) -> Mapping[str, Mapping[str, str]]:
    """Compare two builds of the same code; return the columns that differ, by node."""
    found: TextsByNode = defaultdict(dict)
    first, second = session.types(BASE), session.types(HEAD)
    for id_ in nodes:
        node: Any = build.nodes.get(id_)
        if node is None or node.relation not in first or node.relation not in second:
            continue
        change = compare_tables(
            session, node.relation, node.relation, key=node.primary_key, adapter=build.adapter
        )
        for column in change.columns:
            found[id_][column.column] = TWO_BUILDS
    return dict(found)
