"""Reads a mapping file: which files feed which raw table, and how each column comes about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from marketing_analytics.load.model import (
    ColumnRule,
    Input,
    LoadError,
    ReadOptions,
    ValueOptions,
)
from marketing_analytics.raw_schema import RawSource

INPUT_KEYS = (
    "files",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
    "fill_short_rows",
    "decimal",
    "thousands",
    "time_zone",
    "empty",
    "where",
    "columns",
)
COLUMN_KEYS = ("from", "value", "sql", "format", "divide_by")
POWERS_OF_TEN = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def read_mapping(path: Path, source: RawSource, bases: Sequence[Path]) -> list[Input]:
    """Return the inputs that a mapping file describes, in its order, with their files found.

    Files are looked for below `bases`, or next to the mapping file when there are none.

    Raises:
        LoadError: the file is no mapping; the message names the file and the key.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise LoadError(f"cannot read the mapping {path}: {error}") from error
    except yaml.YAMLError as error:
        raise LoadError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    root = _mapping(content, f"{path}", ("tables",))
    tables = _mapping(root.get("tables"), f"{path}: tables", [t.name for t in source.tables])
    inputs = []
    for table, listed in tables.items():
        where = f"{path}: tables.{table}"
        entries = listed if isinstance(listed, list) else [listed]
        if not entries:
            raise LoadError(f"{where}: names no files")
        for number, entry in enumerate(entries):
            place = f"{where}[{number}]" if isinstance(listed, list) else where
            inputs.append(_input(table, entry, place, list(bases) or [path.parent]))
    if not inputs:
        raise LoadError(f"{path}: tables is empty")
    return inputs


def _input(table: str, entry: Any, where: str, bases: Sequence[Path]) -> Input:
    keys = _mapping(entry, where, INPUT_KEYS)
    if "files" not in keys:
        raise LoadError(f"{where}: say under `files` which files feed {table}")
    return Input(
        table=table,
        files=_files(_strings(keys["files"], f"{where}.files"), bases, f"{where}.files"),
        where=where,
        read=_read_options(keys, where),
        values=_value_options(keys, where),
        filter_sql=_string(keys, "where", where),
        rules=_rules(keys.get("columns"), f"{where}.columns"),
    )


def _read_options(keys: dict[str, Any], where: str) -> ReadOptions:
    header_row = keys.get("header_row")
    is_number = isinstance(header_row, int) and not isinstance(header_row, bool)
    if header_row is not None and (not is_number or header_row < 1):
        raise LoadError(f"{where}.header_row: must be the number of the header's line, from 1")
    delimiter = _string(keys, "delimiter", where)
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise LoadError(f"{where}.delimiter: must be one character, or tab")
    return ReadOptions(
        encoding=_string(keys, "encoding", where),
        delimiter=delimiter,
        sheet=_string(keys, "sheet", where),
        header_row=header_row,
        fill_short_rows=_flag(keys, "fill_short_rows", where),
    )


def _value_options(keys: dict[str, Any], where: str) -> ValueOptions:
    decimal = _string(keys, "decimal", where)
    thousands = _string(keys, "thousands", where)
    if decimal not in (None, ".", ","):
        raise LoadError(f'{where}.decimal: must be "." or ","')
    separators = {",", ".", " ", "'"} - {decimal or "."}
    if thousands is not None and thousands not in separators:
        raise LoadError(
            f'{where}.thousands: must be one of "," "." " " "\'" and not the decimal sign'
        )
    return ValueOptions(
        decimal=decimal,
        thousands=thousands,
        time_zone=_string(keys, "time_zone", where) or "UTC",
        empty=tuple(_strings(keys.get("empty", []), f"{where}.empty")),
    )


def _rules(listed: Any, where: str) -> dict[str, ColumnRule | None]:
    if listed is None:
        return {}
    if not isinstance(listed, dict):
        raise LoadError(f"{where}: must name raw columns and where they come from")
    return {str(column): _rule(rule, f"{where}.{column}") for column, rule in listed.items()}


def _rule(rule: Any, where: str) -> ColumnRule | None:
    if rule is None:
        return None
    if not isinstance(rule, dict):
        return ColumnRule(where=where, source=str(rule))
    keys = _mapping(rule, where, COLUMN_KEYS)
    if len([key for key in ("from", "value", "sql") if keys.get(key) is not None]) != 1:
        raise LoadError(f"{where}: give one of `from`, `value` and `sql`")
    divide_by = keys.get("divide_by", 1)
    if divide_by not in POWERS_OF_TEN or isinstance(divide_by, bool):
        raise LoadError(f"{where}.divide_by: must be 10, 100, … or 1000000, not {divide_by!r}")
    value = keys.get("value")
    return ColumnRule(
        where=where,
        source=_string(keys, "from", where),
        constant=str(value).lower() if isinstance(value, bool) else _string(keys, "value", where),
        sql=_string(keys, "sql", where),
        formats=tuple(_strings(keys.get("format", []), f"{where}.format")),
        divide_by=divide_by,
    )


def _mapping(value: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
    """Return a YAML mapping whose keys are all known."""
    known = list(known)
    if not isinstance(value, dict):
        raise LoadError(f"{where}: must have keys such as {', '.join(known)}")
    for key in value:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise LoadError(f"{where}: unknown key {key!r}{hint} Known are: {', '.join(known)}")
    return {str(key): item for key, item in value.items()}


def _string(keys: dict[str, Any], key: str, where: str) -> str | None:
    value = keys.get(key)
    if isinstance(value, dict | list):
        raise LoadError(f"{where}.{key}: must be one value")
    return None if value is None else str(value)


def _flag(keys: dict[str, Any], key: str, where: str) -> bool:
    value = keys.get(key, False)
    if not isinstance(value, bool):
        raise LoadError(f"{where}.{key}: must be true or false")
    return value


def _strings(value: Any, where: str) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    if any(item is None or isinstance(item, dict | list) for item in listed):
        raise LoadError(f"{where}: must be one text or a list of texts")
    return [str(item) for item in listed]


def _files(patterns: Sequence[str], bases: Sequence[Path], where: str) -> tuple[Path, ...]:
    """Return the files that the patterns name, each once, in order within a pattern."""
    found: dict[Path, None] = {}
    for pattern in patterns:
        parts = Path(pattern).parts
        if not pattern.strip() or any("**" in part and part != "**" for part in parts):
            raise LoadError(
                f"{where}: {pattern!r} is no pattern; write a file's name, *.csv for the files of "
                "a folder, or **/*.csv for those of the folders in it too"
            )
        try:
            matches = sorted(match for base in bases for match in _matches(base, pattern))
        except (ValueError, OSError) as error:
            raise LoadError(f"{where}: {pattern!r} is no pattern: {error}") from error
        if not matches:
            places = ", ".join(str(base) for base in bases)
            raise LoadError(f"{where}: no file {pattern!r} in {places}")
        found.update(dict.fromkeys(matches))
    return tuple(found)


def _matches(base: Path, pattern: str) -> list[Path]:
    if base.is_file():
        return [base] if base.match(pattern) else []
    if Path(pattern).is_absolute():
        anchor = Path(Path(pattern).anchor)
        return [
            path for path in anchor.glob(str(Path(pattern).relative_to(anchor))) if path.is_file()
        ]
    exact = base / pattern
    return [exact] if exact.is_file() else [p for p in base.glob(pattern) if p.is_file()]
