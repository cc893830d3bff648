"""Alerts for people: a short list in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.alerts.facts import Alerts, Finding

WIDEST_RULE = len("reconciliation")


def render(alerts: Alerts) -> str:
    """Return what to print: the findings, what was let pass, and how much was looked at."""
    return "\n".join(_lines(alerts)) + "\n"


def headline(alerts: Alerts) -> str:
    """Return how many alerts there are, of which target and day."""
    count = len(alerts.findings)
    number = {0: "No alerts", 1: "1 alert"}.get(count, f"{count} alerts")
    as_of = f" as of {alerts.day}" if alerts.day else ""
    return f"{number} for {alerts.target}{as_of}"


def since(finding: Finding) -> str:
    """Return since when, where that is more than the day itself."""
    if finding.since is None:
        return ""
    return f", since {finding.since}" if finding.since != finding.day else f", on {finding.day}"


def coverage(alerts: Alerts) -> str:
    """Return how much each rule looked at, and of how much it could say nothing."""
    parts = [
        f"{rule.replace('_', ' ')} {looked.looked_at}"
        + (f" ({looked.too_little} with too little history)" if looked.too_little else "")
        for rule, looked in alerts.looked_at.items()
    ]
    return f"Looked at: {', '.join(parts)}"


def _lines(alerts: Alerts) -> Iterator[str]:
    yield headline(alerts)
    if alerts.findings:
        yield ""
    for finding in alerts.findings:
        rule = finding.rule.replace("_", " ").ljust(WIDEST_RULE)
        when = "" if finding.rule in ("freshness", "pacing") else since(finding)
        yield f"{rule}  {finding.what}{when}"
        yield f"{'':{WIDEST_RULE}}  look at: {finding.look_at}"
    for one in alerts.silenced:
        yield f"silenced until {one.until} ({one.reason}): {one.finding.what}"
    yield ""
    yield coverage(alerts)
    for note in alerts.notes:
        yield f"Note: {note}"
