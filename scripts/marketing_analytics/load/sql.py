"""Small helpers for writing SQL, and the names that no column of a file can have."""

from __future__ import annotations

# A colon keeps them apart from the columns of any file that people make.
LINE = '"mktg:line"'
FILE = '"mktg:file"'
INPUT = '"mktg:input"'
ERROR = '"mktg:error"'


def name(identifier: str) -> str:
    """Return an identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: list[str] | tuple[str, ...]) -> str:
    """Return a list literal of strings."""
    return "[" + ", ".join(text(value) for value in values) + "]"


def csv_relation(path: str, columns: list[str], *, delimiter: str, skip: int) -> str:
    """Return a strict read_csv call: all text, nothing guessed, padded or dropped."""
    declared = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({text(path)}, auto_detect=false, header=false, skip={skip}, "
        f"delim={text(delimiter)}, quote='\"', escape='\"', null_padding=false, "
        "ignore_errors=false, strict_mode=true, all_varchar=true, encoding='utf-8', "
        f"compression='none', columns={{{declared}}})"
    )
