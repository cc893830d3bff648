"""Reads workbooks by a program of its own: what a hostile one takes is bounded, and ends there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from marketing_analytics.load.encoding import EXPORT_AGAIN, most_unpacked
from marketing_analytics.load.model import LoadError

PROGRAM = Path(__file__).with_name("excel_program.py")
MEMORY = 2 * 1024**3
SECONDS = 600


def excel_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells as text of every row of a sheet that is not empty.

    Raises:
        LoadError: the file is no workbook, has no such sheet, or is too large.
    """
    limits = [str(limit) for limit in (MEMORY, SECONDS, most_unpacked(path))]
    command = [sys.executable, "-P", str(PROGRAM), str(path), *limits]
    command += [] if sheet is None else [sheet]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii"
    ) as program:
        assert program.stdout is not None
        try:
            for line in program.stdout:
                found = json.loads(line)
                if isinstance(found, str):
                    raise LoadError(found)
                yield found[0], found[1]
            code = program.wait()
        finally:
            program.kill()  # who reads the first rows alone is done before it is
    if code:
        raise LoadError(
            f"cannot read {path}: it takes more than {MEMORY // 1024**3} GB of memory or "
            f"{SECONDS // 60} minutes, or {EXPORT_AGAIN}, or save the sheet as CSV"
        )
