"""What a change of SQL does to what is selected: nothing, some columns, or the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Change

if TYPE_CHECKING:
    from marketing_analytics.review.code.terms import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two readings of a model compared. `columns` are those that may differ, None for all."""

    change: Change
    columns: frozenset[str] | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    is_reordered: bool = False


SAME = Difference(change=Change.NO_EFFECT, columns=frozenset())


def difference(base: Relation, head: Relation) -> Difference:
    """Return what differs between the rows and columns of two queries."""
    added = tuple(name for name in head.columns if name not in base.columns)
    removed = tuple(name for name in base.columns if name not in head.columns)
    common = [name for name in base.columns if name in head.columns]
    altered = tuple(n for n in common if base.columns[n].key != head.columns[n].key)
    columns: frozenset[str] | None = frozenset({*added, *removed, *altered})
    if base.rows != head.rows:
        change, columns = Change.ROWS, None
    elif altered:
        change = Change.LOGIC
    elif removed:
        change = Change.COLUMN_REMOVED
    elif added:
        change = Change.COLUMN_ADDED
    else:
        change = Change.NO_EFFECT
    return Difference(
        change=change,
        columns=columns,
        added=added,
        removed=removed,
        altered=altered,
        is_reordered=common != [name for name in head.columns if name in base.columns],
    )
