"""Keeps the rows that made data tests fail, a table for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from marketing_analytics.dbt import FailedNode

SCHEMA = "failed_tests"


def keep_failing_rows(database: Path, failed: Sequence[FailedNode]) -> tuple[str, ...]:
    """Replace what the schema holds by the failing rows of these tests; return whose were kept.

    A test that did not run for an error in its SQL has none.
    """
    kept = []
    connection = connect(database)
    try:
        connection.execute(f"drop schema if exists {SCHEMA} cascade")
        for node in failed:
            if node.kind == "test" and node.row_count:
                connection.execute(f"create schema if not exists {SCHEMA}")
                try:
                    connection.execute(f'create table {SCHEMA}."{node.name}" as {node.sql}')
                except duckdb.Error:
                    continue  # what dbt has run, it has wrapped; that it failed is known anyhow
                kept.append(node.name)
    finally:
        connection.close()
    return tuple(kept)
