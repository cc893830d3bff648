"""How the last build ended, and what its load refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

FINE = ("pass", "success", "no-op")
TESTS = ("test", "unit_test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that did not pass."""

    name: str
    status: str
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The tests in a run_results.json."""

    invocation: str
    passed_count: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A raw table of which `mktg load` refused rows."""

    table: str
    row_count: int


def read_results(path: Path) -> Results | None:
    """Return what a run_results.json says; None where there is none that can be read."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        tests = [one for one in raw["results"] if one["unique_id"].split(".")[0] in TESTS]
        return Results(
            invocation=raw["metadata"]["invocation_id"],
            passed_count=sum(one["status"] in FINE for one in tests),
            failures=tuple(
                Failure(
                    name=one["unique_id"].split(".")[2],
                    status=one["status"],
                    row_count=one.get("failures") or 0,
                )
                for one in sorted(tests, key=lambda one: str(one["unique_id"]))
                if one["status"] not in FINE
            ),
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


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
