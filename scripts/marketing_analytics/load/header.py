"""Finds the line that names the columns, and what separates them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from marketing_analytics.load.encoding import TextFile
from marketing_analytics.load.model import LoadError, ReadOptions

DELIMITERS = ",;\t|"
# No one names a column so: the line is data.
DATA = re.compile(r"[+-]?\d+([.,]\d+)?|\d{4}-\d{1,2}-\d{1,2}([ T]\d.*)?")


def read_header(path: Path, text: TextFile, options: ReadOptions) -> tuple[int, list[str], str]:
    """Return the number of the header's line, its columns and the delimiter."""
    delimiter = options.delimiter
    with text.path.open(encoding="utf-8-sig", newline=None) as file:
        for number, line in enumerate(file, start=1):
            bare = line.rstrip("\n")
            if options.header_row is None and bare.lower().startswith("sep=") and number == 1:
                delimiter = delimiter or bare[4:5] or None  # Excel's own hint
            elif number == options.header_row or (options.header_row is None and bare.strip()):
                delimiter = delimiter or likely_delimiter(bare)
                return number, _split(path, bare, delimiter), delimiter
    if options.header_row is not None:
        raise LoadError(f"{path} has no line {options.header_row}, which `header_row` names")
    raise LoadError(f"{path} is empty; its first line should name the columns")


def likely_delimiter(line: str) -> str:
    """Return the delimiter that stands most often in a line, outside of quotes."""
    outside = "".join(line.split('"')[0::2])
    best = max(DELIMITERS, key=outside.count)
    return best if outside.count(best) else ","


def _split(path: Path, line: str, delimiter: str) -> list[str]:
    try:
        fields = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise LoadError(f"{path}: the header cannot be read ({error}): {line[:200]}") from error
    header = [field.strip() for field in fields]
    check_header(path, header)
    return header


def check_header(path: Path, header: list[str]) -> None:
    """Refuse a header that does not give every column a name of its own.

    Raises:
        LoadError: it does not.
    """
    if not header:
        raise LoadError(f"{path} names no columns")
    seen: set[str] = set()
    for position, column in enumerate(header, start=1):
        if not column:
            raise LoadError(
                f"{path}: column {position} of the header has no name; if the header is not in "
                "the first line, set `header_row:` in the mapping"
            )
        if DATA.fullmatch(column):
            raise LoadError(
                f"{path}: {column!r} in the header looks like data; the file needs a line that "
                "names its columns (`header_row:` in a mapping says which line that is)"
            )
        if column.lower() in seen:
            raise LoadError(
                f"{path}: the header names {column!r} twice (upper and lower case are the same)"
            )
        seen.add(column.lower())
