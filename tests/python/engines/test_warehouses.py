"""Redshift, Snowflake and Databricks: translated to DuckDB, the models answer as its own do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines.required import require

require("warehouses", "sqlglot", "dbt.adapters.snowflake", "dbt.adapters.databricks")

from conftest import PROJECT  # noqa: E402 (after what may skip)
from marketing_analytics.engines.warehouses.check import check  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker


@pytest.mark.parametrize("warehouse", ["redshift", "snowflake", "databricks"])
def test_the_sample_is_alike(
    worker: DbtWorker, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory, warehouse: str
) -> None:
    folder = tmp_path_factory.mktemp(warehouse)
    checked = check(warehouse, sample_folder / "sample.duckdb", worker, folder)
    assert [str(finding) for finding in checked.findings] == []
    assert checked.model_count == len(list((PROJECT / "models").rglob("*.sql")))
    assert checked.test_count > 800
