"""What the rules say of the tests, and of the dashboards that the change reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Change, Severity
from marketing_analytics.review.words import count, cut, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.findings import ExposureReview, NodeReview, TestChange
    from marketing_analytics.review.hits import Context, Hit

FAILED = ("fail", "error", "runtime error")
NOT_RUN = ("skipped", "no-op")
MAX_NAME = 60
GONE = (Change.REMOVED, Change.RENAMED)


def hits_of_test(test: TestChange, context: Context) -> Iterator[Hit]:
    """Yield what the rules say of a test before and after: all who rely on it are asked."""
    for hit in _hits_of_test(test, context):
        yield replace(hit, teams=test.relied_on_by)


def _hits_of_test(test: TestChange, context: Context) -> Iterator[Hit]:
    node = _tested(test, context)
    failures = f", {test.failures:,} failing" if test.failures else ""
    is_bad = test.head_status in FAILED
    is_worse = (is_bad or test.head_status == "warn") and test.base_status not in (*FAILED, "warn")
    if test.kind == "newly failing" or (test.kind in ("added", "weakened") and is_worse):
        was = test.base_status or "not there"
        text = f"test {test.name}: {was} → {test.head_status}{failures}"
        rule = "failing_test" if is_bad or test.head_status != "warn" else "warning_test"
        yield from context.hit(rule, node, text)
    elif test.kind == "still failing":
        text = f"test {test.name} fails as before{failures}"
        yield from context.hit("still_failing_test", node, text)
    if test.kind == "removed" and not _is_gone_with_its_model(test, context):
        matters = bool(set(test.tested) & context.touched)
        yield from context.hit(
            "removed_test", node, f"test {test.name} is removed", matters=matters
        )
    elif test.kind == "weakened" or (test.kind == "newly failing" and test.what):
        matters = bool(set(test.tested) & context.touched)
        text = f"test {test.name} is weaker: {test.what or 'its arguments have changed'}"
        yield from context.hit("weakened_test", node, text, matters=matters)


def tests_not_run(context: Context) -> Iterator[tuple[str | None, str]]:
    """Yield each node of which tests did not run that ran before, and which those are.

    Of a node that was not compared itself that is known already.
    """
    left_out: dict[str | None, list[str]] = {}
    for test in context.findings.tests:
        if _has_not_run(test, context):
            node = _tested(test, context)
            if node is not None and node.not_compared is not None:
                continue
            left_out.setdefault(node.unique_id if node else None, []).append(test.name)
    for name, tests in left_out.items():
        names = [cut(test, MAX_NAME) for test in sorted(tests)]
        yield name, f"{count(len(tests), 'tests')} did not run: {listed(names, 3)}"


def _has_not_run(test: TestChange, context: Context) -> bool:
    if test.base_status in (*NOT_RUN, None) or test.kind == "removed":
        return False
    is_left_out = test.head_status is None and bool(set(test.tested) & context.touched)
    return test.head_status in NOT_RUN or is_left_out


def hits_of_exposure(exposure: ExposureReview, context: Context) -> Iterator[Hit]:
    """Yield what the rules say of a dashboard."""
    who = listed(exposure.approvals or (exposure.owner,))
    nodes = [context.nodes[name] for name in exposure.through if name in context.nodes]
    if exposure.no_longer_asked and exposure.change == "same":
        text = f"no longer asks {listed(exposure.no_longer_asked)}, who must agree to that"
        yield from _hit("dashboard_asks_fewer", exposure, nodes, text, context)
    if exposure.change == "removed":
        text = f"is not declared any more, so that nobody is asked for it: {who}"
        yield from _hit("dashboard_removed", exposure, nodes, text, context)
    elif exposure.change == "added":
        yield from _hit("dashboard_added", exposure, nodes, f"is new ({who})", context)
    elif exposure.is_touched:
        through = listed(context.name(name) for name in exposure.through)
        is_seen = any(node.data is not None and not node.data.is_identical for node in nodes)
        shows = "shows" if is_seen else "may show"
        text = f"{shows} other data, through {through}: {who} must agree"
        yield from _hit("dashboard_reached", exposure, nodes, text, context)


def _hit(
    rule: str,
    exposure: ExposureReview,
    nodes: list[NodeReview],
    text: str,
    context: Context,
) -> Iterator[Hit]:
    """Yield the hit as one of the exposure, under the strictest of its models' rules."""
    models: list[NodeReview | None] = [*nodes] or [None]
    hits = [hit for node in models for hit in context.hit(rule, node, text)]
    for hit in sorted(hits, key=lambda hit: list(Severity).index(hit.severity))[:1]:
        yield replace(hit, node=exposure.unique_id)


def _tested(test: TestChange, context: Context) -> NodeReview | None:
    found = (context.nodes[name] for name in test.tested if name in context.nodes)
    return next(found, None)


def _is_gone_with_its_model(test: TestChange, context: Context) -> bool:
    tested = [context.nodes.get(name) for name in test.tested]
    return bool(tested) and any(node is not None and node.code.change in GONE for node in tested)
