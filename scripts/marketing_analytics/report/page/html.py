"""Renders the report as one page: words before charts, charts before tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from marketing_analytics.report.page import data, definitions
from marketing_analytics.report.page.bundle import bundle
from marketing_analytics.report.page.charts import Chart, chart
from marketing_analytics.report.page.heat import heat_of
from marketing_analytics.report.words import count, currency_of, shown
from marketing_analytics.web_page import allowed, environment, style

if TYPE_CHECKING:
    from marketing_analytics.report.facts import Column, Query, Report, Row, Section, Table

TEMPLATES = Path(__file__).with_name("templates")
MOST_ROWS = 100  # of a table
NUMBERS = ("count", "estimate", "money", "rate", "ratio", "days", "months")
SIGNS = {"good": "✓", "bad": "⚠", "plain": "•", "low volume": "?"}


def render(report: Report) -> str:
    """Return the page."""
    charts = {name: made for section in report.sections for name, made in _charts(section)}
    css = style(TEMPLATES / "page.css")
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    library = bundle() if charts else ""
    return (
        environment(
            TEMPLATES,
            anchor=definitions.anchor,
            column_anchor=definitions.column_anchor,
            count=count,
            currency_of=currency_of,
            figure_texts=data.figure_texts,
            heat_of=heat_of,
            is_number=is_number,
            lines=lines,
            most_rows=MOST_ROWS,
            raw=data.raw,
            scope_of=scope_of,
            shown=shown,
            signs=SIGNS,
            visible=visible,
        )
        .get_template("page.html.j2")
        .render(
            report=report,
            figures=report.figures.get("all", ()),
            charts=charts,
            marts=definitions.entries(report),
            channels=[one for one in report.scopes if one[0].channel and not one[0].campaign],
            campaigns=[one for one in report.scopes if one[0].campaign],
            data=Markup(data.script_data(report, charts.values())),  # escaped there
            style=Markup(css),  # our own files
            script=Markup(script),
            library=Markup(library),  # the chart library's
            policy=" ".join(f"'{allowed(one)}'" for one in (library, script) if one),
            style_policy=allowed(css),
        )
    )


def is_number(column: Column) -> bool:
    """Return whether a column holds numbers: they stand to the right and stay numbers in CSV."""
    return column.unit in NUMBERS


def lines(text: str) -> Markup:
    """Return a query with its lines: a value of the data is put on one."""
    return Markup("\n").join(escape(line) for line in text.splitlines())


def visible(query: Query) -> tuple[Column, ...]:
    """Return the columns that people read."""
    return tuple(column for column in query.columns if not column.is_hidden)


def scope_of(row: Row, table: Table) -> tuple[str | None, str | None]:
    """Return the channel and the campaign of a row."""
    return data.channel_of(row, table), data.campaign_of(row, table)


def _charts(section: Section) -> list[tuple[str, Chart]]:
    by_query: dict[str, Any] = {table.query.name: table for table in section.tables}
    made = []
    for name in section.charts:
        query = QUERY_OF_CHART.get(name, name)
        drawn = chart(name, by_query[query]) if query in by_query else None
        if drawn is not None:
            made.append((name, drawn))
    return made


QUERY_OF_CHART = {"leaks": "campaign_leaks", "credit": "channel_credit"}
