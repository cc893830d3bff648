"""What the script of the page is given: rows for the charts, figures for each scope."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from marketing_analytics.report.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketing_analytics.report.facts import Figure, Report, Row, Table
    from marketing_analytics.report.page.charts import Chart

ARROWS = {True: "▲", False: "▼", None: "■"}


def script_data(report: Report, charts: Iterable[Chart]) -> str:
    """Return JSON that can stand in a script element, whatever its texts hold."""
    content = {
        "charts": {
            chart.name: {
                "query": chart.query,
                "channel": report.queries[chart.query].channel,
                "campaign": report.queries[chart.query].campaign,
                "rows": rows_of(chart.rows),
                "spec": chart.spec,
            }
            for chart in charts
        },
        "figures": {
            scope: [figure_texts(figure, report.currency) for figure in figures]
            for scope, figures in report.figures.items()
        },
    }
    written = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def figure_texts(figure: Figure, currency: str) -> dict[str, str]:
    """Return the texts of a figure, for the page and for its script alike."""
    is_up = (
        None
        if figure.value is None or figure.previous is None or figure.value == figure.previous
        else figure.value > figure.previous
    )
    return {
        "name": figure.name,
        "raw": raw(figure.value),
        "rawBefore": raw(figure.previous),
        "value": shown(figure.value, figure.unit, currency),
        "before": f"before: {shown(figure.previous, figure.unit, currency)}",
        "arrow": ARROWS[is_up],
        "change": figure.change,
        "verdict": figure.verdict,
        "sample": figure.sample,
        "cause": figure.cause,
        "tone": figure.tone.replace(" ", "-"),
    }


def rows_of(drawn: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the rows for a chart; campaigns of one name get their key behind it."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in drawn]
    if any("campaign_name" in row for row in rows):
        names = [row["campaign_name"] for row in rows]
        for row in rows:
            is_alone = names.count(row["campaign_name"]) == 1
            row["label"] = (
                row["campaign_name"]
                if is_alone
                else f"{row['campaign_name']} ({row['campaign_id']})"
            )
    return rows


def raw(value: Any) -> str:
    """Return a value as a program reads it: the mart's, to the last digit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)


def campaign_of(row: Row, table: Table) -> str | None:
    """Return the campaign of a row: empty for others together, None in a table without any."""
    return None if table.query.campaign is None else row[table.query.campaign] or ""


def channel_of(row: Row, table: Table) -> str | None:
    """Return its channel."""
    return None if table.query.channel is None else row[table.query.channel]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
