"""Redshift, Snowflake and Databricks: translated to DuckDB, the models answer as its own do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines.required import require

require("warehouses", "sqlglot", "dbt.adapters.snowflake", "dbt.adapters.databricks")

from engines.alike import assert_alike  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker


WAREHOUSES = ["redshift", "snowflake", "databricks"]


# Redshift has the most macros of its own and the fewest functions.
@pytest.mark.parametrize(
    "warehouse",
    [
        "redshift",
        pytest.param("snowflake", marks=pytest.mark.full),
        pytest.param("databricks", marks=pytest.mark.full),
    ],
)
def test_the_trap_sets_are_alike(
    worker: DbtWorker, traps_folder: Path, tmp_path: Path, warehouse: str
) -> None:
    assert_alike(warehouse, traps_folder / "local.duckdb", worker, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("warehouse", WAREHOUSES)
def test_the_sample_is_alike(
    worker: DbtWorker, sample_folder: Path, tmp_path: Path, warehouse: str
) -> None:
    assert_alike(warehouse, sample_folder / "sample.duckdb", worker, tmp_path)
