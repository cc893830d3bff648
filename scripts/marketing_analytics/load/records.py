"""The slow road: files that the engine cannot read safely, record by record with their lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from marketing_analytics.load.model import LoadError

# A quote that is never closed would else swallow the rest of the file.
LONGEST_RECORD = 1000
TOO_DEEP = "brackets are nested too deeply"

# A record: its line and its fields, or the reason why it has none, and its content as JSON.
Record = tuple[int, list[str] | None, str, str]


def csv_records(
    path: Path, *, delimiter: str, skip: int, width: int, fill_short_rows: bool
) -> Iterator[Record]:
    """Yield every record of a UTF-8 CSV file after `skip` lines; blank lines are no records."""
    csv.field_size_limit(2**31 - 1)
    with _open_lines(path) as file:
        lines = _Lines(file)
        for _ in range(skip):
            lines.take()
        while (first := lines.take()) is not None:
            number, line = first
            if not line:
                continue
            fields, reason = _parse_record(lines, line, delimiter)
            if fields is None:
                yield number, None, reason, _json(line)
            elif len(fields) == width or (len(fields) == width + 1 and not fields[-1]):
                yield number, fields[:width], "", ""
            elif fill_short_rows and len(fields) < width:
                yield number, fields + [""] * (width - len(fields)), "", ""
            else:
                yield number, None, _width_reason(len(fields), width), _json(fields)


def _parse_record(lines: _Lines, line: str, delimiter: str) -> tuple[list[str] | None, str]:
    """Return the record that begins in `line`, and takes the lines that it goes on in."""
    if '"' not in line and "\r" not in line:
        return line.split(delimiter), ""
    joined, taken = line, 0
    while True:
        try:
            fields = next(csv.reader([joined], delimiter=delimiter, strict=True))
        except csv.Error as failure:
            error = failure
            if "unexpected end of data" not in str(failure):
                break
            more = lines.peek_until_quote(taken, LONGEST_RECORD)
            if more is None:
                return None, "a quote is opened and never closed"
            joined += "".join("\n" + part for part in more)
            taken += len(more)
        else:
            lines.drop(taken)
            return fields, ""
    if taken:
        return None, "a quote is opened and never closed"
    if "new-line" in str(error):
        return None, "a carriage return in a value without quotes"
    return None, "a quote inside a quoted value is not doubled"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _width_reason(found: int, width: int) -> str:
    return f"{found} fields, but the header has {width}"


class _Lines:
    """Numbered lines of a file with a look ahead."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._ahead: list[str] = []
        self._at = 0
        self._number = 0

    def take(self) -> tuple[int, str] | None:
        if self._at < len(self._ahead):
            line = self._ahead[self._at]
            self._at += 1
        else:
            self._ahead, self._at = [], 0
            read = next(self._file, None)
            if read is None:
                return None
            line = _bare(read)
        self._number += 1
        return self._number, line

    def peek_until_quote(self, skip: int, limit: int) -> list[str] | None:
        """Return the lines after the first `skip` up to one that holds a quote."""
        del self._ahead[: self._at]
        self._at = 0
        found: list[str] = []
        for index in range(skip, limit):
            while index >= len(self._ahead):
                read = next(self._file, None)
                if read is None:
                    return None
                self._ahead.append(_bare(read))
            found.append(self._ahead[index])
            if '"' in found[-1]:
                return found
        return None

    def drop(self, count: int) -> None:
        for _ in range(count):
            self.take()


def _bare(line: str) -> str:
    return line.rstrip("\n").removesuffix("\r")


def _open_lines(path: Path) -> IO[str]:
    with path.open("rb") as file:
        head = file.read(65536)
    # Very old programs end lines with a carriage return alone.
    newline = None if b"\r" in head and b"\n" not in head else "\n"
    return path.open(encoding="utf-8-sig", newline=newline)


def excel_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells as text of every row of a sheet that is not empty.

    Raises:
        LoadError: the file is no workbook or has no such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise LoadError(f"{path} has no sheet {sheet!r}; its sheets are {', '.join(names)}")
        if not names:
            raise LoadError(f"{path} has no sheet")
        rows = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise LoadError(f"cannot read {path}: {error}") from error
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        if any(cells):
            yield number, cells


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    return str(value).strip() if value is not None else ""


def json_items(path: Path) -> Iterator[tuple[int, dict[str, str] | None, str, str]]:
    """Yield every object of a UTF-8 JSON file: items of one array, or one object per line.

    Raises:
        LoadError: the array is broken, or an object takes several lines; a broken line is an
            item with a reason instead.
    """
    with path.open(encoding="utf-8-sig") as file:
        first = ""
        while not first.strip():
            first = file.read(4096)
            if not first:
                return
        is_array = first.lstrip().startswith("[")
        if not is_array and _goes_on(first.lstrip() + file.read(1 << 20)):
            raise LoadError(
                f"{path}: a JSON object goes on over several lines; write an object per line, "
                "or an array of objects"
            )
    yield from _array_items(path) if is_array else _line_items(path)


def _goes_on(text: str) -> bool:
    """Return whether the text begins with a whole JSON object that takes more than a line."""
    line_end = text.find("\n")
    try:
        _, end = _decoder().raw_decode(text)
    except (json.JSONDecodeError, RecursionError):
        return text[: max(line_end, 0)].strip() == "{"
    return 0 <= line_end < end


def _line_items(path: Path) -> Iterator[tuple[int, dict[str, str] | None, str, str]]:
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                item, reason = _item(_decoder().decode(line.strip()))
            except json.JSONDecodeError as error:
                item, reason = None, f"not a JSON object: {error.msg}"
            except RecursionError:
                item, reason = None, TOO_DEEP
            yield number, item, reason, _json(line.rstrip())


def _array_items(path: Path) -> Iterator[tuple[int, dict[str, str] | None, str, str]]:
    decoder, number, buffer, at = _decoder(), 0, "", 0
    with path.open(encoding="utf-8-sig") as file:
        buffer = file.read(1 << 20)
        at = buffer.index("[") + 1
        while True:
            at = _skip(buffer, at, " \t\r\n,")
            if at < len(buffer) and buffer[at] == "]":
                return
            try:
                value, end = decoder.raw_decode(buffer, at)
                complete = end < len(buffer)  # a number may go on in the next piece
                item, reason = _item(value)
            except json.JSONDecodeError:
                complete = False
            except RecursionError as error:
                raise LoadError(f"{path}, item {number + 1}: {TOO_DEEP}") from error
            if not complete:
                more = file.read(1 << 20)
                if not more:
                    raise LoadError(f"{path} is no complete JSON array (item {number + 1})")
                buffer, at = buffer[at:] + more, 0
                continue
            number += 1
            yield number, item, reason, _json(buffer[at:end])
            at = end


def _skip(buffer: str, at: int, blanks: str) -> int:
    while at < len(buffer) and buffer[at] in blanks:
        at += 1
    return at


def _decoder() -> json.JSONDecoder:
    # Numbers stay as they are written: a float would change their digits.
    return json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def _item(value: Any) -> tuple[dict[str, str] | None, str]:
    if not isinstance(value, dict):
        return None, "not a JSON object"
    return {str(key).strip(): _json_text(item) for key, item in value.items()}, ""


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
