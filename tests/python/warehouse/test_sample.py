"""The built sample keeps the promises that no single model can keep alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def test_a_build_of_the_sample_ends_without_warnings(sample_folder: Path) -> None:
    results = json.loads((sample_folder / "run_results.json").read_text())["results"]
    bad = [r["unique_id"] for r in results if r["status"] not in ("success", "pass", "no-op")]
    assert len(results) > 250
    assert bad == []


def test_every_stage_of_the_sample_reconciles(sample: DuckDBPyConnection) -> None:
    rows = sample.execute(
        "select stage, unexplained_total, is_reconciled from marketing.funnel_reconciliation"
    ).fetchall()
    assert len(rows) == 7
    assert all(unexplained == 0 and reconciled for _, unexplained, reconciled in rows)


def test_a_renamed_copy_of_the_database_still_answers(sample_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "renamed.duckdb"
    copy.write_bytes((sample_folder / "sample.duckdb").read_bytes())
    connection = connect(copy, read_only=True)
    views = connection.execute(
        "select schema_name, view_name from duckdb_views() where not internal"
    ).fetchall()
    assert len(views) > 20
    for schema, view in views:
        connection.execute(f"select * from {schema}.{view}").fetchall()
    connection.close()
