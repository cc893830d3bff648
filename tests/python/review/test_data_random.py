"""Random tables: what SQL finds is what two dictionaries in Python find, on each of its paths."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketing_analytics.review.data import keyed
from marketing_analytics.review.data.compare import compare_tables
from review.two_builds import table, two_builds_in_memory

if TYPE_CHECKING:
    from marketing_analytics.review.findings import DataChange

COLUMNS = "k1 integer, k2 varchar, tier varchar, number integer, rate double"
Key = tuple[int | None, str | None]
Values = tuple[str | None, int | None, float | None]
KEYS = st.tuples(
    st.one_of(st.none(), st.integers(0, 4)), st.one_of(st.none(), st.sampled_from(["", "a", "b"]))
)
VALUES = st.tuples(
    st.one_of(st.none(), st.sampled_from(["High", "Low", ""])),
    st.one_of(st.none(), st.integers(-2, 2)),
    st.one_of(st.none(), st.sampled_from([0.1 + 0.2, 0.3, 0.0, -1.5, math.inf, math.nan])),
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=12)
SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    identical: int
    modified: int
    added: int
    removed: int
    by_column: tuple[int, int, int]


def is_same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def expected(base: dict[Key, Values], head: dict[Key, Values]) -> Counts:
    both = base.keys() & head.keys()
    columns = tuple(
        sum(not is_same(base[key][place], head[key][place]) for key in both) for place in range(3)
    )
    modified = sum(
        any(not is_same(one, other) for one, other in zip(base[key], head[key], strict=True))
        for key in both
    )
    return Counts(
        identical=len(both) - modified,
        modified=modified,
        added=len(head.keys() - base.keys()),
        removed=len(base.keys() - head.keys()),
        by_column=(columns[0], columns[1], columns[2]),
    )


def literal(value: object) -> str:
    if value is None:
        return "null"
    return repr(value) if isinstance(value, int) else f"'{value}'"


def made(rows: dict[Key, Values]) -> str:
    return table(
        COLUMNS, *(", ".join(map(literal, (*key, *values))) for key, values in rows.items())
    )


def compared(base: str, head: str, *key: str) -> DataChange:
    with two_builds_in_memory(base, head) as session:
        return compare_tables(session, "marts.orders", "marts.orders", key=key)


def found(change: DataChange) -> Counts:
    counted = {column.column: column.modified or 0 for column in change.columns}
    return Counts(
        identical=change.identical,
        modified=change.modified,
        added=change.added,
        removed=change.removed,
        by_column=(counted.get("tier", 0), counted.get("number", 0), counted.get("rate", 0)),
    )


def check(base: dict[Key, Values], head: dict[Key, Values]) -> None:
    change = compared(made(base), made(head), "k1", "k2")
    assert change.key == ("k1", "k2")
    assert found(change) == expected(base, head)
    for column in change.columns:
        assert len(column.samples) == min(5, column.modified or 0)
        if column.column == "tier" and column.categories is not None:
            counts = [Counter(values[0] for values in rows.values()) for rows in (base, head)]
            for category in column.categories.values:
                assert (category.base, category.head) == tuple(n[category.value] for n in counts)
                assert category.base == category.stayed + category.moved_out + category.removed
                assert category.head == category.stayed + category.moved_in + category.added


@SETTINGS
@given(base=TABLES, head=TABLES)
def test_by_hashes(
    monkeypatch: pytest.MonkeyPatch,
    base: dict[Key, Values],
    head: dict[Key, Values],
) -> None:
    monkeypatch.setattr(keyed.KeyedComparison, "_in_one_join", None)
    monkeypatch.setattr(keyed.KeyedComparison, "_is_much", lambda *_: False)
    check(base, head)


@SETTINGS
@given(base=TABLES, head=TABLES)
def test_by_whole_rows(
    monkeypatch: pytest.MonkeyPatch,
    base: dict[Key, Values],
    head: dict[Key, Values],
) -> None:
    monkeypatch.setattr(keyed.KeyedComparison, "_in_two_stages", None)
    monkeypatch.setattr(keyed.KeyedComparison, "_is_much", lambda *_: True)
    check(base, head)


@SETTINGS
@given(
    base=st.lists(st.tuples(KEYS, VALUES), max_size=12),
    head=st.lists(st.tuples(KEYS, VALUES), max_size=12),
)
def test_as_bags(base: list[tuple[Key, Values]], head: list[tuple[Key, Values]]) -> None:
    def row(pair: tuple[Key, Values]) -> tuple[object, ...]:
        rate = pair[1][2]
        rounded = None if rate is None else f"{rate:.9e}"
        return (*pair[0], *pair[1][:2], rounded)

    sides = [
        table(COLUMNS, *(", ".join(map(literal, (*key, *values))) for key, values in rows))
        for rows in (base, head)
    ]
    change = compared(*sides)
    counts = [Counter(map(row, rows)) for rows in (base, head)]
    assert change.key == ()
    assert change.removed == (counts[0] - counts[1]).total()
    assert change.added == (counts[1] - counts[0]).total()
    assert change.identical == (counts[0] & counts[1]).total()
    assert all(column.modified is None for column in change.columns)
    differing = {
        name
        for place, name in enumerate(("k1", "k2", "tier", "number", "rate"))
        if len({tuple(sorted(repr(row(pair)[place]) for pair in rows)) for rows in (base, head)})
        > 1
    }
    assert {column.column for column in change.columns} == differing
