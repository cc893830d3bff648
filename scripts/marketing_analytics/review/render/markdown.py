"""A review as a comment under a pull request: one screen, then folded details.

GitHub takes 65,536 characters. What does not fit is left out whole, the weakest first, and said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketing_analytics.review.render.escape import code, text
from marketing_analytics.review.render.leading import leading
from marketing_analytics.review.render.markdown_details import details
from marketing_analytics.review.render.markdown_parts import more, reason_line, rows, titled
from marketing_analytics.review.render.view import BANNERS, growth, view_of
from marketing_analytics.review.words import amount, must_agree, rows_of, shown

if TYPE_CHECKING:
    from marketing_analytics.review.findings import Review
    from marketing_analytics.review.render.view import View

MAX_LENGTH = 65_000
MAX_REASONS = 8
MAX_ROWS = 8
MAX_ACTIONS = 12
PAGE = "the page `review.html`"


def marker(target: str) -> str:
    """Return the line by which a workflow knows an earlier comment of its own."""
    return f"<!-- mktg review: {re.sub(r'[^A-Za-z0-9_]', '', target)} -->"


def render(review: Review) -> str:
    """Return the comment, in Markdown as GitHub reads it."""
    view = view_of(review)
    parts = [marker(review.findings.target), *_first_screen(view)]
    room = MAX_LENGTH - sum(_length(part) for part in parts) - _length(_left_out(10**6))
    left_out = 0
    for section in details(view):
        if _length(section) <= room:
            parts.append(section)
            room -= _length(section)
        else:
            left_out += 1
    if left_out:
        parts.append(_left_out(left_out))
    return "\n\n".join(parts) + "\n"


def _length(part: str) -> int:
    """Return how much of GitHub's limit a part takes, with the empty line after it."""
    return len(part.encode("utf-16-le")) // 2 + 2


def _left_out(sections: int) -> str:
    what = "1 section" if sections == 1 else f"{sections:,} sections"
    return f"*{what} did not fit into a comment; {PAGE} has everything.*"


def _first_screen(view: View) -> list[str]:
    verdict, findings = view.review.verdict, view.review.findings
    sign, meaning = BANNERS[verdict.verdict]
    as_of = f", data as of {findings.as_of.isoformat()}" if findings.as_of else ""
    parts = [
        f"## {sign} {verdict.verdict}",
        f"{meaning} {text(view.summary + must_agree(verdict.approvals))}\n"
        f"<sub>{code(findings.base)} → {code(findings.head)}, "
        f"target {code(findings.target)}{as_of}</sub>",
        *_reasons(view),
    ]
    if view.actions:
        boxes = [f"- [ ] {text(action)}" for action in view.actions[:MAX_ACTIONS]]
        parts.append(titled("Before merging", "\n".join(more(boxes, len(view.actions), "- "))))
    return [*parts, *_exposures(view), *_shifts(view), *_schema(view)]


def _reasons(view: View) -> list[str]:
    first, rest = leading(view.review.verdict.reasons, MAX_REASONS)
    lines = [reason_line(reason, view) for reason in first]
    if not lines:
        return []
    return [titled("Why", "\n".join(more(lines, len(first) + len(rest), "- ")))]


def _exposures(view: View) -> list[str]:
    touched = [exposure for exposure in view.exposures if exposure.is_touched]
    lines = [
        (
            text(exposure.label),
            text(exposure.owner),
            text(", ".join(exposure.approvals) or exposure.owner),
            ", ".join(code(view.name(name)) for name in exposure.through[:3])
            + (f" and {len(exposure.through) - 3} more" if len(exposure.through) > 3 else ""),  # noqa: PLR2004
        )
        for exposure in touched[:MAX_ROWS]
    ]
    head = ("dashboard", "owner", "must agree", "through")
    return rows("Affected dashboards", head, lines, len(touched))


def _shifts(view: View) -> list[str]:
    every = [
        (
            code(shift.node.name),
            code(shift.column),
            code(shown(shift.category.value)),
            f"{shift.category.base:,}",
            f"{shift.category.head:,} {text(rows_of(shift.node))}",
            growth(shift.category.base, shift.category.head),
        )
        for shift in view.shifts
    ] + [
        (
            code(total.node.name),
            code(total.column),
            "total",
            text(amount(total.numbers.base_total)),
            text(amount(total.numbers.head_total)),
            growth(total.numbers.base_total, total.numbers.head_total),
        )
        for total in view.totals
    ]
    head = ("model", "column", "value", "before", "after", "change")
    return rows("What shifts", head, every[:MAX_ROWS], len(every), right=3)


def _schema(view: View) -> list[str]:
    lines = [
        (
            code(node.name),
            code(change.column),
            f"{change.kind}{', narrower' if change.is_narrowed else ''}",
            code(change.base_type) if change.base_type else "none",
            code(change.head_type) if change.head_type else "none",
            text(view.list_names(change.readers, 3)),
        )
        for node, change in view.schema
    ]
    head = ("model", "column", "change", "before", "after", "read by")
    return rows("Schema", head, lines[:MAX_ROWS], len(lines))
