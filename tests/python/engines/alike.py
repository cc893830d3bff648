"""The check of a warehouse that is not there, over a build of DuckDB's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import PROJECT
from marketing_analytics.engines.warehouses.check import check

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker


def assert_alike(warehouse: str, database: Path, worker: DbtWorker, folder: Path) -> None:
    checked = check(warehouse, database, worker, folder)
    findings = "\n".join(map(str, checked.findings))
    assert not findings, findings
    assert checked.model_count == len(list((PROJECT / "models").rglob("*.sql")))
    assert checked.test_count > 800
