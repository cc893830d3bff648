"""The slow road: CSV that the engine cannot read safely, record by record with its lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from marketing_analytics.load.model import LoadError
from marketing_analytics.load.sql import LONGEST_ROW
from marketing_analytics.load.text_lines import TOO_LONG, is_too_long, lines, open_lines

# A quote that is never closed would else swallow the rest of the file.
LONGEST_RECORD = 1000
MOST_LOST = 1_000_000

# A record: its line and its fields, or the reason why it has none, and its content as JSON.
Record = tuple[int, list[str] | None, str, str]


def csv_records(
    path: Path, *, delimiter: str, skip: int, width: int, fill_short_rows: bool
) -> Iterator[Record]:
    """Yield every record of a UTF-8 CSV file after `skip` lines; blank lines are no records."""
    csv.field_size_limit(2**31 - 1)
    with open_lines(path) as file:
        ahead = _Lines(file)
        for _ in range(skip):
            ahead.take()
        while (first := ahead.take()) is not None:
            number, line = first
            if not line:
                continue
            if is_too_long(line):
                yield number, None, TOO_LONG, _json(line)
                continue
            fields, reason = _parse_record(ahead, line, delimiter)
            if fields is None:
                yield number, None, reason, _json(line)
                if ahead.lost > MOST_LOST:
                    raise LoadError(
                        f"{path}: quotes are opened and never closed, up to line {number} and "
                        "beyond; does the file quote its values in another way?"
                    )
            elif len(fields) == width or (len(fields) == width + 1 and not fields[-1]):
                yield number, fields[:width], "", ""
            elif fill_short_rows and len(fields) < width:
                yield number, fields + [""] * (width - len(fields)), "", ""
            else:
                yield number, None, _width_reason(len(fields), width), _json(fields)


def _parse_record(ahead: _Lines, line: str, delimiter: str) -> tuple[list[str] | None, str]:
    """Return the record that begins in `line`, and takes the lines that it goes on in."""
    if '"' not in line and "\r" not in line:
        return line.split(delimiter), ""
    text = chain([line + "\n"], ahead.peek(LONGEST_RECORD))
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        fields = next(reader)
    except csv.Error as error:
        if reader.line_num > 1 or "unexpected end of data" in str(error):
            ahead.lost += reader.line_num
            return None, "a quote is opened and never closed"
        if "new-line" in str(error):
            return None, "a carriage return in a value without quotes"
        return None, "a quote inside a quoted value is not doubled"
    ahead.drop(reader.line_num - 1)
    return fields, ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _width_reason(found: int, width: int) -> str:
    return f"{found} fields, but the header has {width}"


class _Lines:
    """Numbered lines of a file with a look ahead; `lost` are those looked at in vain."""

    def __init__(self, file: IO[str]) -> None:
        self._lines = lines(file)
        self._ahead: list[str] = []
        self._at = 0
        self._number = 0
        self.lost = 0

    def take(self) -> tuple[int, str] | None:
        if self._at < len(self._ahead):
            line = self._ahead[self._at]
            self._at += 1
        else:
            self._ahead, self._at = [], 0
            read = next(self._lines, None)
            if read is None:
                return None
            line = _bare(read)
        self._number += 1
        return self._number, line

    def peek(self, limit: int) -> Iterator[str]:
        """Yield the next lines, so many at most and no more than fit into a row."""
        del self._ahead[: self._at]
        self._at = size = 0
        for index in range(limit):
            if index == len(self._ahead):
                read = next(self._lines, None)
                if read is None:
                    return
                self._ahead.append(_bare(read))
            size += len(self._ahead[index])
            if size > LONGEST_ROW:
                return
            yield self._ahead[index] + "\n"

    def drop(self, count: int) -> None:
        for _ in range(count):
            self.take()


def _bare(line: str) -> str:
    return line.rstrip("\n").removesuffix("\r")
