"""Tables of two engines are alike, but for the last digits of doubles and the time of the build."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from marketing_analytics.engines.compare import Row, Table, differences

COLUMNS = ("name", "amount", "rate", "day")
ROWS: tuple[Row, ...] = (
    ("a", Decimal("12.50"), 0.1, date(2024, 6, 30)),
    ("b", None, None, None),
    ("b", Decimal("1.00"), 2.0, date(2024, 6, 29)),
)


def found(*rows: Row, columns: tuple[str, ...] = COLUMNS) -> list[str]:
    expected = {"marketing.mart": Table(columns=COLUMNS, rows=ROWS)}
    return differences(expected, {"marketing.mart": Table(columns=columns, rows=rows)})


def test_another_order_scale_and_last_digit_are_no_difference() -> None:
    assert found(ROWS[2], ("a", Decimal("12.5"), 0.1 + 1e-11, ROWS[0][3]), ROWS[1]) == []


@pytest.mark.parametrize(
    "changed",
    [
        ("a", Decimal("12.51"), 0.1, date(2024, 6, 30)),
        ("A", Decimal("12.50"), 0.1, date(2024, 6, 30)),
        ("a", Decimal("12.50"), 0.1, date(2024, 7, 1)),
        ("a", None, 0.1, date(2024, 6, 30)),
        ("a", Decimal("12.50"), 0.1 + 1e-9, date(2024, 6, 30)),
        ("a", Decimal("12.50"), None, date(2024, 6, 30)),
    ],
)
def test_a_changed_cell_is_a_difference(changed: Row) -> None:
    lines = found(changed, *ROWS[1:])
    assert lines
    assert all(line.startswith("marketing.mart: ") for line in lines)


def test_a_missing_and_a_doubled_row_are_differences() -> None:
    assert found(*ROWS[1:])[-1] == "marketing.mart: 1 rows only expected, 0 only found"
    assert found(*ROWS, ROWS[0])[-1] == "marketing.mart: 0 rows only expected, 1 only found"


def test_a_missing_table_and_another_column_are_differences() -> None:
    table = Table(columns=COLUMNS, rows=ROWS)
    assert differences({"a": table}, {"b": table}) == ["a: not there", "b: not expected"]
    (line,) = found(*ROWS, columns=(*COLUMNS[:-1], "renamed"))
    assert "columns" in line


def test_columns_may_stand_in_another_order() -> None:
    turned = tuple(row[::-1] for row in ROWS)
    assert found(*turned, columns=COLUMNS[::-1]) == []
    assert found(*ROWS, columns=COLUMNS[::-1]) != []


def test_the_time_of_the_build_is_no_difference() -> None:
    columns = ("key", "dbt_updated_at")
    one, other = (Table(columns=columns, rows=(("a", datetime(2024, 6, day)),)) for day in (29, 30))
    assert differences({"mart": one}, {"mart": other}) == []
