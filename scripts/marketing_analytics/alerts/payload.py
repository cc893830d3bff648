"""Alerts for programs: JSON as docs/alerts.md says, and the message that Slack shows."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from marketing_analytics.alerts.render import coverage, headline, since

if TYPE_CHECKING:
    from marketing_analytics.alerts.facts import Alerts, Finding

FORMAT = "mktg alert"
VERSION = 1  # counts up when a reader of the last one could be misled
DIGITS = 6  # of a number that was computed; the rest may differ between machines
MOST_SHOWN = 20  # Slack takes 50 blocks
MOST_TEXT = 1400  # of each of the two parts of a block, which may have 3000 characters


def content(alerts: Alerts) -> dict[str, Any]:
    """Return the alerts as JSON can hold them: the same for the same alerts, to the byte."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "target": alerts.target,
        "day": _plain(alerts.day),
        "findings": [_finding(finding) for finding in alerts.findings],
        "silenced": [
            {**_finding(one.finding), "reason": one.reason, "until": _plain(one.until)}
            for one in alerts.silenced
        ],
        "looked_at": {
            rule: {"count": looked.looked_at, "too_little_history": looked.too_little}
            for rule, looked in alerts.looked_at.items()
        },
        "notes": list(alerts.notes),
    }


def as_json(alerts: Alerts) -> str:
    """Return the alerts as a file."""
    return json.dumps(content(alerts), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def slack(alerts: Alerts) -> dict[str, Any]:
    """Return the alerts as a message of Slack: `text` for notifications, `blocks` to read."""
    shown = alerts.findings[:MOST_SHOWN]
    more = len(alerts.findings) - len(shown)
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": headline(alerts)}},
        *(_section(finding) for finding in shown),
    ]
    closing = [f"… and {more} more"] if more else []
    closing += [f"{len(alerts.silenced)} silenced"] if alerts.silenced else []
    closing.append(coverage(alerts))
    blocks.append(
        {
            "type": "context",
            "elements": [_mrkdwn(_escaped(" · ".join(closing)))],
        }
    )
    first = f": {alerts.findings[0].what}" if alerts.findings else ""
    return {"text": _escaped(headline(alerts) + first), "blocks": blocks}


def _section(finding: Finding) -> dict[str, Any]:
    rule = finding.rule.replace("_", " ")
    text = f"*{rule}* {_escaped(finding.what + since(finding))}\n_{_escaped(finding.look_at)}_"
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    """Return a text in which an address makes no link, and a @channel calls nobody."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    """Return a text that Slack shows as it is, cut where it would refuse it."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe[:MOST_TEXT]


def _finding(finding: Finding) -> dict[str, Any]:
    facts = {one.name: _plain(getattr(finding, one.name)) for one in fields(finding)}
    return {**facts, "change": _plain(finding.change)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
