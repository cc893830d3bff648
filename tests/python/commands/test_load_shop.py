"""`mktg load dbt_production`: whole cents, closed lists of texts, booleans, example mappings."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import LoadError
from marketing_analytics.raw_schema import raw_source, raw_sources
from raw_files import rows, write

EXPORTS = PROJECT / "tests" / "python" / "data" / "exports"
MAPPINGS = PROJECT / "docs" / "mappings"
NOT_A_STATUS = (
    "not one of placed, shipped, completed, return_pending, returned; "
    "translate it with `values` in a mapping"
)


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def load(folder: Path, *arguments: str) -> Result:
    database = str(folder / "raw.duckdb")
    return CliRunner().invoke(cli, ["load", "dbt_production", "--database", database, *arguments])


def run(folder: Path, table: str, columns: dict[str, Any], *arguments: str) -> Result:
    content = {"tables": {table: {"files": "in.*", "columns": columns}}}
    path = folder / "map.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return load(folder, "--map", str(path), *arguments)


def rejects(folder: Path, table: str) -> list[tuple[Any, ...]]:
    query = f"select line, column_name, value, reason from dbt_production_rejected.{table}"
    return rows(folder, query)


def orders(folder: Path, rule: Any, *states: str) -> list[str]:
    """Load orders with these states and return the status of those that were good."""
    write(folder, "in.csv", "id,day,state", *(f"{i},2024-03-01,{s}" for i, s in enumerate(states)))
    columns = {"id": "id", "order_date": "day", "status": rule}
    result = run(folder, "orders", columns, "--max-rejected", "9")
    assert result.exit_code == 0, (result.output, result.exception)
    return [row[0] for row in rows(folder, "select status from dbt_production.orders")]


def test_accepted_values_are_read_from_the_declared_tests() -> None:
    source = raw_source(PROJECT, "dbt_production")
    accepted = {
        (table.name, column.name): column.accepted
        for table in source.tables
        for column in table.columns
        if column.accepted
    }
    assert accepted == {
        ("orders", "status"): ("placed", "shipped", "completed", "return_pending", "returned"),
        ("payments", "payment_method"): ("credit_card", "bank_transfer", "coupon", "gift_card"),
    }


def test_only_accepted_values_that_every_row_has_to_pass_count(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "sources"
    folder.mkdir(parents=True)
    tests: dict[str, Any] = {
        "old": {"accepted_values": {"values": ["a", True]}},
        "numbers": {"accepted_values": {"arguments": {"values": [1, 2], "quote": False}}},
        "warned": {
            "accepted_values": {"arguments": {"values": ["a"]}, "config": {"severity": "warn"}}
        },
        "partial": {
            "accepted_values": {"arguments": {"values": ["a"]}, "config": {"where": "1=1"}}
        },
    }
    columns = [
        {"name": name, "data_type": "varchar", "description": "", "data_tests": [test]}
        for name, test in tests.items()
    ]
    table = {"name": "t", "description": "", "config": {"meta": {"key": ["old"]}}}
    content = {"sources": [{"name": "s", "tables": [table | {"columns": columns}]}]}
    (folder / "s.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    found = {c.name: c.accepted for c in raw_sources(tmp_path)["s"].table("t").columns}
    assert found == {"old": ("a", "true"), "numbers": ("1", "2"), "warned": (), "partial": ()}


def test_another_value_is_rejected_and_a_near_one_is_named(tmp_path: Path) -> None:
    states = ["completed", " placed ", "Completed", "return pending", "\u2003shipped", "open", ""]
    assert orders(tmp_path, "state", *states) == ["completed", "placed"]
    known = "not one of placed, shipped, completed, return_pending, returned; did you mean"
    advice = "Translate it with `values` in a mapping"
    assert rejects(tmp_path, "orders") == [
        (4, "status", "Completed", f"{known} 'completed'? {advice}"),
        (5, "status", "return pending", f"{known} 'return_pending'? {advice}"),
        (6, "status", "\u2003shipped", f"{known} 'shipped'? {advice}"),
        (7, "status", "open", NOT_A_STATUS),
        (8, "status", None, "empty, but the column needs a value"),
    ]


def test_values_translate_what_the_file_says(tmp_path: Path) -> None:
    rule = {"from": "state", "values": {"Complete": "completed", "Open": "placed", 7: "returned"}}
    states = ["Complete", " Open", "7", "shipped", "complete", ""]
    assert orders(tmp_path, rule, *states) == ["completed", "placed", "returned", "shipped"]
    assert [row[:3] for row in rejects(tmp_path, "orders")] == [
        (6, "status", "complete"),
        (7, "status", None),
    ]


def test_values_that_are_not_listed_may_become_another_one(tmp_path: Path) -> None:
    values = {"Done": "completed", "?": None}
    rule: dict[str, Any] = {"from": "state", "values": values, "otherwise": "placed"}
    # What is empty stays empty, and so does what is translated to nothing.
    assert orders(tmp_path, rule, "Done", "x", "?", "") == ["completed", "placed"]
    assert [row[:3] for row in rejects(tmp_path, "orders")] == [
        (4, "status", None),
        (5, "status", None),
    ]
    rule = {"sql": "left(state, 1)", "values": {"D": "completed"}, "otherwise": None}
    assert orders(tmp_path, rule, "Done", "x") == ["completed"]


def test_values_of_other_types_are_translated_as_text(tmp_path: Path) -> None:
    query = "select '1' as id, 2.0::double as code, true as test, date '2024-03-01' as day"
    duckdb.execute(f"copy ({query}) to '{tmp_path / 'in.parquet'}'")
    columns = {
        "id": "id",
        "order_date": "day",
        "status": {"from": "code", "values": {2: "shipped"}},
        "cycle_name": {"from": "test", "values": {"true": "Trial"}},
    }
    assert run(tmp_path, "orders", columns).exit_code == 0
    query = "select status, cycle_name from dbt_production.orders"
    assert rows(tmp_path, query) == [("shipped", "Trial")]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"from": "state", "values": {}}, ".values: must list what the file says"),
        ({"from": "state", "values": "open"}, ".values: must list what the file says"),
        ({"from": "state", "values": {True: "placed"}}, ".values: write the file's text in quotes"),
        ({"from": "state", "values": {None: "placed"}}, ".values: write the file's text in quotes"),
        ({"from": "state", "values": {1.5: "placed"}}, ".values: write the file's text in quotes"),
        ({"from": "state", "values": {" ": "placed"}}, ".values: blank text is no value"),
        ({"from": "state", "values": {"a": ["b"]}}, ".values: what a text becomes must be one"),
        ({"from": "state", "values": {"a": "b"}, "otherwise": []}, ".values: what a text becomes"),
        ({"from": "state", "otherwise": "placed"}, ".otherwise: is for what `values` does not"),
        ({"value": "placed", "values": {"a": "b"}}, "every row; leave out `values`"),
    ],
)
def test_faulty_values_are_refused_with_their_key(tmp_path: Path, rule: Any, part: str) -> None:
    write(tmp_path, "in.csv", "id,day,state", "1,2024-03-01,open")
    result = run(tmp_path, "orders", {"id": "id", "order_date": "day", "status": rule})
    assert isinstance(result.exception, LoadError), (result.output, result.exception)
    assert "map.yml: tables.orders.columns.status" in str(result.exception)
    assert part in str(result.exception)
    assert not (tmp_path / "raw.duckdb").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("true", "TRUE", "t", "yes", "Y", "1", " true ")),
        *((text, False) for text in ("false", "False", "f", "no", "N", "0")),
        ("", None),
        ("maybe", "reject"),
        ("2", "reject"),
        ("on", "reject"),
    ],
)
def test_booleans(tmp_path: Path, text: str, expected: bool | str | None) -> None:
    write(tmp_path, "in.csv", "id,is_test_user", f"c1,{text}")
    result = run(tmp_path, "customers", {"id": "id"}, "--max-rejected", "1")
    assert result.exit_code == 0, (result.output, result.exception)
    found = rows(tmp_path, "select is_test_user from dbt_production.customers")
    if expected == "reject":
        reason = "not true or false (or yes, no, y, n, t, f, 1, 0)"
        assert rejects(tmp_path, "customers") == [(2, "is_test_user", text, reason)]
    else:
        assert found == [(expected,)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("1", True),
        ("0.0::double", False),
        ("1::utinyint", True),
        ("2.0::double", None),
    ],
)
def test_booleans_of_parquet(tmp_path: Path, value: str, expected: bool | None) -> None:
    query = f"select 'c1' as id, {value} as is_test_user"
    duckdb.execute(f"copy ({query}) to '{tmp_path / 'in.parquet'}'")
    assert run(tmp_path, "customers", {"id": "id"}, "--max-rejected", "1").exit_code == 0
    found = rows(tmp_path, "select is_test_user from dbt_production.customers")
    assert found == ([] if expected is None else [(expected,)])


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ({"multiply_by": 100}, "12.34", 1234),
        ({"multiply_by": 100}, "0.29", 29),  # 28.999999999999996 with a floating point
        ({"multiply_by": 100}, "1.005", 101),
        ({"multiply_by": 100}, "1.0049999", 100),
        ({"multiply_by": 100}, "5", 500),
        ({"multiply_by": 100}, "1e2", 10000),
        ({"multiply_by": 1000000}, "0.0000005", 1),
        ({"multiply_by": 100}, "90071992547409.93", 9007199254740993),
        ({"multiply_by": 10}, "9223372036854775808", None),
        ({"multiply_by": 100}, "-0.001", 0),
        ({"multiply_by": 100}, "-0.005", None),
        ({"multiply_by": 100}, "12,5", None),
        ({"multiply_by": 100}, "", "empty"),
        ({"divide_by": 10}, "120", 12),
        ({"divide_by": 10}, "125", None),
        ({}, "12.5", None),
    ],
)
def test_major_units_become_whole_cents(
    tmp_path: Path, rule: dict[str, Any], text: str, expected: int | str | None
) -> None:
    write(tmp_path, "in.csv", "id,at,total", f'r1,2024-03-01,"{text}"')
    columns = {"id": "id", "refunded_at": "at", "amount": {"from": "total"} | rule}
    result = run(tmp_path, "refunds", columns, "--max-rejected", "1")
    assert result.exit_code == 0, (result.output, result.exception)
    found = rows(tmp_path, "select amount from dbt_production.refunds")
    if expected is None:
        assert found == []
        assert rejects(tmp_path, "refunds")[0][:3] == (2, "amount", text)
    else:
        assert found == [(None if expected == "empty" else expected,)]


def test_what_rounding_to_cents_changed_is_told(tmp_path: Path) -> None:
    write(tmp_path, "in.csv", "id,at,total", *(f"r{i},2024-03-01,1.{i}05" for i in range(1, 4)))
    rule = {"from": "total", "multiply_by": 100}
    result = run(tmp_path, "refunds", {"id": "id", "refunded_at": "at", "amount": rule})
    assert rows(tmp_path, "select sum(amount) from dbt_production.refunds") == [(111 + 121 + 131,)]
    assert "refunds: amount rounded in 3 rows, the sum changed by 1.5" in result.output
    # Three digits after every point: perhaps they are thousands.
    assert "amount: every number with a point (3) has three digits after it" in result.output


def test_multiplied_decimals_and_doubles_of_other_tables(tmp_path: Path) -> None:
    write(tmp_path, "in.csv", "Ad,k,share", "a1,1.2345,0.5")
    columns = {
        "creative_id": "Ad",
        "spend": {"from": "k", "multiply_by": 1000},
        "ctr": {"from": "share", "multiply_by": 10},
    }
    content = {"tables": {"ad_creatives": {"files": "in.csv", "columns": columns}}}
    (tmp_path / "map.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    command = ["load", "marketing_raw", "--database", str(tmp_path / "raw.duckdb")]
    result = CliRunner().invoke(cli, [*command, "--map", str(tmp_path / "map.yml")])
    assert result.exit_code == 0, (result.output, result.exception)
    query = "select cast(spend as varchar), ctr from marketing_raw.ad_creatives"
    assert rows(tmp_path, query) == [("1234.50", 5.0)]


def test_a_shopify_export_becomes_five_tables(tmp_path: Path) -> None:
    path = str(MAPPINGS / "shopify.yml")
    result = load(tmp_path, "--map", path, "--from", str(EXPORTS), "--max-rejected", "0")
    assert result.exit_code == 0, (result.output, result.exception)
    assert "customers: 6 lines -> 2 rows; 1 lines left out by `where`" in result.output
    # 3 x 8.2834 is 24.8502.
    assert "order_items: amount rounded in 1 rows, the sum changed by -0.02" in result.output
    ada, grace = "ada@example.com", "grace@example.com"
    expected: dict[str, list[tuple[Any, ...]]] = {
        "customers": [(ada, "Ada", None, False), (grace, "Grace", None, False)],
        # Evening in New York is the next day in UTC.
        "orders": [
            ("#1001", ada, date(2024, 3, 2), "completed", None),
            ("#1002", grace, date(2024, 3, 2), "shipped", None),
            ("#1003", ada, date(2024, 3, 5), "returned", None),
            ("#1004", None, date(2024, 3, 6), "placed", None),
        ],
        "payments": [
            ("#1001", "#1001", "credit_card", 4985, None),
            ("#1002", "#1002", "bank_transfer", 3000, None),
            ("#1003", "#1003", "gift_card", 1750, None),
        ],
        "refunds": [
            ("#1002", "#1002", grace, 1000, datetime(2024, 3, 2, 13, 59)),
            ("#1003", "#1003", ada, 1750, datetime(2024, 3, 5, 14, 59, 30)),
        ],
        "order_items": [
            ("#1001-2", "#1001", "Mug - blue", 2, 2500),
            ("#1001-1", "#1001", "Coaster", 3, 2485),
            ("#1002-2", "#1002", "Plate, large", 1, 2000),
            ("#1002-1", "#1002", "Mug - blue", 1, 1000),
            ("#1003-1", "#1003", "Mug - blue", 1, 1250),
            ("#1004-1", "#1004", "Plate, large", 1, 2000),
        ],
    }
    for table, content in expected.items():
        assert rows(tmp_path, f"from dbt_production.{table}") == content


def test_the_example_of_the_documentation_gives_its_summary(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "loading.md").read_text(encoding="utf-8")
    section = page.split("### One row of several lines")[1]
    mapping = section.split("```yaml\n")[1].split("```")[0]
    assert mapping.split("columns:")[1].strip() in (MAPPINGS / "shopify.yml").read_text("utf-8")
    (tmp_path / "map.yml").write_text(mapping, encoding="utf-8")
    result = load(tmp_path, "--map", str(tmp_path / "map.yml"), "--from", str(EXPORTS))
    assert result.exit_code == 0, (result.output, result.exception)
    documented = next(part for part in section.split("```\n") if part.startswith("table  "))
    shown = [line.rstrip() for line in result.output.splitlines()]
    assert shown[:-1] == documented.splitlines()[:-1]


def test_invoice_lines_of_an_online_shop_become_five_tables(tmp_path: Path) -> None:
    columns = "InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID"
    lines = [
        "('500001', 'M1', 'MUG', 12, timestamp '2011-07-01 00:30:00', 2.55, 11111.0)",
        "('500001', 'P1', 'PLATE', 3, timestamp '2011-07-01 00:31:00', 0.001, 11111.0)",
        "('500001', 'P1', 'PLATE', 3, timestamp '2011-07-01 00:31:00', 0.001, 11111.0)",
        "('C500002', 'M1', 'MUG', -2, timestamp '2011-07-02 10:00:00', 2.55, 11111.0)",
        "('C500002', 'P1', 'PLATE', -1, timestamp '2011-07-02 10:00:00', 4.15, 11111.0)",
        "('C500003', 'M1', 'MUG', -1, timestamp '2011-07-03 10:00:00', 2.55, 22222.0)",
        "('500004', 'M1', 'mug', 1, timestamp '2011-12-01 10:00:00', 2.55, null)",
        "('500005', 'M1', 'a mug', 1, timestamp '2011-12-01 10:00:00', 2.55, 33333.0)",
    ]
    query = f"select * from (values {', '.join(lines)}) as lines ({columns})"
    doubles = ", ".join(f"cast({name} as double) as {name}" for name in ("UnitPrice", "CustomerID"))
    typed = f"select * replace ({doubles}) from ({query})"
    duckdb.execute(f"copy ({typed}) to '{tmp_path / 'online_retail.parquet'}'")
    path = str(MAPPINGS / "online_retail.yml")
    result = load(tmp_path, "--map", path, "--from", str(tmp_path), "--max-rejected", "0")
    assert result.exit_code == 0, (result.output, result.exception)
    # 0.006 is 0.6 cents more in the invoice, and twice 0.3 cents in its lines.
    assert "payments: amount rounded in 1 rows, the sum changed by 0.4" in result.output
    assert "order_items: amount rounded in 2 rows, the sum changed by -0.6" in result.output
    expected: dict[str, list[tuple[Any, ...]]] = {
        "customers": [(key, None, None, None) for key in ("11111", "22222", "33333")],
        # Half past midnight in London's summer is still June in UTC.
        "orders": [
            ("500001", "11111", date(2011, 6, 30), "completed", None),
            ("500005", "33333", date(2011, 12, 1), "completed", None),
        ],
        "payments": [
            ("500001", "500001", "credit_card", 3061, None),
            ("500005", "500005", "credit_card", 255, None),
        ],
        "refunds": [
            ("C500002", None, "11111", 925, datetime(2011, 7, 2, 9)),
            ("C500003", None, "22222", 255, datetime(2011, 7, 3, 9)),
        ],
    }
    for table, content in expected.items():
        assert rows(tmp_path, f"from dbt_production.{table}") == content
    assert rows(tmp_path, "from dbt_production.order_items order by id") == [
        ("500001-1", "500001", "M1", 12, 3060),
        ("500001-2", "500001", "P1", 3, 0),
        ("500001-3", "500001", "P1", 3, 0),
        ("500005-1", "500005", "M1", 1, 255),
    ]
