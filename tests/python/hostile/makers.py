"""Makes the files of a case; some need more than text: workbooks, Parquet, links."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from commands.test_load_formats import workbook
from hostile.case import Case

Make = Callable[[Path], None]
TABLE: list[list[object]] = [
    ["session_id", "session_start", "country"],
    ["s1", "2024-01-01", "DE"],
]
SHEET = "xl/worksheets/s1.xml"


def parquet(query: str) -> Make:
    """Write what a query gives."""

    def make(path: Path) -> None:
        # Beside it and then moved: the engine would not write to every name.
        made = path.parent / "made.tmp"
        duckdb.execute(f"copy ({query}) to '{made}' (format parquet)")
        made.rename(path)

    return make


def sheet(cells: list[list[object]] | None = None) -> Make:
    """Write a workbook of one sheet."""
    return lambda path: workbook(path, {"A": cells or TABLE})


def edited(old: bytes, new: bytes, part: str = SHEET) -> Make:
    """Write a workbook in which bytes of one part are other bytes."""

    def make(path: Path) -> None:
        workbook(path, {"A": TABLE})
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return make


def damaged(make: Make, damage: Callable[[bytes], bytes]) -> Make:
    """Write a file and then its bytes as `damage` gives them back."""

    def make_it(path: Path) -> None:
        make(path)
        path.write_bytes(damage(path.read_bytes()))

    return make_it


def half(content: bytes) -> bytes:
    """Return the first half."""
    return content[: len(content) // 2]


def link(target: str) -> Make:
    """Make a link, whether there is something at its end or not."""
    return lambda path: path.symlink_to(target)


def folder(path: Path) -> None:
    """Make a folder that is called like a file."""
    path.mkdir()


def made(case: Case, folder: Path) -> list[str]:
    """Make the files of a case and return the arguments that name them."""
    base = folder / "in"
    for name, what in case.files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(what):
            what(path)
        else:
            path.write_bytes(what.encode() if isinstance(what, str) else what)
    arguments = ["--from", str(base / case.given)]
    if case.mapping is not None:
        (folder / "map.yml").write_text(case.mapping, encoding="utf-8")
        arguments += ["--map", str(folder / "map.yml")]
    return arguments
