"""Two answers are the same, or it is said how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketing_analytics.bench import same
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

MART = "(select 'a' as id, 1 as orders, 0.5::double as rate union all select 'b', null, null)"


@pytest.fixture
def connection() -> Iterator[DuckDBPyConnection]:
    connection = in_memory()
    yield connection
    connection.close()


def rows(*values: str, columns: str = "id, orders, rate") -> str:
    return f"(select * from (values {', '.join(values)}) as rows({columns}))"


def test_rows_in_another_order_and_of_other_types_are_the_same(
    connection: DuckDBPyConnection,
) -> None:
    by_hand = rows("('b', null, null)", "('a', 1::decimal(9, 2), 0.5000000000001::double)")

    assert same.difference(connection, MART, by_hand, ["id"]) is None


@pytest.mark.parametrize(
    ("by_hand", "told"),
    [
        (
            rows("('a', 1, 0.5::double)", columns="id, orders, rate"),
            "2 rows of the mart, 1 by hand",
        ),
        (rows("('a', 1, 0.5::double)", "('c', null, null)"), "1 of 2 rows have the same id"),
        (rows("('a', 2, 0.5::double)", "('b', null, null)"), "orders in 1 rows"),
        (rows("('a', 1, 0.50000001::double)", "('b', null, null)"), "rate in 1 rows"),
        (rows("('a', 1, 0.5::double)", "('b', null, 0)"), "rate in 1 rows"),
        (rows("('a', 1, 0.5)", columns="id, rate, orders"), "other columns by hand: id, rate, "),
    ],
)
def test_a_difference_is_said(connection: DuckDBPyConnection, by_hand: str, told: str) -> None:
    found = same.difference(connection, MART, by_hand, ["id"])

    assert found is not None
    assert told in found


def test_no_rows_are_no_answer(connection: DuckDBPyConnection) -> None:
    nothing = f"(from {MART} where id = 'c')"

    assert same.difference(connection, nothing, nothing, ["id"]) == "no rows"


@pytest.mark.parametrize(
    ("by_hand", "told"),
    [
        (rows("('a', 1, 0.5::double)", "('b', null, null)"), None),
        (rows("('a', 2, 0.5::double)", "('b', null, null)"), "other values"),
        (rows("('a', 1, 0.50000001::double)", "('b', null, null)"), "the sum of rate"),
        (rows("('a', 1, 0.5::double)", "('b', null, 0)"), "other values"),
    ],
)
def test_of_very_many_rows_sums_are_compared(
    connection: DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    by_hand: str,
    told: str | None,
) -> None:
    monkeypatch.setattr(same, "MOST_JOINED", 1)

    found = same.difference(connection, MART, by_hand, ["id"])

    assert (found or "").startswith(told or "")
    assert (found is None) == (told is None)
