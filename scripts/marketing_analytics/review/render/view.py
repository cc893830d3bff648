"""What every rendering of a review shows, put in order: the strongest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Change, Severity
from marketing_analytics.review.hits import is_touched, names_of
from marketing_analytics.review.judge_readers import FAILED
from marketing_analytics.review.words import (
    count,
    exact,
    listed,
    percent,
    relative,
    short_name,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.findings import (
        Categories,
        Category,
        ExposureReview,
        NodeReview,
        Numbers,
        Reason,
        Review,
        SchemaChange,
        TestChange,
    )

ORDER = (Severity.UNSAFE, Severity.NO_EVIDENCE, Severity.APPROVAL, Severity.NOTE)
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.]+")  # what may stand in a command that people copy
BANNERS = {
    "SAFE": ("✅", "Nothing that people read has changed, as far as these data show."),
    "NEEDS APPROVAL": ("🟡", "The numbers change. Those who rely on them have to agree."),
    "NOT SAFE TO MERGE": ("⚠️", "Merged as it is, this breaks what people rely on."),
    "NO EVIDENCE": ("❓", "Something that the change reaches was not compared."),
}
CHANGES = {
    Change.UNKNOWN: "its SQL could not be read",
    Change.ROWS: "selects other rows",
    Change.LOGIC: "computes columns otherwise",
    Change.SETTINGS: "other settings",
    Change.NO_EFFECT: "code without an effect",
    Change.UPSTREAM: "reads what changed",
    Change.NONE: "as it was",
}
TEST_SIGNS = {
    "newly failing": "❌",
    "still failing": "❌",
    "weakened": "⚠️",
    "removed": "⚠️",
    "added": "🆕",
    "fixed": "✅",
    "same": "✅",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A value of a column whose rows became more or fewer."""

    node: NodeReview
    column: str
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A numeric column whose total or mean changed."""

    node: NodeReview
    column: str
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A review, put in order."""

    review: Review
    nodes: tuple[NodeReview, ...]  # the strongest reason first, then the nearest
    changed: tuple[NodeReview, ...]
    reached: tuple[NodeReview, ...]  # by level, then name
    touched: frozenset[str]
    shifts: tuple[Shift, ...]
    totals: tuple[Total, ...]
    schema: tuple[tuple[NodeReview, SchemaChange], ...]
    exposures: tuple[ExposureReview, ...]  # touched first
    tests: tuple[TestChange, ...]
    names: Mapping[str, str]

    def name(self, unique_id: str | None) -> str:
        """Return what a node or exposure is called."""
        return self.names.get(unique_id or "", short_name(unique_id or ""))

    def list_names(self, unique_ids: tuple[str, ...], most: int = 5) -> str:
        """Return what several of them are called."""
        return listed([self.name(unique_id) for unique_id in unique_ids], most)

    def data_of(self, exposure: ExposureReview) -> str:
        """Return in a few words whether a dashboard shows what it showed."""
        if not exposure.is_touched:
            return "data as they were"
        differ = {n.unique_id for n in self.nodes if n.data and not n.data.is_identical}
        return "other data" if differ & set(exposure.through) else "perhaps other data"

    @property
    def summary(self) -> str:
        """Return in a sentence how far the change goes."""
        differ = sum(bool(node.data and not node.data.is_identical) for node in self.nodes)
        missing = sum(node.not_compared is not None for node in self.nodes)
        touched = sum(exposure.is_touched for exposure in self.exposures)
        not_compared = f", not compared {missing:,}" if missing else ""
        if not self.nodes and not self.exposures:
            return "No model is changed or reached."
        return (
            f"{count(len(self.changed), 'models')} changed, {len(self.reached):,} more reached: "
            f"other data in {differ:,}{not_compared}; "
            f"{touched:,} of {count(len(self.exposures), 'dashboards')} touched."
        )

    @property
    def actions(self) -> tuple[str, ...]:
        """Return what has to be done before the merge; none of it is done yet."""
        findings, verdict = self.review.findings, self.review.verdict
        steps = [f"{team} approves" for team in verdict.approvals]
        steps += [
            f"{self.name(gap.node)} handles {listed(map(shown, gap.uncovered))} of {gap.column}"
            for gap in findings.gaps
            if gap.uncovered
        ]
        steps += [
            f"test {test.name} passes, or its change is agreed upon"
            for test in self.tests
            if test.kind == "newly failing" or (test.kind == "added" and test.head_status in FAILED)
        ]
        missing = [node.name for node in self.nodes if node.not_compared is not None]
        if missing:
            steps.append(f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} compared")
        shown_to = [exposure.label for exposure in self.exposures if exposure.is_touched]
        if shown_to:
            steps.append(f"the readers of {listed(shown_to)} know what will change")
        return tuple(steps)

    @property
    def left_out(self) -> tuple[tuple[str, str, str], ...]:
        """Return the columns that were left out: model, column, why."""
        found = {
            (self.name(node), column): why
            for node, columns in self.review.findings.noise.items()
            for column, why in columns.items()
        }
        for node in self.nodes:
            ignored = (node.data.ignored if node.data else None) or {}
            for column, why in ignored.items():
                found.setdefault((node.name, column), why)
        return tuple((node, column, why) for (node, column), why in sorted(found.items()))

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """Return how to build, test and list what changed."""
        names = [
            node.name
            for node in self.changed
            if node.code.change is not Change.REMOVED and PLAIN_NAME.fullmatch(node.name)
        ]
        if not names:
            return ()
        each, after = " ".join(names), " ".join(f"{name}+" for name in names)
        return (
            ("Build what changed, and test it", f"dbt build --select {each}"),
            ("Test it alone", f"dbt test --select {each}"),
            ("Build what it feeds", f"dbt build --select {after}"),
            ("List what it feeds", f"dbt ls --select {after}"),
        )


