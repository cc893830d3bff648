"""What the last build says of itself: tests that failed, totals that do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.words import failed_test_finding, reconciliation_finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.alerts.facts import Finding, World


def unreconciled(world: World, settings: Mapping[str, float]) -> tuple[list[Finding], LookedAt]:
    """Return the totals of which a part is not explained."""
    findings = [
        reconciliation_finding(row)
        for row in world.unreconciled
        if abs(row.unexplained) > settings["tolerance"]
    ]
    return findings, LookedAt(looked_at=world.reconciled_count)


def failed_tests(world: World, settings: Mapping[str, float]) -> tuple[list[Finding], LookedAt]:
    """Return the tests and models of the last build that did not pass."""
    if world.failed_tests is None:
        return [], LookedAt(looked_at=0, too_little=1)
    findings = [
        failed_test_finding(failed)
        for failed in world.failed_tests
        if failed.status != "warn" or settings["with_warnings"]
    ]
    return findings, LookedAt(looked_at=1)
