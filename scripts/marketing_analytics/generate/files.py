"""Writes generated data to files: all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeAlias

import duckdb

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Generator, Request
    from marketing_analytics.raw_schema import RawSource, RawTable

Format: TypeAlias = Literal["csv", "parquet"]

COPY_OPTIONS: dict[Format, str] = {
    "csv": "format csv, header true, nullstr ''",
    "parquet": "format parquet, compression zstd",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A generated file and the number of its rows."""

    path: Path
    row_count: int


def seed_files(project: Path, source: str) -> tuple[Path, str]:
    """Return the folder of a source's sample in the project and the prefix of its files."""
    return project / "seeds" / "sample" / source, f"sample_{source}__"


def write(
    source: RawSource,
    generator: Generator,
    request: Request,
    *,
    folder: Path,
    file_format: Format,
    prefix: str = "",
    overwrite: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> list[WrittenFile]:
    """Write one file per table of the source into the folder and return them in order.

    Nothing appears under its final name before everything is complete.

    Raises:
        MarketingAnalyticsError: a file exists already, or the folder cannot be written to.
    """
    paths = {table.name: folder / f"{prefix}{table.name}.{file_format}" for table in source.tables}
    existing = [path for path in paths.values() if path.exists()]
    if existing and not overwrite:
        names = ", ".join(path.name for path in existing)
        raise MarketingAnalyticsError(
            f"{folder} already holds {names}; choose another --output, or --force to replace them"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".generate-") as name:
            work = Path(name)
            counts = _write_tables(
                source, generator, request, work, file_format=file_format, progress=progress
            )
            for table, path in paths.items():
                (work / table).replace(path)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise MarketingAnalyticsError(
            f"cannot write to {folder}: {reason}; choose another --output"
        ) from error
    return [WrittenFile(path=path, row_count=counts[table]) for table, path in paths.items()]


def _write_tables(
    source: RawSource,
    generator: Generator,
    request: Request,
    work: Path,
    *,
    file_format: Format,
    progress: Callable[[str], None],
) -> dict[str, int]:
    """Write each table to a file of its name in the working folder; return the row counts."""
    counts = {}
    connection = connect(work / "work.duckdb")
    try:
        _configure(connection, work)
        progress(f"{source.name}: drawing")
        generator.prepare(connection, request)
        for table in source.tables:
            progress(f"{source.name}: writing {table.name}")
            rows = connection.execute(
                f"copy ({_typed(table, generator.query(table.name))}) "
                f"to '{_quoted(work / table.name)}' ({COPY_OPTIONS[file_format]})"
            ).fetchall()
            counts[table.name] = int(rows[0][0])
    finally:
        connection.close()
    return counts


def _configure(connection: DuckDBPyConnection, work: Path) -> None:
    """Spill to the working folder instead of growing; keep the order of rows."""
    connection.execute("set memory_limit = '2GB'")
    connection.execute(f"set temp_directory = '{_quoted(work / 'spill')}'")
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set enable_progress_bar = false")


def _typed(table: RawTable, query: str) -> str:
    """Return the query with the declared columns, in their order and types."""
    columns = ", ".join(
        f'cast("{column.name}" as {column.data_type}) as "{column.name}"'
        for column in table.columns
    )
    return f"select {columns} from ({query})"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