def view_of(review: Review) -> View:
    """Return a review, put in order."""
    findings = review.findings
    strength = _strength(review.verdict.reasons)
    nodes = tuple(
        sorted(
            findings.nodes,
            key=lambda node: (
                node.level > 0,
                strength.get(node.unique_id, len(ORDER)),
                node.level,
                node.name,
            ),
        )
    )
    return View(
        review=review,
        nodes=nodes,
        changed=tuple(node for node in nodes if node.level == 0),
        reached=tuple(
            sorted((n for n in nodes if n.level > 0), key=lambda node: (node.level, node.name))
        ),
        touched=frozenset(node.unique_id for node in nodes if is_touched(node)),
        shifts=_shifts(nodes),
        totals=_totals(nodes),
        schema=tuple((node, change) for node in nodes for change in node.schema),
        exposures=tuple(
            sorted(
                findings.exposures, key=lambda exposure: (not exposure.is_touched, exposure.label)
            )
        ),
        tests=tuple(
            sorted(findings.tests, key=lambda test: (list(TEST_SIGNS).index(test.kind), test.name))
        ),
        names=names_of(findings),
    )


def monthly(per_build: float | None, runs: float | None) -> float | None:
    """Return what a month of builds costs."""
    return None if per_build is None or runs is None else per_build * runs


def state(node: NodeReview, view: View) -> str:
    """Return in a few words whether a node holds what it held."""
    if node.not_compared is not None:
        return "not compared"
    if node.code.change in (Change.ADDED, Change.REMOVED):
        return str(node.code.change)
    if node.data is not None and not node.data.is_identical:
        return "other data"
    return "other columns" if node.schema else "data as they were"


def change_words(node: NodeReview) -> str:
    """Return what happened to the code of a node."""
    return CHANGES.get(node.code.change, str(node.code.change))


def matrix(
    categories: Categories,
) -> tuple[tuple[str | None, ...], Mapping[tuple[str | None, str | None], int]]:
    """Return the values of a column, and how many rows went from one to the other."""
    counts = {(base, head): rows for base, head, rows in categories.moves}
    return tuple(category.value for category in categories.values), counts


def growth(base: object, head: object) -> str:
    """Return by how much a number has grown; "new" where it comes from nothing."""
    before, after = exact(base), exact(head)
    if before == after:
        return "same"
    grown = relative(before, after)
    if grown is not None:
        return percent(grown, is_change=True)
    return "new" if not before else "unknown"


def _strength(reasons: tuple[Reason, ...]) -> Mapping[str, int]:
    """Return the strongest severity of each node, 0 for the strongest there is."""
    found: dict[str, int] = {}
    for reason in reasons:
        if reason.node is not None:
            place = ORDER.index(reason.severity)
            found[reason.node] = min(place, found.get(reason.node, place))
    return found


def _shifts(nodes: tuple[NodeReview, ...]) -> tuple[Shift, ...]:
    """Return the values whose rows became more or fewer, a node's largest change first."""
    return tuple(
        Shift(node=node, column=column.column, category=category)
        for node in nodes
        if node.data is not None
        for column in node.data.columns
        if column.categories is not None
        for category in sorted(column.categories.values, key=_size, reverse=True)
        if category.base != category.head
    )


def _size(category: Category) -> float:
    return abs(category.change) if category.change is not None else float("inf")


def _totals(nodes: tuple[NodeReview, ...]) -> tuple[Total, ...]:
    return tuple(
        Total(node=node, column=column.column, numbers=column.numbers)
        for node in nodes
        if node.data is not None
        for column in node.data.columns
        if column.numbers is not None
        and (column.numbers.base_total, column.numbers.base_mean)
        != (column.numbers.head_total, column.numbers.head_mean)
    )
