"""What changed in a seed, row by row, where both files can be read."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from marketing_analytics.review.code.compare import Difference
from marketing_analytics.review.code.wording import cut
from marketing_analytics.review.findings import Change

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review.artifacts import Node

Row = dict[str, str]
Keyed = dict[tuple[str, ...], Row]
MOST_SENTENCES = 5
ALL = Difference(change=Change.ROWS, columns=None)


def seed_difference(
    base: Node, head: Node, folders: tuple[Path, Path] | None
) -> tuple[Difference, list[str]]:
    """Return what differs between two versions of a seed, and sentences that say it."""
    rows = _rows(base, head, folders)
    if rows is None:
        return ALL, ["its file has changed"]
    before, after = rows
    names = [list(part[0]) if part else [] for part in rows]
    said = [f"adds the column {name}" for name in names[1] if name not in names[0]]
    said += [f"drops the column {name}" for name in names[0] if name not in names[1]]
    common = [name for name in names[1] if name in names[0]]
    key = [name for name in head.primary_key if name in common] or common[:1]
    if not _is_key(before, key) or not _is_key(after, key):
        key = common
    by_key = [{tuple(row[name] for name in key): row for row in part} for part in rows]
    columns, changed = _changes(by_key[0], by_key[1], common)
    said += changed
    added = _lines("adds the row", by_key[1], by_key[0])
    dropped = _lines("drops the row", by_key[0], by_key[1])
    said += [*added, *dropped]
    if len(said) > MOST_SENTENCES:
        said = [*said[:MOST_SENTENCES], f"and {len(said) - MOST_SENTENCES} more"]
    is_rows = bool(added or dropped) or not _is_key(before, key) or not _is_key(after, key)
    if is_rows:
        return ALL, said or ["repeats rows another number of times"]
    new = {name for name in names[1] if name not in names[0]}
    old = {name for name in names[0] if name not in names[1]}
    change = (
        Change.LOGIC
        if columns
        else Change.COLUMN_REMOVED
        if old
        else Change.COLUMN_ADDED
        if new
        else Change.NO_EFFECT
    )
    return Difference(change=change, columns=frozenset(columns | new | old)), said


def _rows(
    base: Node, head: Node, folders: tuple[Path, Path] | None
) -> tuple[list[Row], list[Row]] | None:
    if folders is None:
        return None
    paths = folders[0] / base.path, folders[1] / head.path
    try:
        return _read(paths[0]), _read(paths[1])
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{n: v or "" for n, v in row.items() if n} for row in csv.DictReader(file)]


def _is_key(rows: list[Row], key: list[str]) -> bool:
    counts = Counter(tuple(row[name] for name in key) for row in rows)
    return bool(key) and all(count == 1 for count in counts.values())


def _changes(before: Keyed, after: Keyed, common: list[str]) -> tuple[set[str], list[str]]:
    columns: set[str] = set()
    said = []
    for key, row in after.items():
        old = before.get(key, row)
        for name in common:
            if old[name] != row[name]:
                columns.add(name)
                change = f"{name} {old[name] or 'empty'} becomes {row[name] or 'empty'}"
                said.append(cut(f"row {', '.join(key)}: {change}"))
    return columns, said


def _lines(
    verb: str, rows: dict[tuple[str, ...], Row], others: dict[tuple[str, ...], Row]
) -> list[str]:
    return [
        cut(f"{verb} {', '.join(row.values())}") for key, row in rows.items() if key not in others
    ]
