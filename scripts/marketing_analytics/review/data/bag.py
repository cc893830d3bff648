"""Which rows came and went where no key tells them apart: as often as a side has them more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.review.data.keyed import Differences
from marketing_analytics.review.data.session import first_row, replace_temporary

if TYPE_CHECKING:
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.data.sides import Side, Sides

DIGITS = 10  # of a double that count: two builds may differ in the last ones


def bag_differences(session: Session, sides: Sides) -> Differences:
    """Compare two sides without a key; the columns that differ count no rows."""
    row = session.row_hash(_values(session, sides))
    hashed = " union all ".join(
        f"select {row} as r, {number} as surplus from {side.sql} as side"
        for side, number in ((sides.base, -1), (sides.head, 1))
    )
    # The sum of both, not a bitwise or: a row that comes twice must not hide itself.
    replace_temporary(
        session,
        "review_bag",
        f"select r, sum(surplus) as surplus from ({hashed}) as hashed group by r "
        "having sum(surplus) <> 0",
    )
    added, removed = first_row(
        session,
        "select coalesce(sum(surplus) filter (where surplus > 0), 0), "
        "-coalesce(sum(surplus) filter (where surplus < 0), 0) from review_bag",
    )
    is_same = not added and not removed
    return Differences(
        modified=0,
        added=int(added),
        removed=int(removed),
        by_column={} if is_same else dict.fromkeys(_differing(session, sides), 0),
        changed=None,
        added_rows=_surplus(sides.head, row, ">"),
        removed_rows=_surplus(sides.base, row, "<"),
    )


def _values(session: Session, sides: Sides) -> list[str]:
    return [
        session.significant(name, DIGITS) if column.family == "double" else name
        for name, column in zip(sides.value_names, sides.values, strict=True)
    ]


def _differing(session: Session, sides: Sides) -> list[int]:
    """Return the columns whose values, as a bag, are not the same."""
    # DuckDB's hash of 0 is 0: the count tells it from nothing.
    sums = [
        f"(count({value}), sum({session.row_hash([value])}))" for value in _values(session, sides)
    ]
    base, head = (
        first_row(session, f"select {', '.join(sums)} from {side.sql} as side")
        for side in (sides.base, sides.head)
    )
    return [place for place, pair in enumerate(zip(base, head, strict=True)) if pair[0] != pair[1]]


def _surplus(side: Side, row: str, sign: str) -> str:
    """Return a query of the rows that this side has more, each once."""
    return (
        f"(select distinct side.* from {side.sql} as side "
        f"where {row} in (select r from review_bag where surplus {sign} 0))"
    )
