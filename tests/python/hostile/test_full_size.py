"""The largest files of the corpus at their full size: refused or rejected, in bounded memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import MKTG, PROJECT
from hostile.makers import edited

GIGABYTE = 1024**3
PIECE = b"x" * 1024**2
MOST_MEMORY = 400  # MB; measured are 80 to 230, most of it the program itself
# A program is told to have taken at least what the one took that started it: so a small one does.
MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(code)
"""

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="peak memory is asked of POSIX"),
]


def filled(path: Path, before: bytes, after: bytes, piece: bytes = PIECE) -> None:
    with path.open("wb") as file:
        file.write(before)
        for _ in range(GIGABYTE // len(piece)):
            file.write(piece)
        file.write(after)


def packed(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"session_id,session_start\n")
        for _ in range(2 * GIGABYTE // len(PIECE)):
            file.write(PIECE)


def inflated(path: Path) -> None:
    edited(b"</sheetData>", b"</sheetData>")(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(content)
                for _ in range(2 * GIGABYTE // len(PIECE) if "worksheets" in name else 0):
                    part.write(b" " * len(PIECE))


START = b"session_id,session_start\n"
SIZES: dict[str, tuple[str, Callable[[Path], None], int, str]] = {
    "a-header-of-1-gb": ("sessions.csv", lambda p: filled(p, b"", b""), 2, "is it a CSV file?"),
    "a-line-of-1-gb": ("sessions.csv", lambda p: filled(p, START, b"\n"), 1, "longer than 2 MB"),
    "a-quote-of-1-gb": (
        "sessions.csv",
        lambda p: filled(p, START + b's1,"', b'"\n'),
        1,
        "longer than 2 MB",
    ),
    "a-json-line-of-1-gb": (
        "sessions.jsonl",
        lambda p: filled(p, b'{"session_id":"', b'"}\n'),
        2,
        "longer than 2 MB",
    ),
    "a-json-item-of-1-gb": (
        "sessions.json",
        lambda p: filled(p, b'[{"session_id":"', b'"}]\n'),
        2,
        "longer than 2 MB",
    ),
    "brackets-of-1-gb": (
        "sessions.json",
        lambda p: filled(p, b"", b"", b"[" * 1024**2),
        2,
        "brackets are nested too deeply",
    ),
    "gzip-of-2-gb": ("sessions.csv.gz", packed, 2, "unpacks to more than"),
    "workbook-of-2-gb": ("sessions.xlsx", inflated, 2, "unpacks to 2.0 GB"),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_giant_takes_bounded_memory(name: str, tmp_path: Path) -> None:
    file, make, expected, says = SIZES[name]
    path, printed = tmp_path / file, tmp_path / "printed.txt"
    database = tmp_path / "db" / "raw.duckdb"
    make(path)
    peak = tmp_path / "peak.txt"
    command = [*MKTG, "load", "marketing_raw", "--from", str(path)]
    with printed.open("wb") as output:
        code = subprocess.run(
            [sys.executable, "-c", MEASURED, str(peak), *command, "--database", str(database)],
            cwd=PROJECT,
            stdout=output,
            stderr=output,
            check=False,
        ).returncode
    said = " ".join(printed.read_text(encoding="utf-8").split())
    assert (code, says in said) == (expected, True), said[:2000]
    assert int(peak.read_text()) / (1024 if sys.platform == "linux" else 1024**2) < MOST_MEMORY
    left = [path.name for path in database.parent.iterdir()] if expected == 1 else []
    assert left in ([], ["raw.duckdb"])
    path.unlink()
