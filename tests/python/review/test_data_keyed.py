"""Rows compared by their key: every number worked out by hand on a few rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.review.data import keyed
from marketing_analytics.review.data.compare import compare_tables
from review.two_builds import table, two_builds

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review.findings import DataChange

CUSTOMERS = "id bigint, tier varchar, revenue decimal(18, 2), rate double precision, score integer"
BASE = table(
    CUSTOMERS,
    "1, 'High', 100.00, 0.5, 1",
    "2, 'High', 200.00, 0.25, 2",
    "3, 'Low', 10.00, 0.1, 3",
    "4, 'Low', 20.00, null, 3",
    "5, null, 0.00, 0.3, 3",
)
HEAD = table(
    CUSTOMERS,
    "1, 'High', 100.00, 0.5, 1",
    "2, 'Medium', 150.00, 0.25, 2",  # moved from High, 50 less
    "3, 'High', 10.50, 0.1, 3",  # moved from Low, 0.50 more
    "5, null, 0.00, 0.30000000000000004, 3",  # the last bit alone: the same
    "6, 'Low', 30.00, 0.2, 4",  # new; 4 is gone
)


def compared(
    folder: Path, base: str, head: str, key: tuple[str, ...] = ("id",), **ignored: str
) -> DataChange:
    with two_builds(folder, base, head) as session:
        return compare_tables(session, "marts.orders", "marts.orders", key=key, ignored=ignored)


@pytest.fixture
def change(tmp_path: Path) -> DataChange:
    return compared(tmp_path, BASE, HEAD)


def test_every_row_is_identical_modified_added_or_removed(change: DataChange) -> None:
    assert (change.base_rows, change.head_rows) == (5, 5)
    assert (change.identical, change.modified, change.added, change.removed) == (2, 2, 1, 1)
    assert change.key == ("id",)
    assert not change.is_identical
    assert not change.is_key_lost


def test_columns_that_differ_count_their_rows_and_show_them_by_key(change: DataChange) -> None:
    tier, revenue, rate, score = change.columns
    assert [column.column for column in change.columns] == ["tier", "revenue", "rate", "score"]
    assert (tier.modified, revenue.modified, rate.modified, score.modified) == (2, 2, 0, 0)
    assert [(sample.key, sample.base, sample.head) for sample in tier.samples] == [
        ((2,), "High", "Medium"),
        ((3,), "Low", "High"),
    ]
    assert rate.samples == ()


def test_totals_of_decimals_are_exact(change: DataChange) -> None:
    numbers = change.columns[1].numbers
    assert numbers is not None
    assert numbers.base_total == Decimal("330.00")
    assert numbers.head_total == Decimal("290.50")
    assert numbers.total_change == pytest.approx(-39.5 / 330)
    assert numbers.base_mean == 66
    # Sorted: 0, 10, 20, 100, 200 and 0, 10.5, 30, 100, 150.
    assert numbers.base_quantiles == (0, 10, 20, 100, 200)
    assert numbers.head_quantiles == (0, 10.5, 30, 100, 150)


def test_totals_of_doubles_and_of_whole_numbers(change: DataChange) -> None:
    rate, score = change.columns[2].numbers, change.columns[3].numbers
    assert rate is not None
    assert score is not None
    assert (rate.base_total, rate.head_total) == (1.15, 1.35)
    assert (rate.base_nulls, rate.head_nulls) == (1, 0)
    assert (score.base_total, score.head_total) == (12, 13)
    assert isinstance(score.base_total, int)


def test_categories_say_who_stayed_moved_came_and_went(change: DataChange) -> None:
    categories = change.columns[0].categories
    assert categories is not None
    found = {
        category.value: (
            category.base,
            category.head,
            category.stayed,
            category.moved_in,
            category.moved_out,
            category.added,
            category.removed,
        )
        for category in categories.values
    }
    assert list(found) == ["High", "Low", "Medium", None]
    assert found == {
        "High": (2, 2, 1, 1, 1, 0, 0),
        "Low": (2, 1, 0, 0, 1, 1, 1),
        "Medium": (0, 1, 0, 1, 0, 0, 0),
        None: (1, 1, 1, 0, 0, 0, 0),
    }
    assert [category.change for category in categories.values] == [0, -0.5, None, 0]
    assert categories.moves == (  # with those who stayed
        ("High", "High", 1),
        ("High", "Medium", 1),
        ("Low", "High", 1),
        (None, None, 1),
    )
    # |2-2| + |2-1| + |0-1| + |1-1| over 5 rows, halved.
    assert categories.total_variation == pytest.approx(0.2)
    # (q - p) ln(q / p) of 2.5/7 2.5/7, 2.5/7 1.5/7, 0.5/7 1.5/7, 1.5/7 1.5/7.
    assert categories.stability_index == pytest.approx(0.2299, abs=1e-4)


def test_rows_that_came_or_went_are_shown_whole(change: DataChange) -> None:
    assert change.added_samples == (
        {"id": 6, "tier": "Low", "revenue": Decimal("30.00"), "rate": 0.2, "score": 4},
    )
    assert [row["id"] for row in change.removed_samples] == [4]


def test_the_same_table_is_identical(tmp_path: Path) -> None:
    change = compared(tmp_path, BASE, BASE)
    assert change.is_identical
    assert change.identical == 5
    assert change.columns == ()


def test_a_column_left_out_is_not_compared(tmp_path: Path) -> None:
    change = compared(tmp_path, BASE, HEAD, tier="differs between two builds of the same code")
    assert change.ignored == {"tier": "differs between two builds of the same code"}
    assert [column.column for column in change.columns] == ["revenue", "rate", "score"]


def test_a_key_that_the_head_repeats_is_lost_and_rows_are_a_bag(tmp_path: Path) -> None:
    change = compared(
        tmp_path,
        table("id bigint, x integer", "1, 1"),
        table("id bigint, x integer", "1, 1", "1, 1"),
    )
    assert change.is_key_lost
    assert change.key == ()
    assert (change.identical, change.added, change.removed) == (1, 1, 0)


def test_a_key_that_both_sides_repeat_was_none(tmp_path: Path) -> None:
    rows = table("id bigint, x integer", "1, 1", "1, 2")
    change = compared(tmp_path, rows, rows)
    assert (change.key, change.is_key_lost, change.is_identical) == ((), False, True)


def test_a_key_column_that_one_side_lacks_is_no_key(tmp_path: Path) -> None:
    change = compared(
        tmp_path, table("id bigint, x integer", "1, 7"), table("name bigint, x integer", "1, 7")
    )
    assert (change.key, change.identical) == ((), 1)


def test_null_is_a_value_of_a_key(tmp_path: Path) -> None:
    columns = "month date, tier varchar, rows bigint"
    base = table(columns, "'2024-01-01', null, 3", "'2024-01-01', 'High', 4", "null, null, 1")
    head = table(columns, "'2024-01-01', null, 5", "'2024-01-01', 'High', 4", "null, '', 1")
    change = compared(tmp_path, base, head, key=("month", "tier"))
    assert change.key == ("month", "tier")
    assert (change.identical, change.modified, change.added, change.removed) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ("decimal(18, 2)", "decimal(18, 4)"),
        ("integer", "bigint"),
        ("integer", "double"),
        ("decimal(18, 2)", "double"),
        ("bigint", "decimal(18, 2)"),
        ("bigint", "varchar"),
    ],
)
def test_the_same_number_of_another_type_is_the_same(tmp_path: Path, base: str, head: str) -> None:
    change = compared(
        tmp_path,
        table(f"id bigint, x {base}", "1, 7", "2, null"),
        table(f"id bigint, x {head}", "1, 7", "2, null"),
    )
    assert change.is_identical


def test_a_day_is_its_first_moment(tmp_path: Path) -> None:
    base = table("id bigint, x date", "1, '2024-02-29'", "2, '2024-02-29'")
    head = table("id bigint, x timestamp", "1, '2024-02-29'", "2, '2024-02-29 00:00:01'")
    change = compared(tmp_path, base, head)
    assert (change.identical, change.modified) == (1, 1)


def test_doubles_that_are_none_are_told_apart(tmp_path: Path) -> None:
    values = ("'nan'", "'inf'", "'-inf'", "0", "null", "1e300", "1e-13")
    base = table("id bigint, x double", *(f"{n}, {v}" for n, v in enumerate(values)))
    head = table("id bigint, x double", *(f"{n}, {v}" for n, v in enumerate(values)))
    assert compared(tmp_path, base, head).is_identical
    turned = table("id bigint, x double", *(f"{n}, {v}" for n, v in enumerate(reversed(values))))
    # Only the 0 in the middle meets itself.
    assert compared(tmp_path, base, turned).modified == 6


def test_a_view_is_compared_like_a_table(tmp_path: Path) -> None:
    as_view = "alter table marts.orders rename to kept; create view marts.orders as from marts.kept"
    change = compared(tmp_path, f"{BASE}; {as_view}", f"{HEAD}; {as_view}")
    assert (change.identical, change.modified, change.added, change.removed) == (2, 2, 1, 1)


def test_names_may_hold_anything(tmp_path: Path) -> None:
    columns = '"Order ""No""" bigint, "select" varchar'
    change = compared(
        tmp_path, table(columns, "1, 'a'"), table(columns, "1, 'b'"), key=('Order "No"',)
    )
    assert [column.column for column in change.columns] == ["select"]


