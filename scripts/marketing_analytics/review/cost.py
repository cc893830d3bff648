"""What a node takes to build, and how often it is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.findings import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.artifacts import Build, Node, Result

MONTH = 30  # days
MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
FIELDS = 5
# Two runs of the same code differ by as much: of less nobody is told.
NOISE_SECONDS = 1.0
NOISE_RATIO = 1.5


# Seconds and bytes of a build, and what the warehouse charges for them; None without a price.
Price = Callable[[float | None, int | None], float | None]


def no_price(_seconds: float | None, _bytes: int | None) -> float | None:
    """Return nothing: an own machine charges nothing."""
    return None


def cost(
    base: Result | None,
    head: Result | None,
    schedule: Mapping[str, Any] | None,
    price: Price = no_price,
) -> Cost | None:
    """Put together what a node took on both sides; None where neither was built."""
    base = base if base and base.status == "success" else None
    head = head if head and head.status == "success" else None
    if base is None and head is None:
        return None
    return Cost(
        base_seconds=base.seconds if base else None,
        head_seconds=head.seconds if head else None,
        base_bytes=base.bytes_billed if base else None,
        head_bytes=head.bytes_billed if head else None,
        base_money=price(base.seconds, base.bytes_billed) if base else None,
        head_money=price(head.seconds, head.bytes_billed) if head else None,
        runs_per_month=runs_per_month(_cron(schedule)),
    )


def is_slower(found: Cost) -> bool:
    """Does the head take longer, by more than two runs of the same code may differ?"""
    if found.base_seconds is None or found.head_seconds is None:
        return False
    more = found.head_seconds - found.base_seconds
    return more >= NOISE_SECONDS and found.head_seconds >= NOISE_RATIO * found.base_seconds


def schedule_of(node: Node, build: Build) -> Mapping[str, Any] | None:
    """Return meta.schedule of a node, else that of another that runs by a tag they share."""
    own = node.meta.get("schedule")
    if isinstance(own, dict):
        return own
    for id_ in sorted(build.nodes):
        other = build.nodes[id_].meta.get("schedule")
        if isinstance(other, dict) and other.get("tag") in node.tags:
            # What was asked for was asked for that node alone.
            return {name: value for name, value in other.items() if name != "requested_cron"}
    return None


def schedule_text(schedule: Mapping[str, Any] | None) -> str | None:
    """Say when a node is built, and whether another time was asked for."""
    current = _cron(schedule)
    if schedule is None or current is None:
        return None
    where = [
        *([f"job {schedule['dag']}"] if schedule.get("dag") else []),
        *([f"tag {schedule['tag']}"] if schedule.get("tag") else []),
    ]
    text = f"{current} ({', '.join(where)})" if where else current
    asked = schedule.get("requested_cron")
    return f"{text}; requested {asked}" if asked and asked != current else text


def _cron(schedule: Mapping[str, Any] | None) -> str | None:
    found = (schedule or {}).get("current_cron") or (schedule or {}).get("cron")
    return str(found) if found else None


def runs_per_month(cron: str | None) -> float | None:
    """Count the runs of a cron expression in a month of 30 days; None if it cannot be read."""
    if cron is None:
        return None
    fields = MACROS.get(cron.strip(), cron).lower().split()
    if len(fields) != FIELDS:
        return None
    try:
        minutes = _values(fields[0], 0, 59)
        hours = _values(fields[1], 0, 23)
        days = {day for day in _values(fields[2], 1, 31) if day <= MONTH}
        months = _values(fields[3], 1, 12, MONTHS)
        weekdays = {day % 7 for day in _values(fields[4], 0, 7, DAYS)}
    except ValueError:
        return None
    share = len(weekdays) / 7
    if fields[2].startswith("*"):
        count = len(days) * share
    elif fields[4].startswith("*"):
        count = float(len(days))
    else:  # cron runs on a day that either of them names
        count = len(days) + (MONTH - len(days)) * share
    return round(len(minutes) * len(hours) * count * len(months) / 12, 2)


def _values(field: str, low: int, high: int, names: list[str] | None = None) -> set[int]:
    """Return the values of one field, such as `*/15`, `1-5` or `mon,wed`."""

    def number(text: str) -> int:
        found = names.index(text) + low if names and text in names else int(text)
        if not low <= found <= high:
            raise ValueError(text)
        return found

    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        elif "-" in span:
            first, last = map(number, span.split("-", 1))
        else:
            first = number(span)
            last = high if step else first
        found.update(range(first, last + 1, int(step or 1)))
    return found
