"""The program that reads a workbook, in bounded memory, and writes its rows as lines of JSON.

Arguments: the file, bytes of memory, seconds, bytes that it may unpack to, and a sheet. A line is
the number of a row and its cells as text, or a text: what is wrong with the file.
It imports nothing of the project, so that it starts at once.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

# Cells that hold an error, such as #DIV/0!, which the reader would give as empty ones.
ERROR_CELL = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:(?!</c>).)*?<v>([^<]{1,20})</v>', re.S)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
RELATION = re.compile(rb"<Relationship\b[^>]*>")
Errors = dict[tuple[int, int], str]


def main(path: str, memory: int, seconds: int, most: int, sheet: str | None) -> None:
    """Write the rows of a sheet, or what is wrong with it."""
    _bound(memory, seconds)
    try:
        for number, cells in _rows(path, most, sheet):
            if any(cells):
                sys.stdout.write(json.dumps([number, cells]) + "\n")
    except ValueError as error:
        sys.stdout.write(json.dumps(str(error)) + "\n")
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        problem = f"cannot read {path}: {error}; the file may be cut or damaged: export it again"
        sys.stdout.write(json.dumps(problem) + "\n")


def _bound(memory: int, seconds: int) -> None:
    """Let this program use so much and no more, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _rows(path: str, most: int, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield every row; what cannot be is a ValueError."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > most:
            raise ValueError(
                f"{path} unpacks to {size / 1024**3:,.1f} GB, which no real workbook of its size "
                "does; if you trust it, save the sheet as CSV"
            )
    workbook = CalamineWorkbook.from_path(path)
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise ValueError(f"{path} has no sheet {sheet!r}; its sheets are {', '.join(names)}")
    if not names:
        raise ValueError(f"{path} has no sheet")
    position = names.index(sheet) if sheet is not None else 0
    errors = _errors(path, position) if zipfile.is_zipfile(path) else {}
    for number, row in enumerate(workbook.get_sheet_by_index(position).iter_rows(), start=1):
        cells = [_cell(value) for value in row]
        for column in range(len(cells)) if errors else ():
            cells[column] = errors.get((number, column), cells[column])
        yield number, cells


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    return str(value).strip() if value is not None else ""


def _errors(path: str, position: int) -> Errors:
    """Return the cells of a sheet of an .xlsx that hold an error, by row and column."""
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, position)
        content = archive.read(part) if part else b""
    found = {}
    for cell in ERROR_CELL.finditer(content):
        if place := PLACE.search(cell[1]):
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            found[int(place[2]), column - 1] = cell[2].decode("ascii", "replace")
    return found


def _part(archive: zipfile.ZipFile, position: int) -> str | None:
    """Return the part of an .xlsx that is its sheet at that position."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    sheets = re.findall(rb'<sheet\b[^>]*\bid="([^"]*)"', archive.read("xl/workbook.xml"))
    for relation in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        if len(sheets) > position and b'Id="' + sheets[position] + b'"' in relation:
            target = re.search(rb'Target="([^"]*)"', relation)
            name = target[1].decode("utf-8", "replace") if target else ""
            name = name.removeprefix("/") if name.startswith("/") else f"xl/{name}"
            return name if name in names else None
    return None


if __name__ == "__main__":
    given, memory_limit, second_limit, most_bytes, *sheets = sys.argv[1:]
    chosen = sheets[0] if sheets else None
    main(given, int(memory_limit), int(second_limit), int(most_bytes), chosen)
