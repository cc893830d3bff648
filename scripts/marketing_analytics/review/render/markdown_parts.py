"""What the comment is made of: lists that end, tables, sections that open with a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.review.render.escape import code, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from marketing_analytics.review.findings import Reason
    from marketing_analytics.review.render.view import View


def titled(title: str, body: str) -> str:
    """Return a body under its title."""
    return f"**{title}**\n\n{body}"


def folded(title: str, body: str) -> str:
    """Return a section that opens with a click."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def more(lines: Iterable[str], of: int, lead: str = "- ") -> list[str]:
    """Return lines, and at their end how many are not among them."""
    found = list(lines)
    return found + ([f"{lead}and {of - len(found):,} more"] if of > len(found) else [])


def cells(
    head: Sequence[str], lines: Sequence[Sequence[str]], of: int | None = None, right: int = 0
) -> str:
    """Return a table, and under it how many rows are not in it."""
    left_out = (of if of is not None else len(lines)) - len(lines)
    note = f"\n\n<sub>and {left_out:,} more</sub>" if left_out else ""
    return table(head, lines, right) + note


def rows(
    title: str, head: Sequence[str], lines: Sequence[Sequence[str]], of: int, right: int = 0
) -> list[str]:
    """Return a table under its title; nothing where it has no rows."""
    return [titled(title, cells(head, lines, of, right))] if lines else []


def reason_line(reason: Reason, view: View) -> str:
    """Return a reason as an entry of a list."""
    expected = " *(declared in expected.yml)*" if reason.is_expected else ""
    excepted = f" *(let pass: {text(reason.excepted)})*" if reason.excepted else ""
    node = f"{code(view.name(reason.node))}: " if reason.node else ""
    return f"- **{reason.severity}** · {node}{text(reason.text)}{expected}{excepted}"
