"""What a file's values give away about how to read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from marketing_analytics.load.conversion import base_type
from marketing_analytics.load.encoding import as_utf8
from marketing_analytics.load.excel import excel_rows
from marketing_analytics.load.header import DELIMITERS
from marketing_analytics.load.prepare import CSV, EXCEL, file_format
from marketing_analytics.load.text_lines import lines, open_lines
from marketing_analytics.raw_schema import RawColumn

EMPTY_MARKS = ("--", "-", "(not set)", "n/a", "N/A", "NULL", "null")
DAY_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d-%m-%Y", "%Y/%m/%d", "%b %d, %Y")
TIME_FORMATS = ("", " %H:%M:%S", " %H:%M", " %I:%M %p")
DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})*|\d+),\d{1,2}")
THOUSANDS_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
TITLE_LINES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """How the values of a column seem to be written; `formats` are those that fit all of them.

    `epoch_factor` turns a number of time units since 1970 into microseconds; 0 where it is none.
    """

    formats: tuple[str, ...] = ()
    divide_by: int = 1
    multiply_by: int = 1
    decimal_comma: bool = False
    thousands_comma: bool = False
    is_percent: bool = False
    epoch_factor: int = 0
    empty: tuple[str, ...] = ()


def clues(column: RawColumn, name: str, values: Sequence[str]) -> Clues:
    """Return what the name and some values of a file's column say about a raw column."""
    kind = base_type(column.data_type)
    empty = tuple(mark for mark in EMPTY_MARKS if mark in values)
    given = [value for value in values if value not in empty]
    if kind in ("date", "timestamp"):
        factor = _epoch_factor(given)
        return Clues(formats=() if factor else _formats(given), empty=empty, epoch_factor=factor)
    if kind not in ("decimal", "double", "bigint", "integer"):
        return Clues()
    minor = 1
    if column.name == "ctr" and any(_above_one(value) for value in given):
        minor = 100  # some platforms write 1.25 for 1.25 %
    elif name.lower() != column.name:
        lowered = name.lower()
        minor = (
            1_000_000 if "micros" in lowered else 100 if re.search("cents|minor", lowered) else 1
        )
    if "minor units" in column.description and kind in ("bigint", "integer"):
        # Whole cents: a point or a comma before the last digits says that the file has them not.
        minor = 1
        major = 100 if any(re.search(r"[.,]\d{1,2}$", value) for value in given) else 1
    else:
        major = 1
    comma = any(DECIMAL_COMMA.fullmatch(value) for value in given)
    return Clues(
        divide_by=minor,
        multiply_by=major,
        decimal_comma=comma,
        thousands_comma=any(THOUSANDS_COMMA.fullmatch(value) for value in given),
        is_percent=bool(given) and all(value.endswith("%") for value in given),
        empty=empty,
    )


def _formats(values: Sequence[str]) -> tuple[str, ...]:
    if not values or all(re.match(r"\d{4}-\d{1,2}-\d{1,2}", value) for value in values):
        return ()
    candidates = [day + time for time in TIME_FORMATS for day in DAY_FORMATS]
    return tuple(form for form in candidates if all(_fits(value, form) for value in values))


def _epoch_factor(values: Sequence[str]) -> int:
    digits = {len(value) if value.isdigit() else 0 for value in values}
    return {10: 1_000_000, 13: 1_000, 16: 1}.get(digits.pop(), 0) if len(digits) == 1 else 0


def _above_one(value: str) -> bool:
    with suppress(ValueError):
        return float(value) > 1
    return False


def _fits(value: str, form: str) -> bool:
    with suppress(ValueError):
        datetime.strptime(value, form)
        return True
    return False


def likely_header_row(path: Path, folder: Path) -> int | None:
    """Return the first of the top rows that is as wide as any of them; None where none can be."""
    kind = file_format(path)
    widths: list[tuple[int, int]] = []
    if kind == EXCEL:
        rows = islice(excel_rows(path, None), TITLE_LINES)
        widths = [(number, sum(map(bool, cells))) for number, cells in rows]
    elif kind == CSV:
        text = as_utf8(path, None, folder / "look")
        with open_lines(text.path) as file:
            top = list(enumerate(islice(lines(file), TITLE_LINES), start=1))
        widths = [(number, _width(line)) for number, line in top if line.strip()]
    if not widths:
        return None
    widest = max(width for _, width in widths)
    return next(number for number, width in widths if width == widest)


def _width(line: str) -> int:
    outside = "".join(line.split('"')[0::2])
    return max(outside.count(delimiter) for delimiter in DELIMITERS)
