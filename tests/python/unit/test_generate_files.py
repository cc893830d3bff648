from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from conftest import PROJECT
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.generate.files import Format, write
from marketing_analytics.generate.registry import GENERATORS, generator
from marketing_analytics.generate.request import Request
from marketing_analytics.raw_schema import raw_source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SMALL = Request(days=120, scale=0.3)
SOURCES = pytest.mark.parametrize("source", sorted(GENERATORS))


def digests(
    source: str, folder: Path, request: Request, file_format: Format = "csv"
) -> dict[str, str]:
    declared = raw_source(PROJECT, source)
    files = write(declared, generator(source), request, folder=folder, file_format=file_format)
    return {file.path.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files}


@SOURCES
@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_request_gives_the_same_bytes(
    source: str, tmp_path: Path, file_format: Format
) -> None:
    first = digests(source, tmp_path / "first", SMALL, file_format)
    assert digests(source, tmp_path / "second", SMALL, file_format) == first


@pytest.mark.parametrize(
    "other",
    [
        Request(days=120, scale=0.3, seed=8),
        Request(days=120, scale=0.3, as_of=date(2024, 6, 29)),
        Request(days=119, scale=0.3),
        Request(days=120, scale=0.4),
    ],
)
@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("marketing_raw", "sessions.csv"),
        ("dbt_production", "orders.csv"),
        ("lottery_raw", "funnel_spend.csv"),
    ],
)
def test_another_request_gives_other_rows(
    source: str, file: str, tmp_path: Path, other: Request
) -> None:
    first = digests(source, tmp_path / "first", SMALL)
    second = digests(source, tmp_path / "second", other)
    assert first[file] != second[file]


@SOURCES
def test_columns_and_types_are_those_declared(source: str, tmp_path: Path) -> None:
    digests(source, tmp_path, SMALL, "parquet")
    for table in raw_source(PROJECT, source).tables:
        found = duckdb.execute(f"describe from '{tmp_path / table.name}.parquet'").fetchall()
        assert [(row[0], row[1].lower().replace(",", ", ")) for row in found] == [
            (column.name, column.data_type) for column in table.columns
        ]


@SOURCES
def test_keys_are_unique_and_required_columns_filled(source: str, tmp_path: Path) -> None:
    digests(source, tmp_path, SMALL, "parquet")
    for table in raw_source(PROJECT, source).tables:
        rows = duckdb.read_parquet(str(tmp_path / f"{table.name}.parquet"))
        count = rows.aggregate("count(*)").fetchall()[0][0]
        assert count > 0
        assert rows.select(", ".join(table.key)).distinct().aggregate("count(*)").fetchall() == [
            (count,)
        ]
        for column in table.columns:
            if not column.nullable:
                assert rows.filter(f'"{column.name}" is null').fetchall() == []


@SOURCES
def test_csv_has_no_quotes_and_leaves_empty_what_is_null(source: str, tmp_path: Path) -> None:
    digests(source, tmp_path, Request(days=182))
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert '"' not in text
        assert "NULL" not in text
        assert "\r" not in text


@SOURCES
@pytest.mark.parametrize(("days", "scale"), [(1, 1), (2, 0.001), (400, 0.01)])
def test_extreme_requests_give_all_files(
    source: str, tmp_path: Path, days: int, scale: float
) -> None:
    files = digests(source, tmp_path, Request(days=days, scale=scale))
    assert len(files) == len(raw_source(PROJECT, source).tables)


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    class FullDisk:
        default_days = 1

        def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
            raise OSError(28, "No space left on device")

        def query(self, table: str) -> str:
            raise NotImplementedError

    with pytest.raises(MarketingAnalyticsError, match="No space left on device"):
        write(
            raw_source(PROJECT, "marketing_raw"),
            FullDisk(),
            SMALL,
            folder=tmp_path,
            file_format="csv",
        )
    assert list(tmp_path.iterdir()) == []


def test_a_source_without_generator_is_explained() -> None:
    with pytest.raises(MarketingAnalyticsError, match="marketing_raw can"):
        generator("nowhere")
