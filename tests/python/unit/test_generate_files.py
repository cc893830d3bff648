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
from marketing_analytics.generate.registry import generator
from marketing_analytics.generate.request import Request
from marketing_analytics.raw_schema import raw_source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SOURCE = raw_source(PROJECT, "marketing_raw")
SMALL = Request(days=120, scale=0.3)


def digests(folder: Path, request: Request, file_format: Format = "csv") -> dict[str, str]:
    files = write(
        SOURCE, generator("marketing_raw"), request, folder=folder, file_format=file_format
    )
    return {file.path.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_request_gives_the_same_bytes(tmp_path: Path, file_format: Format) -> None:
    first = digests(tmp_path / "first", SMALL, file_format)
    assert digests(tmp_path / "second", SMALL, file_format) == first


@pytest.mark.parametrize(
    "other",
    [
        Request(days=120, scale=0.3, seed=8),
        Request(days=120, scale=0.3, as_of=date(2024, 6, 29)),
        Request(days=119, scale=0.3),
        Request(days=120, scale=0.4),
    ],
)
def test_another_request_gives_other_sessions(tmp_path: Path, other: Request) -> None:
    first = digests(tmp_path / "first", SMALL)
    second = digests(tmp_path / "second", other)
    assert first["sessions.csv"] != second["sessions.csv"]


def test_columns_and_types_are_those_declared(tmp_path: Path) -> None:
    digests(tmp_path, SMALL, "parquet")
    for table in SOURCE.tables:
        found = duckdb.execute(f"describe from '{tmp_path / table.name}.parquet'").fetchall()
        assert [(row[0], row[1].lower().replace(",", ", ")) for row in found] == [
            (column.name, column.data_type) for column in table.columns
        ]


def test_keys_are_unique_and_required_columns_filled(tmp_path: Path) -> None:
    digests(tmp_path, SMALL, "parquet")
    for table in SOURCE.tables:
        rows = duckdb.read_parquet(str(tmp_path / f"{table.name}.parquet"))
        count = rows.aggregate("count(*)").fetchall()[0][0]
        assert count > 0
        assert rows.select(", ".join(table.key)).distinct().aggregate("count(*)").fetchall() == [
            (count,)
        ]
        for column in table.columns:
            if not column.nullable:
                assert rows.filter(f'"{column.name}" is null').fetchall() == []


def test_csv_has_no_quotes_and_leaves_empty_what_is_null(tmp_path: Path) -> None:
    digests(tmp_path, Request(days=182))
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert '"' not in text
        assert "NULL" not in text
        assert "\r" not in text


@pytest.mark.parametrize(("days", "scale"), [(1, 1), (2, 0.001), (400, 0.01)])
def test_extreme_requests_give_all_files(tmp_path: Path, days: int, scale: float) -> None:
    assert len(digests(tmp_path, Request(days=days, scale=scale))) == 5


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    class FullDisk:
        default_days = 1

        def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
            raise OSError(28, "No space left on device")

        def query(self, table: str) -> str:
            raise NotImplementedError

    with pytest.raises(MarketingAnalyticsError, match="No space left on device"):
        write(SOURCE, FullDisk(), SMALL, folder=tmp_path, file_format="csv")
    assert list(tmp_path.iterdir()) == []


def test_a_source_without_generator_is_explained() -> None:
    with pytest.raises(MarketingAnalyticsError, match="marketing_raw can"):
        generator("nowhere")
