"""Compares a table of one engine with the same table of another."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RELATIVE_TOLERANCE = 1e-9  # of doubles; everything else is compared exactly
ABSOLUTE_TOLERANCE = 1e-12
SHOWN = 3  # rows per table and side
BUILD_TIME = "dbt_updated_at"  # says when a row was made, never what it holds

Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns of a table in order, and its rows in any order."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def without(self, column: str) -> Table:
        """Return the table without a column, if it has it."""
        if column not in self.columns:
            return self
        place = self.columns.index(column)
        return Table(
            columns=self.columns[:place] + self.columns[place + 1 :],
            rows=tuple(row[:place] + row[place + 1 :] for row in self.rows),
        )

    def arranged(self, columns: tuple[str, ...]) -> Table:
        """Return the table with its columns in that order."""
        places = [self.columns.index(column) for column in columns]
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return Table(columns=columns, rows=rows)


def differences(expected: Mapping[str, Table], found: Mapping[str, Table]) -> list[str]:
    """Return one line for each difference between two sets of tables, none if they are alike."""
    lines = [f"{name}: not there" for name in sorted(expected.keys() - found.keys())]
    lines += [f"{name}: not expected" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        lines += [f"{name}: {line}" for line in _table_differences(expected[name], found[name])]
    return lines


def _table_differences(expected: Table, found: Table) -> Iterator[str]:
    expected, found = expected.without(BUILD_TIME), found.without(BUILD_TIME)
    if set(expected.columns) != set(found.columns):
        yield f"columns {found.columns}, expected {expected.columns}"
        return
    found = found.arranged(expected.columns)  # Spark puts the column of the partitions last
    doubles = _double_columns(expected) | _double_columns(found)
    only_expected, only_found = _unmatched(expected, found, doubles)
    if only_expected or only_found:
        yield from (f"only expected: {row}" for row in only_expected[:SHOWN])
        yield from (f"only found: {row}" for row in only_found[:SHOWN])
        yield f"{len(only_expected)} rows only expected, {len(only_found)} only found"
        return
    pairs = zip(_sorted(expected.rows, doubles), _sorted(found.rows, doubles), strict=True)
    for one, other in pairs:
        for place in doubles:
            if not _near(one[place], other[place]):
                yield f"{expected.columns[place]} {other[place]!r}, expected {one[place]!r}: {one}"


def _double_columns(table: Table) -> set[int]:
    return {
        place for row in table.rows for place, value in enumerate(row) if isinstance(value, float)
    }


def _unmatched(expected: Table, found: Table, doubles: set[int]) -> tuple[list[Row], list[Row]]:
    """Return the exact parts of rows that only one side has, as often as it has them more."""
    counts = [Counter(_exact(row, doubles) for row in table.rows) for table in (expected, found)]
    return list((counts[0] - counts[1]).elements()), list((counts[1] - counts[0]).elements())


def _exact(row: Row, doubles: set[int]) -> Row:
    return tuple(value for place, value in enumerate(row) if place not in doubles)


def _sorted(rows: Sequence[Row], doubles: set[int]) -> list[Row]:
    """Return the rows in an order in which those that belong together stand together."""

    def order(row: Row) -> tuple[list[tuple[bool, str]], list[tuple[bool, float]]]:
        exact = [(value is None, _text(value)) for value in _exact(row, doubles)]
        numbers = [row[place] for place in sorted(doubles)]
        return exact, [(n is None, n if isinstance(n, float) else 0.0) for n in numbers]

    return sorted(rows, key=order)


def _text(value: object) -> str:
    # 12.50 and 12.5 are equal, and so are 1 and a decimal 1.
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _near(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
    return one == other
