"""What DuckDB has its own way for gives the rows that plain SQL gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from jinja2 import Environment

from conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

# Two rows of the same time, rows without a channel, a key with one row.
VISITS = """
    create table visits (
        visitor varchar, visited_at date, visit varchar, channel varchar, paid int
    );
    insert into visits values
        ('a', '2024-01-02', 'v2', 'mail', 1), ('a', '2024-01-02', 'v1', null, 2),
        ('a', '2024-01-01', 'v9', 'ads', 4), ('a', '2024-01-02', 'v3', 'ads', null),
        ('b', '2024-01-05', 'v5', 'mail', 8), ('b', '2024-01-04', 'v4', null, 16),
        ('c', '2024-01-06', 'v6', null, null);
"""
ORDER = ["visited_at", "visit"]


def macro(name: str, dialect: str) -> Callable[..., str]:
    """Return a dispatched macro, as dbt's Jinja reads it, that uses nothing of dbt."""
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)
    text = (PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8")
    found: Callable[..., str] = getattr(environment.from_string(text).module, f"{dialect}__{name}")
    return found


def rows(name: str, dialect: str, *arguments: Any) -> list[tuple[Any, ...]]:
    connection = duckdb.connect()
    connection.execute(VISITS)
    query = macro(name, dialect)(*arguments)
    columns = "visitor, channel" if name == "first_row_per_key" else "*"
    found = connection.execute(f"select {columns} from ({query}) order by visitor").fetchall()
    connection.close()
    return found


def test_many_decimals_fit_into_the_type_of_each_engine() -> None:
    types = {
        (dialect, scale): macro("type_decimal", dialect)(38, scale).strip()
        for dialect in ("default", "bigquery")
        for scale in (9, 12)
    }
    assert types == {
        ("default", 9): "decimal(38, 9)",
        ("default", 12): "decimal(38, 12)",
        ("bigquery", 9): "numeric(38, 9)",
        ("bigquery", 12): "bignumeric(38, 12)",
    }


@pytest.mark.parametrize("dialect", ["default", "duckdb"])
def test_the_first_row_counts_also_where_its_value_is_empty(dialect: str) -> None:
    first = rows(
        "first_row_per_key", dialect, "visits", "visitor", ["channel", "paid"], ORDER, False
    )
    assert first == [("a", "ads"), ("b", None), ("c", None)]
    last = rows("first_row_per_key", dialect, "visits", "visitor", ["channel", "paid"], ORDER, True)
    assert last == [("a", "ads"), ("b", "mail"), ("c", None)]


@pytest.mark.parametrize("dialect", ["default", "duckdb"])
def test_first_and_last_come_with_the_sums_of_all_rows(dialect: str) -> None:
    found = rows(
        *("first_and_last_per_key", dialect, "visits", "visitor", "channel", ORDER),
        {"visit_count": "count(*)", "paid": "sum(paid)"},
    )
    assert found == [
        ("a", 4, 7, "ads", "ads"),
        ("b", 2, 24, None, "mail"),
        ("c", 1, None, None, None),
    ]
