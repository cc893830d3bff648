"""Writes a first mapping for files that nobody has described yet, for a person to correct."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.console import printable
from marketing_analytics.load import sql
from marketing_analytics.load.clues import likely_header_row
from marketing_analytics.load.discovery import data_files
from marketing_analytics.load.encoding import EXPORT_AGAIN
from marketing_analytics.load.first_entry import Look, entry, guess, is_total
from marketing_analytics.load.interrupt import interruptible
from marketing_analytics.load.model import LoadError, PreparedFile, ReadOptions
from marketing_analytics.load.prepare import CSV, Preparer, file_format, file_stem
from marketing_analytics.raw_schema import RawSource, RawTable
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE_ROWS = 200
TOTAL_COLUMNS = 3


@interruptible()
def write_first_mapping(source: RawSource, given: Sequence[Path], target: Path) -> str:
    """Write a mapping with guesses for the files to `target` and return what to do next.

    Raises:
        LoadError: the target is there already, or there is no data file.
    """
    if target.exists():
        raise LoadError(f"{target} exists; give another name with --map")
    if not given:
        raise LoadError("say with --from where the files are")
    looks = [_look(path, base) for base in given for path in _files_of(base)]
    if not looks:
        raise LoadError(f"no data file in {', '.join(str(path) for path in given)}")
    text = first_mapping(source, looks)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(text)
    places = " ".join(f"--from {shlex.quote(str(path))}" for path in given)
    return (
        f"wrote {target} with a guess for {len(looks)} files; correct it, then run "
        f"mktg load {source.name} {places} --map {shlex.quote(str(target))} --dry-run"
    )


def _files_of(base: Path) -> list[Path]:
    return data_files(base) if base.is_dir() else [base]


def _look(path: Path, base: Path) -> Look:
    with tempfile.TemporaryDirectory() as folder:
        header_row = likely_header_row(path, Path(folder))
        is_csv = file_format(path) == CSV
        options = ReadOptions(header_row=header_row, fill_short_rows=is_csv)
        connection = in_memory()
        try:
            file = Preparer(connection, Path(folder)).prepare(path, options)
            names = ", ".join(f"cast({sql.name(column)} as varchar)" for column, _ in file.columns)
            query = f"select {names} from ({file.relation}) limit {SAMPLE_ROWS}"
            rows = connection.execute(query).fetchall()
            total_column = _total_column(connection, file)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            raise LoadError(f"cannot read {path}: {problem}; {EXPORT_AGAIN}") from error
        finally:
            connection.close()
    return Look(
        name=os.path.relpath(path, base) if base.is_dir() else path.name,
        path=path,
        header_row=header_row,
        samples=_samples(file, rows),
        total_column=total_column,
    )


def _total_column(connection: DuckDBPyConnection, file: PreparedFile) -> str | None:
    """Return the column, if any, that says in some rows that they are totals."""
    for column, kind in file.columns[:TOTAL_COLUMNS]:
        query = f"select count(*) from ({file.relation}) where {is_total(column)}"
        row = connection.execute(query).fetchone() if kind == "VARCHAR" else None
        if row and row[0]:
            return column
    return None


def _samples(file: PreparedFile, rows: list[tuple[str | None, ...]]) -> dict[str, list[str]]:
    return {
        column: [value for row in rows if (value := (row[i] or "").strip())]
        for i, (column, _) in enumerate(file.columns)
    }


def first_mapping(source: RawSource, looks: Sequence[Look]) -> str:
    """Return the text of a mapping that feeds each file into the table that it fits best."""
    lines = [
        f"# A first mapping for {source.name}. Everything marked `guess` wants a look;",
        "# docs/loading.md explains each key.",
        "tables:",
    ]
    unknown = []
    per_table: dict[str, list[str]] = {}
    for look in looks:
        table = _best_table(source, look)
        if table is None:
            columns = ", ".join(look.samples)
            unknown.append(printable(f"# {look.name}: fits no table; its columns are {columns}"))
        else:
            per_table.setdefault(table.name, []).extend(entry(table, look))
    for table in source.tables:
        if table.name in per_table:
            lines += [f"  {table.name}:", *per_table[table.name]]
        else:
            lines.append(f"  # {table.name}: no file looks like it")
    if not per_table:
        lines[2] = "tables: {}"
    return "\n".join([*lines, *unknown]) + "\n"


def _best_table(source: RawSource, look: Look) -> RawTable | None:
    stem = file_stem(look.path)
    for table in source.tables:
        if stem in (table.name, f"raw_{table.name}"):
            return table
    best, best_score = None, 0.0
    for table in source.tables:
        found = [column for column in table.columns if guess(table, column, look)]
        # A column that needs a value says more about a table than one that may be empty.
        score = sum(1.0 if column.nullable else 2.0 for column in found)
        score /= sum(1.0 if column.nullable else 2.0 for column in table.columns)
        if len(found) > 1 and score > best_score:
            best, best_score = table, score
    return best
