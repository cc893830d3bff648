"""How the last build ended, and what its load refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.run_results import read_run_results

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

FINE = ("pass", "success", "partial success", "no-op")
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that did not pass, or a model that was not built."""

    name: str
    is_test: bool = True
    status: str
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The tests in a run_results.json, and what else failed."""

    invocation: str
    passed_count: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A raw table of which `mktg load` refused rows."""

    table: str
    row_count: int


def read_results(path: Path, target: str) -> Results | None:
    """Return what a run_results.json says of a target; None where there is none of it.

    What only waited for something that failed comes after what failed.
    """
    ran = read_run_results(path, target, None)
    if ran is None:
        return None
    failed = [node for node in ran.nodes if node.status not in FINE]
    return Results(
        invocation=ran.invocation,
        passed_count=sum(node.is_test and node.status in FINE for node in ran.nodes),
        failures=tuple(
            Failure(
                name=node.name,
                is_test=node.is_test,
                status=node.status,
                row_count=node.failures or 0,
            )
            for node in sorted(failed, key=lambda node: node.status == SKIPPED)
        ),
    )


def read_rejected(connection: DuckDBPyConnection) -> tuple[Rejected, ...]:
    """Return the tables that `mktg load` keeps refused rows in, where there are any rows."""
    tables = connection.execute(
        """
        select table_schema, table_name from information_schema.tables
        where table_schema like '%\\_rejected' escape '\\'
        order by 1, 2
        """
    ).fetchall()
    found = []
    for schema, table in tables:
        quoted = ".".join('"' + name.replace('"', '""') + '"' for name in (schema, table))
        counted = connection.execute(f"select count(*) from {quoted}").fetchone()
        if counted and counted[0]:
            name = f"{schema.removesuffix('_rejected')}.{table}"
            found.append(Rejected(table=name, row_count=counted[0]))
    return tuple(found)
