"""Rows of a mart beside rows that plain Python computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = dict[str, Any]


def row_differences(
    got: Sequence[Row],
    want: Sequence[Row],
    key: tuple[str, ...],
    agree: Callable[[str, Any, Any], bool],
) -> list[str]:
    """Return one line for each cell that differs, and for each row that only one side has."""
    got_by_key = {tuple(row[k] for k in key): row for row in got}
    want_by_key = {tuple(row[k] for k in key): row for row in want}
    found = [f"{len(got)} rows, {len(got_by_key)} keys"] if len(got) != len(got_by_key) else []
    found += [f"only in the mart: {k}" for k in got_by_key.keys() - want_by_key.keys()]
    found += [f"only in the rules: {k}" for k in want_by_key.keys() - got_by_key.keys()]
    for k in got_by_key.keys() & want_by_key.keys():
        row, expected = got_by_key[k], want_by_key[k]
        assert row.keys() == expected.keys()
        found += [
            f"{k} {column}: mart {row[column]!r}, rules {expected[column]!r}"
            for column in row
            if not agree(column, row[column], expected[column])
        ]
    return sorted(found)
