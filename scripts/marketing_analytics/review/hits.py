"""What a rule says of a node, before expectations and exceptions are heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Change
from marketing_analytics.review.words import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from marketing_analytics.review.findings import Findings, NodeReview, Severity
    from marketing_analytics.review.rules import Rules

PUBLISHED_TAG = "high-impact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that speaks, of which number: what expectations and exceptions go by."""

    rule: str
    severity: Severity
    text: str
    node: str | None = None  # unique id
    column: str | None = None
    value: str | None = None
    measure: str = ""  # as expected.yml calls it
    size: float = 0.0  # the larger, the earlier among those of its rule
    teams: tuple[str, ...] = ()  # who must agree, besides those of the node


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The findings with what the rules ask of them again and again."""

    findings: Findings
    rules: Rules
    nodes: Mapping[str, NodeReview]
    children: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    published: frozenset[str]
    touched: frozenset[str]  # changed themselves, or with data that differ

    def hit(
        self,
        rule: str,
        node: NodeReview | None,
        text: str,
        *,
        matters: bool = True,
        column: str | None = None,
        value: str | None = None,
        measure: str = "",
        size: float | Fraction = 0.0,
    ) -> list[Hit]:
        """Return what a rule says of a node; nothing if it is off."""
        severity = self.rules.of(rule, node).level(matters=matters)
        if severity is None:
            return []
        return [
            Hit(
                rule=rule,
                severity=severity,
                text=text,
                node=node.unique_id if node else None,
                column=column,
                value=value,
                measure=measure,
                size=float(size),
            )
        ]

    def name(self, unique_id: str) -> str:
        """Return the name of a node or exposure."""
        return self.names.get(unique_id, short_name(unique_id))


def context_of(findings: Findings, rules: Rules) -> Context:
    """Return the findings with what the rules ask of them."""
    nodes = {node.unique_id: node for node in findings.nodes}
    children: dict[str, set[str]] = {}
    parents: dict[str, set[str]] = {}
    for parent, child in findings.edges:
        children.setdefault(parent, set()).add(child)
        parents.setdefault(child, set()).add(parent)
    exposures = {exposure.unique_id for exposure in findings.exposures}
    return Context(
        findings=findings,
        rules=rules,
        nodes=nodes,
        names=names_of(findings),
        children={name: frozenset(found) for name, found in children.items()},
        parents={name: frozenset(found) for name, found in parents.items()},
        published=frozenset(
            name
            for name, node in nodes.items()
            if is_published(node, children.get(name, set()), exposures)
        ),
        touched=frozenset(name for name, node in nodes.items() if is_touched(node)),
    )


def names_of(findings: Findings) -> Mapping[str, str]:
    """Return what the nodes, the tests and the exposures are called."""
    names = {node.unique_id: node.name for node in findings.nodes}
    names |= {test.unique_id: f"test {test.name}" for test in findings.tests}
    return names | {exposure.unique_id: exposure.label for exposure in findings.exposures}


def is_published(node: NodeReview, children: set[str], exposures: set[str]) -> bool:
    """Do people read the node themselves?

    They do where an exposure reads it, where it is tagged high-impact, and where nothing else in
    the project reads it: somebody will.
    """
    return bool(children & exposures) or PUBLISHED_TAG in node.tags or not children


def is_touched(node: NodeReview) -> bool:
    """Is the node changed itself, or does it hold something else than before?"""
    quiet = (Change.NO_EFFECT, Change.UPSTREAM, Change.NONE)
    differs = node.data is not None and not node.data.is_identical
    return node.code.change not in quiet or differs or bool(node.schema)
