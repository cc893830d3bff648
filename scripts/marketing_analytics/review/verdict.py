"""Judges the findings by the rules. What is not known never passes for safe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from marketing_analytics.review.declared import hold
from marketing_analytics.review.findings import Reason, Severity, Verdict
from marketing_analytics.review.hits import Hit, context_of
from marketing_analytics.review.judge_data import data_hits
from marketing_analytics.review.judge_readers import hits_of_exposure, hits_of_test, tests_not_run
from marketing_analytics.review.judge_shape import gap_hits, no_evidence, shape_hits
from marketing_analytics.review.rules import NO_EVIDENCE
from marketing_analytics.review.words import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from marketing_analytics.review.expected import Expected
    from marketing_analytics.review.findings import Findings
    from marketing_analytics.review.hits import Context
    from marketing_analytics.review.rules import Exemption, Rules

RULES_OWNER = "the owner of review.yml"
# What was seen to be unsafe stays so whatever was not seen.
ORDER = (Severity.UNSAFE, Severity.NO_EVIDENCE, Severity.APPROVAL, Severity.NOTE)
WORDS: dict[Severity, Literal["SAFE", "NEEDS APPROVAL", "NOT SAFE TO MERGE", "NO EVIDENCE"]] = {
    Severity.UNSAFE: "NOT SAFE TO MERGE",
    Severity.NO_EVIDENCE: "NO EVIDENCE",
    Severity.APPROVAL: "NEEDS APPROVAL",
    Severity.NOTE: "SAFE",
}


def judge(findings: Findings, rules: Rules, expected: Expected | None, today: date) -> Verdict:
    """Return the verdict with its reasons, the strongest first, and who must agree."""
    context = context_of(findings, rules)
    declared = hold(expected, context)
    reasons: list[Reason] = []
    teams: set[str] = set()
    for hit in _in_order([*_hits(context), *declared.unmet], context):
        reason = Reason(
            rule=hit.rule, severity=hit.severity, node=hit.node, text=hit.text, column=hit.column
        )
        if hit.severity is not Severity.NOTE and declared.covers(hit, context):
            reason = replace(reason, severity=Severity.APPROVAL, is_expected=True)
        exemption = _exemption(reason, rules, context, today)
        if exemption is not None:
            reason = replace(reason, severity=Severity.NOTE, excepted=exemption.reason)
        reasons.append(reason)
        if reason.severity is not Severity.NOTE:
            teams.update(hit.teams)
    reasons += _ended(rules, context, today)
    reasons.sort(key=lambda reason: ORDER.index(reason.severity))  # keeps the order within one
    strongest = reasons[0].severity if reasons else Severity.NOTE
    return Verdict(
        verdict=WORDS[strongest],
        approvals=tuple(sorted(teams | _approvals(reasons, context))),
        reasons=tuple(reasons),
        currency=rules.price.currency,
    )


def _hits(context: Context) -> Iterator[Hit]:
    findings = context.findings
    for change in findings.rule_changes:
        yield from context.hit("rules_changed", None, f"the branch changes its own rules: {change}")
    for node in findings.nodes:
        missing = no_evidence(node, context)
        if missing is not None:
            yield _missing(missing, node.unique_id)
        yield from shape_hits(node, context)
        yield from data_hits(node, context)
    for gap in findings.gaps:
        yield from gap_hits(gap, context)
    for test in findings.tests:
        yield from hits_of_test(test, context)
    for name, text in tests_not_run(context):
        yield _missing(text, name)
    for exposure in findings.exposures:
        yield from hits_of_exposure(exposure, context)


def _missing(text: str, node: str | None) -> Hit:
    return Hit(rule=NO_EVIDENCE, severity=Severity.NO_EVIDENCE, text=text, node=node)


def _in_order(hits: Iterable[Hit], context: Context) -> list[Hit]:
    """Return the hits by rule; within one those nearest to the change, then the largest, first."""
    places = {key: place for place, key in enumerate(context.rules.keys)}

    def place(hit: Hit) -> tuple[int, int, float, str, str, str, str]:
        node = context.nodes.get(hit.node or "")
        level = node.level if node else 0
        name = context.name(hit.node or "")
        return (
            places[hit.rule],
            level,
            -hit.size,
            name,
            hit.column or "",
            hit.value or "",
            hit.text,
        )

    return sorted(hits, key=place)


def _exemption(reason: Reason, rules: Rules, context: Context, today: date) -> Exemption | None:
    """Return the exception that lets a reason pass today."""
    if reason.severity is Severity.NOTE:
        return None
    names = (context.name(reason.node or ""), short_name(reason.node or ""))
    for exemption in rules.exceptions:
        fits = exemption.rule == reason.rule and exemption.model in names
        if fits and exemption.column in (None, reason.column) and today <= exemption.until:
            return exemption
    return None


def _ended(rules: Rules, context: Context, today: date) -> list[Reason]:
    """Return what is to be said of exceptions past their day."""
    severity = rules.of("exception_ended").severity
    if severity is None:
        return []
    nodes = {node.name: node.unique_id for node in context.findings.nodes}
    return [
        Reason(
            rule="exception_ended",
            severity=severity,
            node=nodes.get(exemption.model),
            text=f"the exception from {exemption.rule} for {exemption.model} ended on "
            f"{exemption.until.isoformat()} and counts no more ({exemption.reason})",
            column=exemption.column,
        )
        for exemption in rules.exceptions
        if today > exemption.until
    ]


def _approvals(reasons: list[Reason], context: Context) -> set[str]:
    """Return the teams who must agree, all of them.

    They are those of the dashboards whose data are touched; of a node that feeds none of these, its
    owner.
    """
    asking = [reason for reason in reasons if reason.severity is not Severity.NOTE]
    exposures = {exposure.unique_id: exposure for exposure in context.findings.exposures}
    reached = {reason.node for reason in asking if reason.node in exposures}
    teams = {
        team
        for name in reached
        if name is not None
        for team in (exposures[name].approvals or (exposures[name].owner,))
    }
    if any(reason.rule == "rules_changed" for reason in asking):
        teams.add(RULES_OWNER)
    for reason in asking:
        node = context.nodes.get(reason.node or "")
        if node is not None and not reached & set(node.exposures):
            teams.add(node.owner or f"the owner of {node.name}")
    return teams
