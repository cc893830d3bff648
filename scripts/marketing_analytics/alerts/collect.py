"""Reads what alerts judge: the marts of a target, and how its last build ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb

from marketing_analytics.alerts.facts import (
    BudgetDay,
    FailedTest,
    Series,
    Source,
    Unreconciled,
    World,
)
from marketing_analytics.alerts.queries import (
    BUDGETS,
    READ_DAYS,
    SERIES,
    SOURCES,
)
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.reconciliations import RECONCILIATIONS
from marketing_analytics.review.render.escape import clean
from marketing_analytics.run_results import read_run_results

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.run_results import NodeResult

PASSED = ("success", "pass", "skipped", "no-op", "partial success")
MOST_MESSAGE = 200


def collect(connection: DuckDBPyConnection, as_of: date | None) -> World:
    """Read the daily series, sources, budgets and reconciliations of every domain that is built.

    Raises:
        MarketingAnalyticsError: no domain is built, or by another version.
    """
    newest: dict[str, date] = {}
    rows: list[Unreconciled] = []
    reconciled = 0
    series: list[Series] = []
    sources: list[Source] = []
    try:
        for domain, table in RECONCILIATIONS.items():
            if not _exists(connection, table):
                continue
            stages = _rows(
                connection,
                f"select stage, source_total, unexplained_total, as_of_date from {table} "
                "order by stage",
            )
            reconciled += len(stages)
            rows += [
                Unreconciled(
                    domain=domain,
                    table=table,
                    stage=stage,
                    source_total=float(total or 0),
                    unexplained=float(unexplained),
                )
                for stage, total, unexplained, _ in stages
                if unexplained
            ]
            days = [row[3] for row in stages if row[3] is not None]
            if not days:
                continue  # built, but nothing is loaded
            newest[domain] = max(days)
            last = min(newest[domain], as_of or newest[domain])
            series += _series(connection, domain, last)
            sources += _sources(connection, domain, last)
        budgets = _budgets(connection, newest, as_of)
    except duckdb.Error as error:
        raise MarketingAnalyticsError(
            f"the marts do not answer ({str(error).splitlines()[0]}); build them again"
        ) from error
    if not reconciled:
        raise MarketingAnalyticsError(
            "the marts are not built yet; run `mktg build` or `dbt build` first, "
            "with the same --target"
        )
    return World(
        as_of=newest,
        sources=tuple(sources),
        series=tuple(series),
        budgets=budgets,
        unreconciled=tuple(rows),
        reconciled_count=reconciled,
    )


def _exists(connection: DuckDBPyConnection, table: str) -> bool:
    schema, name = table.split(".")
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, name],
    ).fetchall()
    return bool(found[0][0])


def _rows(
    connection: DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    used = {name: value for name, value in (values or {}).items() if f"${name}" in query}
    return connection.execute(query, used).fetchall()


def _series(connection: DuckDBPyConnection, domain: str, last: date) -> list[Series]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for query in SERIES[domain]:
        ordered = f"from ({query}) order by name, metric, day"
        values = {"day": last, "read_days": READ_DAYS}
        for name, label, metric, kind, source, day, value, base, is_dense in _rows(
            connection, ordered, values
        ):
            one = found.setdefault(
                (name, metric),
                {
                    **{"domain": domain, "name": name, "metric": metric, "kind": kind},
                    **{"source": source, "values": {}, "bases": {}, "is_dense": is_dense},
                },
            )
            one["label"] = clean(label)  # the latest name
            one["values"][day] = value
            if base is not None:
                one["bases"][day] = base
    return [Series(**one) for one in found.values()]


def _sources(connection: DuckDBPyConnection, domain: str, last: date) -> list[Source]:
    return [
        Source(
            domain=domain,
            name=name,
            rows={
                day: count
                for day, count in _rows(
                    connection,
                    f"select {column}, count(*) from {table} "
                    f"where {column} between $day - $read_days and $day group by 1 order by 1",
                    {"day": last, "read_days": 2 * READ_DAYS},
                )
            },
        )
        for name, (table, column) in SOURCES.get(domain, {}).items()
    ]


def _budgets(
    connection: DuckDBPyConnection, newest: dict[str, date], as_of: date | None
) -> tuple[BudgetDay, ...]:
    last = newest.get("marketing")
    if last is None:
        return ()
    return tuple(
        BudgetDay(campaign=campaign, label=clean(label), day=day, budget=budget, spend=spend)
        for campaign, label, day, budget, spend in _rows(
            connection, BUDGETS, {"day": min(last, as_of or last)}
        )
    )


def last_build(
    connection: DuckDBPyConnection, run_results: Path, target: str
) -> tuple[tuple[FailedTest, ...] | None, str]:
    """Return what did not pass in the last build, and a note where that is not known in full.

    `run_results.json` may be of another target or command by now; the database itself knows the
    numbers of its last build.
    """
    audited = _audited(connection)
    ran = read_run_results(run_results, target, audited[0] if audited else None)
    if ran is not None:
        return tuple(_failed(node) for node in ran.nodes if node.status not in PASSED), ""
    if audited is None:
        return None, f"tests were not looked at: {run_results} is not of a build of {target}"
    _, failed, errors, warned = audited
    counted = (("fail", failed), ("error", errors), ("warn", warned))
    return (
        tuple(
            FailedTest(name="last build", status=status, failures=int(count))
            for status, count in counted
            if count
        ),
        f"tests are counted, not named: {run_results} is not of the last build of {target}",
    )


def _failed(node: NodeResult) -> FailedTest:
    message = clean(node.message)[:MOST_MESSAGE]
    return FailedTest(name=node.name, status=node.status, failures=node.failures, message=message)


def _audited(connection: DuckDBPyConnection) -> tuple[str, int, int, int] | None:
    if not _exists(connection, "audit.builds"):
        return None
    rows = connection.execute(
        "select invocation_id, failed_count, error_count, warned_count from audit.builds "
        "where command in ('build', 'test') order by started_at desc, invocation_id limit 1"
    ).fetchall()
    return rows[0] if rows else None
