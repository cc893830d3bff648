"""A report whose campaigns and channels try to be more than names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.report.facts import Finding, Report, Section, Table

SCRIPT = "<script>alert(1)</script>"
BREAKS_OUT = "</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("https://evil.example","x")'
WIDE = "\uff1d1+1"  # a spreadsheet may take the wide sign for the other
QUOTES = '" onmouseover="alert(3)'
NAMES = {
    "camp_google_brand": SCRIPT,
    "camp_google_display": BREAKS_OUT,
    "camp_linkedin_leaders": FORMULA,
    "camp_meta_spring_sale": QUOTES,
    "camp_tiktok_creators": "-2+3",
    "camp_email_newsletter": "@SUM(A1)",
    "camp_email_winback": WIDE,
    "camp_linkedin_webinar": "<!-- <script>",
}
TIKTOK = "<img src=x onerror=alert(4)>"


def hostile(report: Report) -> Report:
    """Return the report with names that would run, break out or be computed."""
    return replace(
        report,
        sections=tuple(_section(section) for section in report.sections),
        scopes=tuple(
            (
                replace(scope, channel=_channel(scope.channel)),
                NAMES.get(scope.campaign or "", label),
            )
            for scope, label in report.scopes
        ),
        warnings=(SCRIPT,),
    )


def _section(section: Section) -> Section:
    return replace(
        section,
        tables=tuple(_table(table) for table in section.tables),
        findings=tuple(_finding(finding) for finding in section.findings),
    )


def _table(table: Table) -> Table:
    return replace(table, rows=tuple(_row(row) for row in table.rows))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(row)
    if row.get("campaign_id") in NAMES and "campaign_name" in row:
        changed["campaign_name"] = NAMES[row["campaign_id"]]
    for column in ("channel", "acquisition_channel"):
        if column in row:
            changed[column] = _channel(row[column])
    return changed


def _finding(finding: Finding) -> Finding:
    name = NAMES.get(finding.campaign or "")
    channel = _channel(finding.channel)
    return replace(
        finding, channel=channel, text=f"{name}: {finding.text}" if name else finding.text
    )


def _channel(name: str | None) -> str | None:
    return TIKTOK if name == "tiktok" else name