def test_an_empty_table_has_lost_all_its_rows(tmp_path: Path) -> None:
    change = compared(tmp_path, BASE, table(CUSTOMERS))
    assert (change.identical, change.added, change.removed) == (0, 0, 5)
    revenue = next(column for column in change.columns if column.column == "revenue")
    assert revenue.numbers is not None
    assert (revenue.numbers.base_total, revenue.numbers.head_total) == (Decimal("330.00"), None)
    assert revenue.numbers.head_quantiles == (None,) * 5


@pytest.mark.parametrize(
    ("settings", "never"),
    [
        ({"MANY": 0.0}, "_in_two_stages"),
        ({"MANY": 1.0}, "_in_one_join"),
        ({"MANY": 0.5, "SAMPLED_FROM": 0, "SAMPLE": 1}, "_find_keys"),  # 4 of 6 keys, seen at once
    ],
)
def test_each_way_finds_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: DataChange,
    settings: dict[str, float],
    never: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setattr(keyed, name, value)
    monkeypatch.setattr(keyed.KeyedComparison, never, None)
    assert compared(tmp_path, BASE, HEAD) == change


@pytest.mark.parametrize(
    ("data_type", "count", "is_listed"),
    [("varchar", 50, True), ("varchar", 51, False), ("integer", 10, True), ("integer", 11, False)],
)
def test_few_values_are_categories_many_are_not(
    tmp_path: Path, data_type: str, count: int, is_listed: bool
) -> None:
    columns = f"id bigint, x {data_type}"
    base = table(columns, *(f"{n}, {n % count}" for n in range(2 * count)))
    head = table(columns, *(f"{n}, {(n if n else 1) % count}" for n in range(2 * count)))
    (column,) = compared(tmp_path, base, head).columns
    assert (column.categories is not None) is is_listed


def test_no_more_than_five_rows_are_shown_the_first_by_key(tmp_path: Path) -> None:
    base, head = (
        table("id bigint, x integer", *(f"{n}, {n + step}" for n in range(start, start + 100)))
        for start, step in ((0, 0), (10, 1))
    )
    change = compared(tmp_path, base, head)
    assert (change.modified, change.added, change.removed) == (90, 10, 10)
    (column,) = change.columns
    assert [sample.key for sample in column.samples] == [(10,), (11,), (12,), (13,), (14,)]
    assert [row["id"] for row in change.removed_samples] == [0, 1, 2, 3, 4]
    assert [row["id"] for row in change.added_samples] == [100, 101, 102, 103, 104]
