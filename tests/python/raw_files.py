"""What the tests of `mktg load` share: files to load, and what the database holds afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def write(folder: Path, name: str, *lines: str) -> None:
    """Write a file of these lines."""
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds in the database raw.duckdb of a folder."""
    connection = duckdb.connect(str(folder / "raw.duckdb"), read_only=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
