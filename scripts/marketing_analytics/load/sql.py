"""Small helpers for writing SQL, and the names that no column of a file can have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

# A colon keeps them apart from the columns of any file that people make.
LINE = '"mktg:line"'
FILE = '"mktg:file"'
INPUT = '"mktg:input"'
ERROR = '"mktg:error"'
# Of a group: the place of its first line, how many lines it has, whether `having` keeps it.
POSITION = '"mktg:position"'
LINES = '"mktg:lines"'
KEPT = '"mktg:kept"'
# All of them begin so.
RESERVED = "mktg:"
# The engine's own limit for a line of CSV; other formats are read by way of it.
LONGEST_ROW = 2 * 1024 * 1024


def name(identifier: str) -> str:
    """Return an identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: list[str] | tuple[str, ...]) -> str:
    """Return a list literal of strings."""
    return "[" + ", ".join(text(value) for value in values) + "]"


def file_name(path: Path) -> str:
    """Return a path for the engine, to which `*`, `?` and `[` would else mean other files too."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path.absolute()))


def typed_row(columns: Sequence[tuple[str, str]]) -> str:
    """Return a relation of one row with a line number and empty columns of these types."""
    typed = ", ".join(f"cast(null as {kind}) as {name(column)}" for column, kind in columns)
    return f"(select 1 as {LINE}, {typed})"


def csv_relation(path: Path, columns: list[str], *, delimiter: str, skip: int) -> str:
    """Return a strict read_csv call: all text, nothing guessed, padded or dropped."""
    declared = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({text(file_name(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={text(delimiter)}, quote='\"', escape='\"', null_padding=false, "
        "ignore_errors=false, strict_mode=true, all_varchar=true, encoding='utf-8', "
        f"compression='none', max_line_size={LONGEST_ROW}, hive_partitioning=false, "
        f"columns={{{declared}}})"
    )
