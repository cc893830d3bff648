"""Columns with few values: how many rows each has before and after, and which rows moved."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Categories, Category

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketing_analytics.review.data.columns import Column
    from marketing_analytics.review.data.keyed import Differences
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.data.sides import Side, Sides

MOST_VALUES = 50  # of text, on either side
MOST_NUMBERS = 10  # of whole numbers: beyond them it is a quantity
ROWS_PER_NUMBER = 2  # fewer on both sides: a short table of quantities
LOOKED_AT = 20_000  # rows that show at once that a column has many values
SMOOTHING = 0.5  # rows added to each category, so that the index of an empty one is finite

Counts = dict[str | None, int]
Moves = dict[tuple[str | None, str | None], int]


def most_values(column: Column) -> int:
    """Return up to how many values a column's values count as categories; 0 if never."""
    return {"text": MOST_VALUES, "boolean": MOST_VALUES, "integer": MOST_NUMBERS}.get(
        column.family, 0
    )


def categories(
    session: Session, sides: Sides, differences: Differences, place: int
) -> Categories | None:
    """Compare a column's values; None where it has too many, or holds quantities."""
    most = most_values(sides.values[place])
    base = value_counts(session, sides.base, f"v{place}", most)
    head = value_counts(session, sides.head, f"v{place}", most) if base is not None else None
    if base is None or head is None or _is_quantity(sides.values[place], base, head):
        return None
    if differences.changed is None:
        return without_key(base, head)
    text = session.as_text
    moves: Moves = {}
    if differences.by_column.get(place):
        condition = sides.values[place].differs(f"b{place}", f"h{place}")
        moves = {
            (before, after): rows
            for before, after, rows in session.rows(
                f"select {text(f'b{place}')}, {text(f'h{place}')}, count(*) "
                f"from {differences.changed} as changed where {condition} group by 1, 2"
            )
        }
    added = _grouped(session, differences.added_rows, f"v{place}") if differences.added else {}
    removed = (
        _grouped(session, differences.removed_rows, f"v{place}") if differences.removed else {}
    )
    return with_key(base, head, moves, added, removed)


def _is_quantity(column: Column, base: Counts, head: Counts) -> bool:
    """Are these counts or the like of a short table, which have few values for want of rows?"""
    if column.family != "integer":
        return False
    return all(sum(side.values()) < ROWS_PER_NUMBER * len(side) for side in (base, head))


def value_counts(session: Session, side: Side, name: str, most: int) -> Counts | None:
    """Return the rows of each value of a column, None where it has more than `most`."""
    if most == 0:
        return None
    first = f"(select {name} from {side.sql} as side limit {LOOKED_AT})"
    ((seen,),) = session.rows(f"select count(distinct {name}) from {first} as looked_at")
    if seen > most:
        return None
    found = session.rows(
        f"select {session.as_text(name)}, count(*) from {side.sql} as side "
        f"group by {name} limit {most + 2}"
    )
    counts = dict(found)
    return None if len(counts.keys() - {None}) > most else counts


def _grouped(session: Session, query: str, name: str) -> Counts:
    return dict(
        session.rows(
            f"select {session.as_text(name)}, count(*) from {query} as differing group by {name}"
        )
    )


def with_key(
    base: Counts,
    head: Counts,
    moves: Mapping[tuple[str | None, str | None], int],
    added: Counts,
    removed: Counts,
) -> Categories:
    """Say of each category who stayed, moved, came and went; who stayed is in the moves as well."""
    moved_out: Counts = defaultdict(int)
    moved_in: Counts = defaultdict(int)
    for (before, after), rows in moves.items():
        moved_out[before] += rows
        moved_in[after] += rows
    found = tuple(
        Category(
            value=value,
            base=base.get(value, 0),
            head=head.get(value, 0),
            change=_change(base.get(value, 0), head.get(value, 0)),
            stayed=base.get(value, 0) - removed.get(value, 0) - moved_out.get(value, 0),
            moved_in=moved_in.get(value, 0),
            moved_out=moved_out.get(value, 0),
            added=added.get(value, 0),
            removed=removed.get(value, 0),
        )
        for value in ordered(base.keys() | head.keys())
    )
    values = [category.value for category in found]
    matrix = {
        **{(category.value, category.value): category.stayed for category in found},
        **moves,
    }
    listed = tuple(
        (before, after, matrix[before, after])
        for before in values
        for after in values
        if matrix.get((before, after))
    )
    return _categories(found, listed)


def without_key(base: Counts, head: Counts) -> Categories:
    """Say of each category what came or went in all: nobody knows which row is which."""
    found = []
    for value in ordered(base.keys() | head.keys()):
        before, after = base.get(value, 0), head.get(value, 0)
        found.append(
            Category(
                value=value,
                base=before,
                head=after,
                change=_change(before, after),
                stayed=min(before, after),
                moved_in=0,
                moved_out=0,
                added=max(0, after - before),
                removed=max(0, before - after),
            )
        )
    return _categories(tuple(found), ())


def _categories(
    found: tuple[Category, ...], moves: tuple[tuple[str | None, str | None, int], ...]
) -> Categories:
    pairs = [(category.base, category.head) for category in found]
    return Categories(
        values=found,
        moves=moves,
        total_variation=total_variation(pairs),
        stability_index=stability_index(pairs),
    )


def total_variation(pairs: Iterable[tuple[int, int]]) -> float:
    """Return half the summed differences of shares: the share of rows that would have to move."""
    listed = list(pairs)
    base, head = sum(pair[0] for pair in listed), sum(pair[1] for pair in listed)
    if not base or not head:
        return float(base != head)
    # Over a common denominator: whole numbers have no order that matters.
    return sum(abs(before * head - after * base) for before, after in listed) / (2 * base * head)


def stability_index(pairs: Iterable[tuple[int, int]]) -> float:
    """Return the population stability index, with half a row added to each category."""
    listed = list(pairs)
    base = sum(pair[0] + SMOOTHING for pair in listed)
    head = sum(pair[1] + SMOOTHING for pair in listed)
    index = 0.0
    for before, after in listed:
        p, q = (before + SMOOTHING) / base, (after + SMOOTHING) / head
        index += (q - p) * math.log(q / p)
    return index


def ordered(values: Iterable[str | None]) -> list[str | None]:
    """Sort values, whole numbers by size, null last."""

    def order(value: str | None) -> tuple[bool, bool, int, str]:
        if value is None:
            return True, True, 0, ""
        is_number = value.lstrip("-").isdecimal()
        return False, not is_number, int(value) if is_number else 0, value

    return sorted(values, key=order)


def _change(base: int, head: int) -> float | None:
    return head / base - 1 if base else None
