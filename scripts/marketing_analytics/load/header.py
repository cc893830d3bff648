"""Finds the line that names the columns, and what separates them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from marketing_analytics.load.encoding import TextFile, no_text
from marketing_analytics.load.model import LoadError, ReadOptions
from marketing_analytics.load.sql import RESERVED
from marketing_analytics.load.text_lines import BLANKS, TOO_LONG, is_too_long, lines, open_lines

DELIMITERS = ",;\t|"
MOST_COLUMNS = 10_000
# No one names a column so: the line is data.
DATA = re.compile(r"[+-]?\d+([.,]\d+)?|\d{4}-\d{1,2}-\d{1,2}([ T]\d.*)?")


def read_header(path: Path, text: TextFile, options: ReadOptions) -> tuple[int, list[str], str]:
    """Return the number of the header's line, its columns and the delimiter."""
    delimiter = options.delimiter
    with open_lines(text.path) as file:
        for number, line in enumerate(lines(file), start=1):
            bare = line.rstrip("\n").removesuffix("\r")
            if is_too_long(bare):
                raise LoadError(
                    f"{path}: line {number} is {TOO_LONG}, and no header stands above it; "
                    "is it a CSV file?"
                )
            if "\0" in bare:
                raise LoadError(no_text(path))
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
        problem = str(error)
        if "new-line" in problem:
            problem = "some lines end with a carriage return alone, others do not"
        raise LoadError(f"{path}: the header cannot be read ({problem}): {line[:200]}") from error
    header = [field.strip().strip(BLANKS) for field in fields]
    check_header(path, header)
    return header


def check_header(path: Path, header: list[str]) -> None:
    """Refuse a header that does not give every column a name of its own, or that is a row of data.

    Raises:
        LoadError: it does not, or it is.
    """
    for column in header:
        if DATA.fullmatch(column):
            raise LoadError(
                f"{path}: {column!r} in the header looks like data; the file needs a line that "
                "names its columns (`header_row:` in a mapping says which line that is)"
            )
    check_names(path, header)


def check_names(path: Path, header: list[str]) -> None:
    """Refuse columns that cannot be told apart.

    Raises:
        LoadError: two have one name, one has none, or they are too many.
    """
    if not header:
        raise LoadError(f"{path} names no columns")
    if len(header) > MOST_COLUMNS:
        raise LoadError(
            f"{path} has {len(header):,} columns; {MOST_COLUMNS:,} can be read: leave some out"
        )
    seen: set[str] = set()
    for position, column in enumerate(header, start=1):
        if not column:
            raise LoadError(
                f"{path}: column {position} of the header has no name; if the header is not in "
                "the first line, set `header_row:` in the mapping"
            )
        if column.lower() in seen:
            raise LoadError(
                f"{path}: the header names {column!r} twice (upper and lower case are the same)"
            )
        if column.lower().startswith(RESERVED):
            raise LoadError(f"{path}: no column may be called {column!r}; rename it")
        seen.add(column.lower())
