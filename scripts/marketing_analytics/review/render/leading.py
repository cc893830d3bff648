"""Which reasons a reader sees first: what is said of one model need not be said of its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketing_analytics.review.findings import Reason

PER_RULE_AND_COLUMN = 2  # such as two segments of one column


def leading(reasons: Sequence[Reason], most: int) -> tuple[list[Reason], list[Reason]]:
    """Return the reasons to be shown first, and the rest of those that are no notes."""
    strong = [reason for reason in reasons if reason.severity is not Severity.NOTE]
    first: list[Reason] = []
    nodes: dict[tuple[str, str | None], list[str | None]] = {}
    for reason in strong:
        seen = nodes.setdefault((reason.rule, reason.column), [])
        is_new = not seen or (seen[0] == reason.node and len(seen) < PER_RULE_AND_COLUMN)
        if is_new and len(first) < most:
            seen.append(reason.node)
            first.append(reason)
    chosen = {id(reason) for reason in first}
    return first, [reason for reason in strong if id(reason) not in chosen]
