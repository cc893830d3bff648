"""Turns a file of any format into a relation that the engine reads with true line numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.encoding import EXPORT_AGAIN, TextFile, as_utf8
from marketing_analytics.load.excel import excel_rows
from marketing_analytics.load.header import MOST_COLUMNS, check_header, check_names, read_header
from marketing_analytics.load.json_items import json_items
from marketing_analytics.load.model import LoadError, PreparedFile, ReadOptions
from marketing_analytics.load.records import Record, csv_records
from marketing_analytics.load.text_lines import TOO_LONG

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A row has a key of its own, so that so many do not fit into a byte; only made-up files say so.
MOST_ROWS = 100_000_000
MOST_ROWS_PER_BYTE = 10
LONGEST_RAW = 100_000
CSV, PARQUET, JSON, EXCEL = "csv", "parquet", "json", "excel"
FORMATS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".txt": CSV,
    ".parquet": PARQUET,
    ".json": JSON,
    ".jsonl": JSON,
    ".ndjson": JSON,
    ".xlsx": EXCEL,
    ".xls": EXCEL,
    ".ods": EXCEL,
}


def file_format(path: Path) -> str | None:
    """Return how a file is to be read, by its name; None when no data file has such a name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
        found = FORMATS.get(suffixes[-1]) if suffixes else None
        return found if found in (CSV, JSON) else None
    return FORMATS.get(suffixes[-1]) if suffixes else None


def file_stem(path: Path) -> str:
    """Return a file's name in lower case, without the endings that say how to read it."""
    name = path.name.lower().removesuffix(".gz")
    return Path(name).stem if Path(name).suffix in FORMATS else name


def refuse_pipe(path: Path) -> None:
    """Refuse what is there but is no file on disk: every file is read more than once.

    Raises:
        LoadError: it is a pipe, a socket, a device, or a link to nothing.
    """
    if path.is_symlink() and not path.exists():
        raise LoadError(f"{path} is a link to a file that is not there")
    if path.exists() and not path.is_file():
        raise LoadError(f"{path} is not a regular file; save what it gives to a file first")
    refuse_odd_name(path)


