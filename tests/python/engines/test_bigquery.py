"""GoogleSQL's reference engine runs every model and test, and answers as DuckDB does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from engines.required import require

require("warehouses", "zetasql", "sqlglot", "dbt.adapters.bigquery")

import wasmtime  # noqa: E402 (after what may skip)

from engines.alike import assert_alike  # noqa: E402
from marketing_analytics.engines.compare import Table  # noqa: E402
from marketing_analytics.engines.warehouses import googlesql  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.warehouses.googlesql import GoogleSql

COLUMNS = (
    ("customer_id", "VARCHAR"),
    ("order_count", "BIGINT"),
    ("amount", "DECIMAL(18,2)"),
    ("share", "DECIMAL(38,12)"),
    ("rate", "DOUBLE"),
    ("is_guest", "BOOLEAN"),
    ("order_date", "DATE"),
    ("paid_at", "TIMESTAMP"),
)
ROWS = (
    (
        *("ä", -(2**62), Decimal("-1234567890123456.78"), Decimal("12345678901234.123456789012")),
        *(0.1, True, date(1969, 12, 31), datetime(2024, 2, 29, 23, 59, 59, 999999)),
    ),
    (None,) * len(COLUMNS),
)


@pytest.fixture(scope="module")
def engine() -> GoogleSql:
    return googlesql.GoogleSql()


def test_the_trap_sets_are_alike(worker: DbtWorker, traps_folder: Path, tmp_path: Path) -> None:
    assert_alike("bigquery", traps_folder / "local.duckdb", worker, tmp_path)


@pytest.mark.full
def test_the_sample_is_alike(worker: DbtWorker, sample_folder: Path, tmp_path: Path) -> None:
    assert_alike("bigquery", sample_folder / "sample.duckdb", worker, tmp_path)


def test_values_come_back_as_they_went_in(engine: GoogleSql) -> None:
    given = googlesql.relation(COLUMNS, ROWS)
    found = engine.query("select * from orders", {"orders": given}).table()
    assert found == Table(columns=tuple(name for name, _ in COLUMNS), rows=ROWS)


def test_a_table_may_have_no_rows(engine: GoogleSql) -> None:
    given = googlesql.relation(COLUMNS, ROWS)
    for empty in (googlesql.relation(COLUMNS, ()), given.emptied()):
        found = engine.query("select count(*) as row_count from orders", {"orders": empty})
        assert found.table().rows == ((0,),)


def test_arithmetic_is_that_of_googlesql(engine: GoogleSql) -> None:
    # A numeric has 9 digits after the point and rounds half away from zero: the language's manual.
    rounded = "select cast(1.005 as numeric) as a, round(numeric '-2.5') as b, div(7, 2) as c"
    assert engine.query(rounded, {}).table().rows == ((Decimal("1.005"), Decimal(-3), 3),)


@pytest.mark.parametrize(
    "sql",
    [
        "select '1'::int64",
        "select count(*) filter (where true) from unnest([1])",
        "select 'a' as b having max(1) = 1",
        "select no_such_column from unnest([1]) as x",
        "select cast('a' as int64)",
    ],
)
def test_it_refuses_what_bigquery_refuses(engine: GoogleSql, sql: str) -> None:
    with pytest.raises(googlesql.GoogleSqlError):
        engine.query(sql, {})


def test_a_broken_cache_is_made_again_and_then_kept(
    engine: GoogleSql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine is not None  # so the compiled module is there, and need not be compiled again
    good = googlesql.kept_module()
    monkeypatch.setattr(
        "wasmtime.Module.from_file",
        lambda engine, _: wasmtime.Module.deserialize_file(engine, str(good)),
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = googlesql.kept_module()
    made.parent.mkdir(parents=True)
    made.write_bytes(b"broken")
    googlesql.GoogleSql()
    assert made.read_bytes() == good.read_bytes()
    changed = made.stat().st_mtime_ns
    googlesql.GoogleSql()
    assert made.stat().st_mtime_ns == changed
