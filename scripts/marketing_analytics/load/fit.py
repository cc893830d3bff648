"""Compares the columns of a file or a mapping with those that the raw table has."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from marketing_analytics.load.model import Input, LoadError
from marketing_analytics.raw_schema import RawTable

MOST_LISTED = 50


def unknown_target(unknown: str, table: RawTable, source: Input) -> str:
    """Return a message that names the closest column of the table and all of them."""
    known = [column.name for column in table.columns]
    close = difflib.get_close_matches(unknown, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    return (
        f"{source.where}.columns.{unknown}: {table.name} has no such column{hint} "
        f"It has: {', '.join(known)}"
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_LISTED:,} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more


def misfits(source: Input, table: RawTable, columns: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what did not fit when no mapping says how; a misspelt column is an error."""
    given = [name for name, _ in columns]
    wanted = [column.name for column in table.columns]
    extra = [name for name in given if name.lower() not in wanted]
    missing = [name for name in wanted if name not in {column.lower() for column in given}]
    for name in extra:
        close = difflib.get_close_matches(name.lower(), missing, n=1, cutoff=0.8)
        if close:
            raise LoadError(
                f"{source.where}: the column {name!r} is none of {table.name}; did you mean "
                f"{close[0]!r}? Rename it, or say in a mapping (--map) what it is"
            )
    notes = []
    if extra:
        notes.append(f"{source.where}: columns not loaded: {_listed(extra)}")
    if missing:
        notes.append(f"{source.where}: columns left empty: {', '.join(missing)}")
    return tuple(notes)