def refuse_odd_name(path: Path) -> None:
    """Refuse a file that the engine cannot be told of.

    Raises:
        LoadError: its name is not UTF-8.
    """
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError as error:
        raise LoadError(f"{path}: its name is not UTF-8; rename it, or its folder") from error


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares files; copies that the engine needs go to `folder`."""

    connection: DuckDBPyConnection
    folder: Path

    def prepare(self, path: Path, options: ReadOptions) -> PreparedFile:
        """Return the file with its columns, its number of rows and the lines that are broken.

        Raises:
            LoadError: it cannot be read, or its header does not name the columns.
        """
        kind = file_format(path)
        if kind is None:
            raise LoadError(f"{path}: no known format; known endings are {' '.join(FORMATS)} (.gz)")
        refuse_pipe(path)
        _refuse_options(path, kind, options)
        if kind == PARQUET:
            return self._parquet(path)
        if kind == EXCEL:
            return self._excel(path, options)
        text = as_utf8(path, options.encoding, self._target("utf8"))
        return self._json(path, text) if kind == JSON else self._csv(path, text, options)

    def _target(self, ending: str) -> Path:
        """Return a path in the folder that no other file has."""
        return self.folder / f"{len(list(self.folder.iterdir()))}.{ending}"

    def _parquet(self, path: Path) -> PreparedFile:
        source = f"read_parquet({sql.text(sql.file_name(path))}, hive_partitioning=false"
        try:
            described = self.connection.execute(f"describe select * from {source})").fetchall()
            counted = self.connection.execute(f"select count(*) from {source})").fetchone()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            raise LoadError(f"cannot read {path}: {problem}; {EXPORT_AGAIN}") from error
        columns = tuple((str(row[0]), str(row[1])) for row in described)
        names = ", ".join(sql.name(column) for column, _ in columns)
        check_names(path, [column.strip() for column, _ in columns])
        if "file_row_number" in [column.lower() for column, _ in columns]:
            raise LoadError(f"{path}: no column may be called 'file_row_number'; rename it")
        row_count = int(counted[0]) if counted else 0
        if row_count > max(MOST_ROWS, MOST_ROWS_PER_BYTE * path.stat().st_size):
            raise LoadError(
                f"{path} says that it has {row_count:,} rows, which no real data of its size "
                "have; if you trust it, write it as CSV first"
            )
        return PreparedFile(
            path=path,
            relation=f"select file_row_number + 1 as {sql.LINE}, {names} "
            f"from {source}, file_row_number=true)",
            columns=columns,
            row_count=row_count,
        )

    def _csv(self, path: Path, text: TextFile, options: ReadOptions) -> PreparedFile:
        header_row, header, delimiter = read_header(path, text, options)
        relation = sql.csv_relation(text.path, header, delimiter=delimiter, skip=header_row)
        expected = max(0, text.line_count - header_row)
        if self._count(relation) == expected:
            # One line per record, as the count of line ends says too: the line is known.
            return PreparedFile(
                path=path,
                relation=f"select row_number() over () + {header_row} as {sql.LINE}, * "
                f"from {relation}",
                columns=tuple((column, "VARCHAR") for column in header),
                row_count=expected,
                note=text.note,
            )
        records = csv_records(
            text.path,
            delimiter=delimiter,
            skip=header_row,
            width=len(header),
            fill_short_rows=options.fill_short_rows,
        )
        return self._rewritten(path, header, records, text.note)

    def _count(self, relation: str) -> int | None:
        try:
            row = self.connection.execute(f"select count(*) from {relation}").fetchone()
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return None
        return int(row[0]) if row else None

    def _excel(self, path: Path, options: ReadOptions) -> PreparedFile:
        rows = excel_rows(path, options.sheet)
        wanted = options.header_row
        found = next(((n, cells) for n, cells in rows if wanted is None or n >= wanted), None)
        if found is None or (wanted is not None and found[0] != wanted):
            raise LoadError(f"{path} has no header in row {wanted or 1}")
        header = list(found[1])
        while header and not header[-1]:
            header.pop()  # cells right of the table that only carry a format
        check_header(path, header)
        return self._rewritten(path, header, _fitted(rows, len(header)), None)

    def _json(self, path: Path, text: TextFile) -> PreparedFile:
        # A record may lack a key or bring a new one, so the keys are gathered first.
        header: dict[str, None] = {}
        broken = ""
        for number, item, reason, _ in json_items(text.path):
            header.update(dict.fromkeys(item or ()))
            broken = broken or (f" ({number}: {reason})" if reason else "")
            if len(header) > MOST_COLUMNS:
                break
        if not header:
            raise LoadError(
                f"{path} has no JSON object that can be read{broken}; write an object per line, "
                "or an array of objects"
            )
        check_names(path, list(header))
        records: Iterator[Record] = (
            (number, None if item is None else [item.get(key, "") for key in header], reason, raw)
            for number, item, reason, raw in json_items(text.path)
        )
        return self._rewritten(path, list(header), records, text.note)

    def _rewritten(
        self, path: Path, header: list[str], records: Iterable[Record], note: str | None
    ) -> PreparedFile:
        """Write good records and broken ones to a strict CSV file each, with their lines."""
        good, broken = self._target("good"), self._target("broken")
        good_count = broken_count = 0
        with (
            good.open("w", encoding="utf-8", newline="") as good_file,
            broken.open("w", encoding="utf-8", newline="") as broken_file,
        ):
            for line, fields, reason, raw in records:
                row = None if fields is None else _row([str(line), *fields])
                if row is not None and not _is_too_long(row):
                    good_file.write(row)
                    good_count += 1
                    continue
                problem = [TOO_LONG, json.dumps(fields)] if row is not None else [reason, raw]
                broken_file.write(_row([str(line), problem[0], _beginning(problem[1])]))
                broken_count += 1
        relation = sql.csv_relation(good, ["mktg:line", *header], delimiter=",", skip=0)
        if self._count(relation) != good_count:
            raise LoadError(f"cannot read {path}: a row in it is too long or holds odd characters")
        names = ", ".join(sql.name(column) for column in header)
        return PreparedFile(
            path=path,
            relation=f"select cast({sql.LINE} as bigint) as {sql.LINE}, {names} from {relation}",
            columns=tuple((column, "VARCHAR") for column in header),
            row_count=good_count,
            broken=broken if broken_count else None,
            broken_count=broken_count,
            note=note,
        )


def broken_relation(file: PreparedFile) -> str:
    """Return a relation of a file's broken lines: line, reason and the raw text."""
    columns = ["line", "reason", "raw"]
    return sql.csv_relation(file.broken or Path(), columns, delimiter=",", skip=0)


def _row(fields: list[str]) -> str:
    return '"' + '","'.join(field.replace('"', '""') for field in fields) + '"\n'


def _is_too_long(row: str) -> bool:
    """Return whether the engine would not read a row, whose letters have 4 bytes at most."""
    return len(row) > sql.LONGEST_ROW // 4 and len(row.encode()) >= sql.LONGEST_ROW


def _beginning(raw: str) -> str:
    """Return JSON as it is, or the beginning of a very long one as a JSON text."""
    return raw if len(raw) <= LONGEST_RAW else json.dumps(raw[:LONGEST_RAW], ensure_ascii=False)


def _fitted(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Record]:
    for number, cells in rows:
        if any(cells[width:]):
            yield number, None, "a value to the right of the last column", json.dumps(cells)
        else:
            yield number, (cells + [""] * width)[:width], "", ""


def _refuse_options(path: Path, kind: str, options: ReadOptions) -> None:
    allowed = {
        CSV: ("encoding", "delimiter", "header_row", "fill_short_rows"),
        JSON: ("encoding",),
        EXCEL: ("sheet", "header_row"),
        PARQUET: (),
    }[kind]
    for option in fields(options):
        if getattr(options, option.name) != option.default and option.name not in allowed:
            raise LoadError(f"{path}: `{option.name}` means nothing for a {kind} file")
