"""Puts the page together: what is read, the sentences, and in which order they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.metrics import read_metrics
from marketing_analytics.reconciliations import RECONCILIATIONS
from marketing_analytics.report.facts import Figure, Finding, Report, Row, Scope, Section, Table
from marketing_analytics.report.figures import QUERIES
from marketing_analytics.report.figures.changes import PERIOD_DAYS
from marketing_analytics.report.findings import (
    changes,
    credit,
    customers,
    domains,
    forecast,
    leaks,
    trust,
)
from marketing_analytics.report.gaps import read_gaps
from marketing_analytics.report.read import read_all, read_definitions
from marketing_analytics.report.results import read_rejected, read_results

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.metrics import Metric

MOST_CAMPAIGNS = 60  # in the filter: those with the highest spend
# Each section's name and title, its charts and its tables; trust comes in between.
LAYOUT = (
    ("changed", "What changed", ("weeks",), ("campaign_periods", "weeks")),
    ("leaks", "Where the money leaks", ("leaks",), ("campaign_leaks",)),
    (
        "customers",
        "What our customers are worth",
        ("channel_value", "value_tiers"),
        ("channel_value", "value_tiers", "cohort_value"),
    ),
    ("credit", "Who deserves the credit", ("credit",), ("channel_credit", "campaign_credit")),
    (
        "next",
        "What happens next",
        ("backtests", "next_actions"),
        ("forecasts", "backtests", "next_actions"),
    ),
    (
        "shop",
        "The shop",
        ("shop_products",),
        ("shop_segments", "shop_products", "shop_channels", "shop_retention"),
    ),
    ("finance", "Finance", ("finance_quarters",), ("finance_quarters", "finance_segments")),
    (
        "gaming",
        "Gaming",
        ("player_channels",),
        ("player_tiers", "player_channels", "player_jackpots"),
    ),
)
IN_SHORT = ("changed", "leaks", "customers", "trust", "shop", "finance", "gaming")


def collect(
    connection: DuckDBPyConnection,
    *,
    project: Path,
    target: str,
    currency: str,
    run_results: Path,
) -> Report:
    """Return everything that the page shows, with the definitions of the project's metrics.

    Raises:
        MarketingAnalyticsError: no domain is built or has data, or a mart is that of another
            version.
    """
    tables = read_all(connection, QUERIES.values())
    if not any(f"{domain}_reconciliation" in tables for domain in RECONCILIATIONS):
        raise MarketingAnalyticsError(
            "the marts are not built yet, or nothing is loaded; run `mktg load`, then "
            "`mktg build` or `dbt build`, with the same --target"
        )
    scopes = _scopes(tables)
    if "weeks" in tables:
        tables["weeks"] = _rolled_up(tables["weeks"], {scope.campaign for scope, _ in scopes})
    metrics = read_metrics(project)
    figures = _figures(tables, scopes, metrics)
    sections = _sections(tables, figures.get(Scope().key, ()), currency)
    believed = trust.findings(
        tables,
        read_results(run_results, target),
        read_rejected(connection),
        read_gaps(connection, project, target),
    )
    sections.insert(_place_of_trust(sections), _trust(tables, believed))
    return Report(
        target=target,
        currency=currency,
        as_of=_as_of(tables),
        period=_period(tables),
        figures=figures,
        scopes=scopes,
        short=tuple(
            section.findings[0]
            for section in sections
            if section.findings and section.name in IN_SHORT
        ),
        sections=tuple(sections),
        definitions=read_definitions(connection, _marts(sections, figures)),
        metrics=metrics,
        queries={name: QUERIES[name] for name in tables},
        warnings=tuple(finding.text for finding in believed if finding.tone == "bad"),
    )


def _scopes(tables: Mapping[str, Table]) -> tuple[tuple[Scope, str], ...]:
    """Return what the filter offers: everything, each channel, and each campaign with a name."""
    channels: set[str] = set()
    for table in tables.values():
        if table.query.channel is not None:
            channels |= {row[table.query.channel] for row in table.rows}
    found = [(Scope(), "everything")]
    found += [(Scope(channel=name), name) for name in sorted(channels - {changes.NO_CAMPAIGN})]
    known = {
        row["campaign_id"]: row
        for name in ("campaign_periods", "campaign_leaks")
        if name in tables
        for row in tables[name].rows
        if row["campaign_id"] != changes.NO_CAMPAIGN
    }
    largest = sorted(known.values(), key=_spend, reverse=True)[:MOST_CAMPAIGNS]
    campaigns = sorted(largest, key=lambda row: (row["channel"], row["campaign_name"]))
    found += [
        (Scope(channel=row["channel"], campaign=row["campaign_id"]), row["campaign_name"])
        for row in campaigns
    ]
    return tuple(found)


def _spend(row: Row) -> float:
    return float(row.get("spend_amount", row.get("current_spend", 0)))


def _rolled_up(weeks: Table, named: set[str | None]) -> Table:
    """Return the weeks of the campaigns in the filter, and of all others by channel."""
    sums: dict[tuple[Any, ...], Row] = {}
    for row in weeks.rows:
        campaign = row["campaign_id"] if row["campaign_id"] in named else None
        key = (row["week_end"], row["channel"], campaign)
        before = sums.get(key)
        sums[key] = {**row, "campaign_id": campaign} if before is None else _added(before, row)
    return replace(weeks, rows=tuple(sums.values()))


def _added(before: Row, row: Row) -> Row:
    measures = ("spend", "revenue", "conversions")
    return {**before, **{name: before[name] + row[name] for name in measures}}


def _figures(
    tables: Mapping[str, Table],
    scopes: tuple[tuple[Scope, str], ...],
    metrics: Mapping[str, Metric],
) -> dict[str, tuple[Figure, ...]]:
    if "campaign_periods" not in tables or not _has_two_periods(tables):
        return {}
    periods = tables["campaign_periods"]
    return {scope.key: changes.figures(periods, scope, metrics) for scope, _ in scopes}


def _has_two_periods(tables: Mapping[str, Table]) -> bool:
    span = tables["span"].rows[0]
    return bool((span["last_day"] - span["first_day"]).days + 1 >= 2 * PERIOD_DAYS)


def _sections(
    tables: Mapping[str, Table], figures: tuple[Figure, ...], currency: str
) -> list[Section]:
    """Return the sections that have something to say, in the order of the page."""
    said = _findings(tables, figures, currency)
    return [
        Section(
            name=name,
            title=title,
            findings=said[name],
            charts=charts,
            tables=tuple(tables[query] for query in queries if query in tables),
        )
        for name, title, charts, queries in LAYOUT
        if any(query in tables for query in queries)
    ]


def _findings(
    tables: Mapping[str, Table], figures: tuple[Figure, ...], currency: str
) -> dict[str, tuple[Finding, ...]]:
    leaking, credited = tables.get("campaign_leaks"), tables.get("channel_credit")
    return {
        "changed": _changed(tables, figures, currency),
        "leaks": leaks.findings(leaking, currency) if leaking else (),
        "customers": customers.findings(tables, currency),
        "credit": credit.findings(credited) if credited else (),
        "next": forecast.findings(tables, currency),
        "shop": domains.shop(tables, currency),
        "finance": domains.finance(tables, currency),
        "gaming": domains.gaming(tables),
    }


def _changed(
    tables: Mapping[str, Table], figures: tuple[Figure, ...], currency: str
) -> tuple[Finding, ...]:
    if figures:
        return changes.findings(figures, currency)
    if "span" not in tables:
        return ()
    text = f"There are not yet two times {PERIOD_DAYS} days to compare."
    return (Finding(text=text, query="span", tone="low volume"),)


def _place_of_trust(sections: list[Section]) -> int:
    """Return where trust stands: after marketing and before what others add, else last."""
    added = ("shop", "finance", "gaming")
    places = [place for place, section in enumerate(sections) if section.name in added]
    return places[0] if places and places[0] else len(sections)


def _trust(tables: Mapping[str, Table], found: tuple[Finding, ...]) -> Section:
    names = ("builds", *(f"{domain}_reconciliation" for domain in RECONCILIATIONS))
    return Section(
        name="trust",
        title="Whether to believe it",
        findings=found,
        charts=(),
        tables=tuple(tables[name] for name in names if name in tables),
    )


def _as_of(tables: Mapping[str, Table]) -> str:
    days = [
        row["as_of_date"]
        for domain in RECONCILIATIONS
        if f"{domain}_reconciliation" in tables
        for row in tables[f"{domain}_reconciliation"].rows
    ]
    return str(max(days))


def _period(tables: Mapping[str, Table]) -> str:
    if "span" not in tables:
        return ""
    last = tables["span"].rows[0]["last_day"]
    first = last - timedelta(days=PERIOD_DAYS - 1)
    before = first - timedelta(days=PERIOD_DAYS), first - timedelta(days=1)
    return f"{first} to {last} against {before[0]} to {before[1]}"


def _marts(sections: list[Section], figures: Mapping[str, tuple[Figure, ...]]) -> list[str]:
    found = [table.query.mart for section in sections for table in section.tables]
    found += [figure.mart for one in figures.values() for figure in one]
    return list(dict.fromkeys(found))
