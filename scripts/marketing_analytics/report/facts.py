"""What the page shows: tables, figures and sentences, each with the query it comes of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from marketing_analytics.metrics import Metric

Unit = Literal[
    "text", "day", "month", "count", "estimate", "money", "rate", "ratio", "days", "months", "flag"
]
Tone = Literal["good", "bad", "plain", "low volume"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table on the page."""

    name: str  # in the query
    label: str
    unit: Unit = "text"
    of: str | None = None  # the mart's column that defines it, where it has another name
    means: str | None = None  # what it says, where no column of a mart says it
    is_hidden: bool = False  # for rules, charts and the filter alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to one mart; `channel` and `campaign` name the columns that the filter reads."""

    name: str
    mart: str  # schema.table
    title: str
    sql: str
    columns: tuple[Column, ...]
    channel: str | None = None
    campaign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The answer."""

    query: Query
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the filter lets through: everything, a channel or a campaign."""

    channel: str | None = None
    campaign: str | None = None

    @property
    def key(self) -> str:
        """Return the name of the scope in the page."""
        if self.campaign is not None:
            return f"campaign:{self.campaign}"
        return f"channel:{self.channel}" if self.channel is not None else "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A metric against its value of the previous period, with what is behind it."""

    name: str  # of the metric
    label: str
    unit: Unit
    mart: str
    query: str
    value: float | None
    previous: float | None
    tone: Tone
    verdict: str  # whether chance explains the change; empty for what is neither good nor bad
    change: str  # in words
    sample: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence that a rule has made of a table's rows."""

    text: str
    query: str  # what it was made of
    tone: Tone = "plain"
    channel: str | None = None
    campaign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a mart holds, as its description in the database says."""

    mart: str
    description: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page: words, then charts, then tables."""

    name: str
    title: str
    findings: tuple[Finding, ...]
    charts: tuple[str, ...]  # names
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything on the page."""

    target: str
    currency: str
    as_of: str
    period: str  # the two periods compared, in words
    figures: Mapping[str, tuple[Figure, ...]]  # by the key of a scope
    scopes: tuple[tuple[Scope, str], ...]  # with the label
    short: tuple[Finding, ...]  # the first of each section
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    metrics: Mapping[str, Metric]
    queries: Mapping[str, Query]
    warnings: tuple[str, ...] = ()
