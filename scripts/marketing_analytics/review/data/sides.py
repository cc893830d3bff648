"""One table of both sides, its columns under short names of our own.

k0, k1, … are the key, v0, v1, … what is compared; a name of the user's stands in one place only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.data.session import (
    BASE,
    HEAD,
    first_row,
    quoted,
    replace_temporary,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketing_analytics.review.data.columns import Column
    from marketing_analytics.review.data.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A query, in brackets, of a table's rows, and what counting them has shown."""

    sql: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The same table before and after."""

    base: Side
    head: Side
    key: tuple[Column, ...]
    values: tuple[Column, ...]

    @property
    def key_names(self) -> list[str]:
        """Return k0, k1 and so on."""
        return [f"k{place}" for place in range(len(self.key))]

    @property
    def value_names(self) -> list[str]:
        """Return v0, v1 and so on."""
        return [f"v{place}" for place in range(len(self.values))]

    def of(self, side: str) -> Side:
        """Return the side of that name."""
        return self.base if side == BASE else self.head


def open_sides(
    session: Session, name: str, head_name: str, key: Sequence[Column], values: Sequence[Column]
) -> Sides:
    """Count the rows of both sides; a view is read once, into a temporary table."""
    return Sides(
        base=_side(session, BASE, name, key, values),
        head=_side(session, HEAD, head_name, key, values),
        key=tuple(key),
        values=tuple(values),
    )


def _side(
    session: Session, side: str, name: str, key: Sequence[Column], values: Sequence[Column]
) -> Side:
    columns = [
        *(f"{_cast(column)} as k{place}" for place, column in enumerate(key)),
        *(f"{_cast(column)} as v{place}" for place, column in enumerate(values)),
    ]
    relation = session.relation(side, name)
    query = f"select {', '.join(columns) or '1 as nothing'} from {relation}"
    if name in session.views(side):
        relation = f"review_{side}"
        replace_temporary(session, relation, query)
        query = f"select * from {relation}"
    (rows,) = first_row(session, f"select count(*) from {relation}")
    return Side(sql=f"({query})", rows=rows)


def _cast(column: Column) -> str:
    name = quoted(column.name)
    return name if column.cast_to is None else f"cast({name} as {column.cast_to})"


def with_keys_apart(sides: Sides) -> Sides:
    """Return the sides as bags: the columns of the key become values like all others."""
    names = [*sides.key_names, *sides.value_names]
    renamed = ", ".join(f"{name} as v{place}" for place, name in enumerate(names))
    return Sides(
        base=Side(sql=f"(select {renamed} from {sides.base.sql} as keyed)", rows=sides.base.rows),
        head=Side(sql=f"(select {renamed} from {sides.head.sql} as keyed)", rows=sides.head.rows),
        key=(),
        values=(*sides.key, *sides.values),
    )


__all__ = ["BASE", "HEAD", "Side", "Sides", "open_sides", "with_keys_apart"]
