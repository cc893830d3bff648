"""Lines of text that nobody has measured, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from marketing_analytics.load.sql import LONGEST_ROW

# What may stand around a name or a value and is no part of it, some of it without a width.
BLANKS = " \t\r\n\u00a0\u200b\ufeff"
TOO_LONG = f"longer than {LONGEST_ROW // 1024**2} MB"


def open_lines(path: Path) -> IO[str]:
    """Open a UTF-8 file as lines: they end with a line feed, or else with a carriage return."""
    with path.open("rb") as file:
        head = file.read(65536)
    # Very old programs end lines with a carriage return alone.
    newline = None if b"\r" in head and b"\n" not in head else "\n"
    return path.open(encoding="utf-8-sig", newline=newline)


def lines(file: IO[str]) -> Iterator[str]:
    """Yield the lines of a file with their ends; of one that is too long only the beginning."""
    while line := file.readline(LONGEST_ROW + 1):
        yield line
        while is_too_long(line) and not line.endswith("\n"):
            line = file.readline(LONGEST_ROW + 1)


def is_too_long(line: str) -> bool:
    """Return whether a line is longer than the engine reads, so that its end may be missing."""
    return len(line) > LONGEST_ROW
