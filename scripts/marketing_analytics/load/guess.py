"""Writes a first mapping for files that nobody has described yet, for a person to correct."""

from __future__ import annotations

import difflib
import json
import os
import re
import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.load import sql
from marketing_analytics.load.clues import Clues, clues, likely_header_row
from marketing_analytics.load.conversion import base_type
from marketing_analytics.load.discovery import data_files
from marketing_analytics.load.interrupt import interruptible
from marketing_analytics.load.model import LoadError, PreparedFile, ReadOptions
from marketing_analytics.load.prepare import CSV, Preparer, file_format, file_stem
from marketing_analytics.load.synonyms import SYNONYMS, plain
from marketing_analytics.raw_schema import RawColumn, RawSource, RawTable
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE_ROWS = 200
TOTAL_COLUMNS = 3
TOTAL = r"^\s*(grand )?totals?\s*(:|$)"
CLOSE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file as a person would look at it: where the header is, and some values per column."""

    name: str
    path: Path
    header_row: int | None
    samples: dict[str, list[str]]
    total_column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The file's column that a raw column seems to come from, and why."""

    column: str
    reason: str


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
        query = f"select count(*) from ({file.relation}) where {_is_total(column)}"
        row = connection.execute(query).fetchone() if kind == "VARCHAR" else None
        if row and row[0]:
            return column
    return None


def _is_total(column: str) -> str:
    return f"regexp_matches(coalesce({sql.name(column)}, ''), {sql.text(TOTAL)}, 'i')"


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
            unknown.append(
                f"# {look.name}: fits no table; its columns are {', '.join(look.samples)}"
            )
        else:
            per_table.setdefault(table.name, []).extend(_entry(table, look))
    for table in source.tables:
        if table.name in per_table:
            lines += [f"  {table.name}:", *per_table[table.name]]
        else:
            lines.append(f"  # {table.name}: no file looks like it")
    if not per_table:
        lines[2] = "tables: {}"
    return "\n".join([*lines, *unknown]) + "\n"


def _best_table(source: RawSource, look: Look) -> RawTable | None:
    for table in source.tables:
        if file_stem(look.path) == table.name:
            return table
    best, best_score = None, 0.0
    for table in source.tables:
        found = [column for column in table.columns if _guess(column, look)]
        # A column that needs a value says more about a table than one that may be empty.
        score = sum(1.0 if column.nullable else 2.0 for column in found)
        score /= sum(1.0 if column.nullable else 2.0 for column in table.columns)
        if len(found) > 1 and score > best_score:
            best, best_score = table, score
    return best


def _guess(column: RawColumn, look: Look) -> Guess | None:
    names = {plain(name): name for name in reversed(look.samples)}
    names = {re.sub("_(micros|cents|minor|inminor)$", "", key): names[key] for key in names} | names
    if column.name in names:
        return Guess(column=names[column.name], reason="same name")
    for synonym in SYNONYMS.get(column.name, ()):
        if synonym in names:
            return Guess(column=names[synonym], reason="guess: a usual name for it")
    close = difflib.get_close_matches(column.name, names, n=1, cutoff=CLOSE)
    return Guess(column=names[close[0]], reason="guess: a similar name") if close else None


def _entry(table: RawTable, look: Look) -> list[str]:
    guesses = {column.name: _guess(column, look) for column in table.columns}
    found = {
        column.name: clues(column, guess.column, look.samples[guess.column])
        for column in table.columns
        if (guess := guesses[column.name]) is not None
    }
    lines = [f"    - files: {json.dumps(look.name, ensure_ascii=False)}"]
    if look.header_row is not None and look.header_row > 1:
        lines.append(f"      header_row: {look.header_row}  # guess: titles stand above it")
    lines += _options(list(found.values()))
    if look.total_column is not None:
        condition = json.dumps(f"not {_is_total(look.total_column)}", ensure_ascii=False)
        lines.append(f"      where: {condition}  # guess: leaves out lines of totals")
    lines.append("      columns:")
    for column in table.columns:
        lines.append(
            "        " + _column_line(column, guesses[column.name], found.get(column.name))
        )
    used = {guess.column for guess in guesses.values() if guess}
    unused = [_shown(name, values) for name, values in look.samples.items() if name not in used]
    if unused:
        lines += ["      # columns of the file that nothing uses:"]
        lines += [f"      #   {text}" for text in unused]
    return lines


def _options(found: Sequence[Clues]) -> list[str]:
    lines = []
    if any(clue.decimal_comma for clue in found):
        lines.append('      decimal: ","  # guess: amounts look like 1.234,50')
        lines.append('      thousands: "."  # guess')
    elif any(clue.thousands_comma for clue in found):
        lines.append('      thousands: ","  # guess: numbers look like 1,234')
    empty = sorted({mark for clue in found for mark in clue.empty})
    if empty:
        lines.append(f"      empty: {json.dumps(empty)}  # guess: stands for no value")
    return lines


def _column_line(column: RawColumn, guess: Guess | None, clue: Clues | None) -> str:
    if guess is None or clue is None:
        if column.nullable:
            return f"{column.name}: null  # nothing looks like it; stays empty"
        return f"# {column.name}:  # needs a value: name a column, a value or an expression"
    source = json.dumps(guess.column, ensure_ascii=False)
    parts = [f"from: {source}"]
    comment = guess.reason
    if clue.is_percent:
        expression = f"replace({sql.name(guess.column)}, '%', '')"
        parts = [f"sql: {json.dumps(expression, ensure_ascii=False)}", "divide_by: 100"]
        comment += "; guess: 3.5% is 0.035"
    elif clue.epoch_factor:
        number = f"try_cast({sql.name(guess.column)} as bigint)"
        factor = f" * {clue.epoch_factor}" if clue.epoch_factor > 1 else ""
        parts = [f"sql: {json.dumps(f'make_timestamp({number}{factor})', ensure_ascii=False)}"]
        comment += "; guess: time since 1970, by its length"
    elif clue.divide_by > 1 and base_type(column.data_type) in ("decimal", "double"):
        parts.append(f"divide_by: {clue.divide_by}")
        comment += "; guess: by its name or its values"
    if clue.formats:
        parts.append(f"format: {json.dumps(clue.formats[0])}")
        comment += "; guess by its values"
        if len(clue.formats) > 1:
            comment += f", {' and '.join(clue.formats[1:])} would fit too"
    value = source if parts == [f"from: {source}"] else "{" + ", ".join(parts) + "}"
    return f"{column.name}: {value}  # {comment}"


def _shown(name: str, values: Sequence[str]) -> str:
    return f"{name} (such as {values[0][:40]!r})" if values else f"{name} (empty)"
