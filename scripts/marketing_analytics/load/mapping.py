"""Reads a mapping file: which files feed which raw table, and how each column comes about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from marketing_analytics.load.column_rules import column_rules, group_keys
from marketing_analytics.load.keys import flag, known_keys, string, strings
from marketing_analytics.load.model import (
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
    "one_row_per",
    "having",
    "columns",
)


class _Loader(yaml.SafeLoader):
    """Refuses keys that stand twice, of which the first would be lost, and text that is none."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and names.count(key.value) > 1:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        if any("\ud800" <= letter <= "\udfff" for letter in node.value):
            raise yaml.MarkedYAMLError(
                problem="a character that no text has", problem_mark=node.start_mark
            )
        return super().construct_scalar(node)


def read_mapping(path: Path, source: RawSource, bases: Sequence[Path]) -> list[Input]:
    """Return the inputs that a mapping file describes, in its order, with their files found.

    Files are looked for below `bases`, or next to the mapping file when there are none.

    Raises:
        LoadError: the file is no mapping; the message names the file and the key.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeError) as error:
        raise LoadError(f"cannot read the mapping {path}: {error}") from error
    except RecursionError as error:
        raise LoadError(f"{path} is no mapping: brackets are nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise LoadError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    root = known_keys(content, f"{path}", ("tables",))
    tables = known_keys(root.get("tables"), f"{path}: tables", [t.name for t in source.tables])
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
    keys = known_keys(entry, where, INPUT_KEYS)
    if "files" not in keys:
        raise LoadError(f"{where}: say under `files` which files feed {table}")
    one_row_per = group_keys(keys.get("one_row_per"), f"{where}.one_row_per")
    if keys.get("having") is not None and not one_row_per:
        raise LoadError(f"{where}.having: chooses groups of lines; say `one_row_per` as well")
    return Input(
        table=table,
        files=_files(strings(keys["files"], f"{where}.files"), bases, f"{where}.files"),
        where=where,
        read=_read_options(keys, where),
        values=_value_options(keys, where),
        filter_sql=string(keys, "where", where),
        one_row_per=one_row_per,
        having_sql=string(keys, "having", where),
        rules=column_rules(keys.get("columns"), f"{where}.columns", is_grouped=bool(one_row_per)),
    )


def _read_options(keys: dict[str, Any], where: str) -> ReadOptions:
    header_row = keys.get("header_row")
    is_number = isinstance(header_row, int) and not isinstance(header_row, bool)
    if header_row is not None and (not is_number or header_row < 1):
        raise LoadError(f"{where}.header_row: must be the number of the header's line, from 1")
    delimiter = string(keys, "delimiter", where)
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise LoadError(f"{where}.delimiter: must be one character, or tab")
    return ReadOptions(
        encoding=string(keys, "encoding", where),
        delimiter=delimiter,
        sheet=string(keys, "sheet", where),
        header_row=header_row,
        fill_short_rows=flag(keys, "fill_short_rows", where),
    )


def _value_options(keys: dict[str, Any], where: str) -> ValueOptions:
    decimal = string(keys, "decimal", where)
    thousands = string(keys, "thousands", where)
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
        time_zone=string(keys, "time_zone", where) or "UTC",
        empty=tuple(strings(keys.get("empty", []), f"{where}.empty")),
    )


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
        if ".." in parts or not _is_below(pattern, bases):
            raise LoadError(
                f"{where}: {pattern!r} leads out of {', '.join(map(str, bases))}; a mapping reads "
                "what is below --from, or next to it: give the other folder with --from"
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


def _is_below(pattern: str, bases: Sequence[Path]) -> bool:
    path = Path(pattern)
    return not path.is_absolute() or any(path.is_relative_to(base.absolute()) for base in bases)


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
