"""What a change reaches: models by level, dashboards, metrics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from marketing_analytics.review.data.columns import family
from marketing_analytics.review.findings import Change, ExposureReview

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from marketing_analytics.review.artifacts import Build, Exposure
    from marketing_analytics.review.findings import NodeReview, SchemaChange

COME_OR_GONE = (Change.ADDED, Change.REMOVED, Change.RENAMED)


def levels(base: Build, head: Build, changed: Iterable[str]) -> dict[str, int]:
    """Return the steps from the nearest changed node to each that reads it, in either build."""
    nodes = base.nodes.keys() | head.nodes.keys()
    found = dict.fromkeys(sorted(changed), 0)
    row, level = list(found), 0
    while row:
        level += 1
        row = sorted(
            {
                child
                for parent in row
                for build in (base, head)
                for child in build.children.get(parent, ())
                if child in nodes and child not in found
            }
        )
        found.update(dict.fromkeys(row, level))
    return found


def in_order(build: Build, nodes: Collection[str]) -> list[str]:
    """Return nodes so that each comes after those that it reads; among equals by name."""
    done: dict[str, None] = {}

    def visit(node: str) -> None:
        if node in done or node not in build.nodes:
            return
        for parent in sorted(build.nodes[node].depends_on):
            visit(parent)
        done[node] = None

    for node in sorted(nodes):
        visit(node)
    return [node for node in done if node in nodes]


def is_touched(node: NodeReview) -> bool:
    """Can a reader of this table see that something is different, as far as is known?"""
    return (
        node.not_compared is not None
        or node.code.change in COME_OR_GONE
        or any(not _is_harmless(change) for change in node.schema)
        or (node.data is not None and not node.data.is_identical)
    )


def _is_harmless(change: SchemaChange) -> bool:
    """Does a reader who knew nothing of it read what he read: a new column, a roomier type?"""
    if change.kind != "type":
        return change.kind == "added"
    types = change.base_type or "", change.head_type or ""
    return not change.is_narrowed and family(types[0]) == family(types[1])


def exposure_reviews(
    base: Build, head: Build, nodes: Mapping[str, NodeReview]
) -> tuple[ExposureReview, ...]:
    """Return the dashboards that read what the change reaches, and those that came or went."""
    found = []
    for id_ in sorted(base.exposures.keys() | head.exposures.keys()):
        exposure = head.exposures.get(id_) or base.exposures[id_]
        reads = _reads(id_, base, head)
        reached = [parent for parent in reads if parent in nodes]
        change = _change(id_, base, head)
        approvals = _approvals(id_, base, head)
        dropped = tuple(team for team in approvals if team not in exposure.approvals)
        if reached or change != "same" or dropped:
            touched = [parent for parent in reached if is_touched(nodes[parent])]
            review = _exposure_review(exposure, touched or reached, touched)
            found.append(
                replace(review, change=change, approvals=approvals, no_longer_asked=dropped)
            )
    return tuple(found)


def _change(id_: str, base: Build, head: Build) -> Literal["same", "added", "removed"]:
    if id_ not in base.exposures:
        return "added"
    return "same" if id_ in head.exposures else "removed"


def _approvals(id_: str, base: Build, head: Build) -> tuple[str, ...]:
    """Return whom a dashboard asks in either build: a branch does not take a team off its list."""
    found = [build.exposures[id_].approvals for build in (base, head) if id_ in build.exposures]
    return tuple(dict.fromkeys(team for teams in found for team in teams))


def teams_of(base: Build, head: Build, node: str, exposures: Iterable[str]) -> set[str]:
    """Return the teams of the dashboards that a node feeds; if it feeds none its owner."""
    found: set[str] = set()
    for id_ in exposures:
        exposure = head.exposures.get(id_) or base.exposures[id_]
        found |= set(_approvals(id_, base, head) or (exposure.owner,))
    declared = head.nodes.get(node) or base.nodes.get(node)
    owner = declared.meta.get("owner") if declared is not None else None
    return found or ({owner} if owner else set())


def _reads(id_: str, base: Build, head: Build) -> list[str]:
    """Return what a dashboard reads in either build: it may still read what the head removes."""
    return sorted(
        {
            parent
            for build in (base, head)
            if id_ in build.exposures
            for parent in build.exposures[id_].depends_on
        }
    )


def _exposure_review(exposure: Exposure, through: list[str], touched: list[str]) -> ExposureReview:
    return ExposureReview(
        unique_id=exposure.unique_id,
        label=exposure.label,
        type=exposure.type,
        owner=exposure.owner,
        email=exposure.email,
        url=exposure.url,
        approvals=exposure.approvals,
        through=tuple(through),
        is_touched=bool(touched),
    )


def metrics(base: Build, head: Build, nodes: Collection[str]) -> tuple[str, ...]:
    """Return the metrics that are computed from these nodes, directly or from other metrics."""
    parents = {**base.metrics, **head.metrics}
    reached = set(nodes)
    while True:
        more = {id_ for id_, reads in parents.items() if id_ not in reached and reached & {*reads}}
        if not more:
            return tuple(sorted(reached & parents.keys()))
        reached |= more


def fed_exposures(base: Build, head: Build, node: str) -> tuple[str, ...]:
    """Return the dashboards that a node feeds, directly or through others."""
    seen, row = {node}, [node]
    while row:
        row = [
            child
            for parent in row
            for build in (base, head)
            for child in build.children.get(parent, ())
            if child not in seen and not seen.add(child)  # type: ignore[func-returns-value]
        ]
    return tuple(sorted(seen & (base.exposures.keys() | head.exposures.keys())))


def edges(
    base: Build, head: Build, nodes: Collection[str], exposures: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return who reads whom, of these nodes and dashboards, in either build."""
    shown = {*nodes, *exposures}
    return tuple(
        sorted(
            {
                (parent, child)
                for build in (base, head)
                for parent in nodes
                for child in build.children.get(parent, ())
                if child in shown
            }
        )
    )
