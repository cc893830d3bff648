"""Where each figure says what it means: an entry per mart, with its columns and queries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketing_analytics.metrics import Metric
    from marketing_analytics.report.facts import Column, Definition, Query, Report

NOT_TOLD = "No description in the database: dbt's persist_docs writes them there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a column says."""

    anchor: str
    column: str
    labels: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MartEntry:
    """What a mart holds, and how the page asks it."""

    anchor: str
    mart: str
    model: str
    description: str
    entries: tuple[Entry, ...]
    metrics: tuple[Metric, ...]
    queries: tuple[Query, ...]


def anchor(mart: str, column: str = "") -> str:
    """Return the place of a definition in the page."""
    return re.sub(r"[^a-z0-9]+", "-", f"def {mart} {column}".lower()).strip("-")


def column_anchor(query: Query, column: Column) -> str:
    """Return the place where a column of a table is defined."""
    return anchor(query.mart, column.of or column.name)


def entries(report: Report) -> tuple[MartEntry, ...]:
    """Return an entry for each mart on the page, in the order in which it comes."""
    return tuple(_of_mart(definition, report) for definition in report.definitions)


def _of_mart(definition: Definition, report: Report) -> MartEntry:
    queries = [query for query in report.queries.values() if query.mart == definition.mart]
    labels: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for query in queries:
        for column in query.columns:
            name = column.of or column.name
            labels.setdefault(name, []).append(column.label)
            texts[name] = column.means or definition.columns.get(name) or NOT_TOLD
    model = definition.mart.split(".")[-1]
    return MartEntry(
        anchor=anchor(definition.mart),
        mart=definition.mart,
        model=model,
        description=definition.description or NOT_TOLD,
        entries=tuple(
            Entry(
                anchor=anchor(definition.mart, name),
                column=name,
                labels=_joined(labels[name]),
                text=text,
            )
            for name, text in texts.items()
        ),
        metrics=tuple(metric for metric in report.metrics.values() if metric.mart == model),
        queries=tuple(queries),
    )


def _joined(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(label for label in labels if label))
