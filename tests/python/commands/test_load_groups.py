"""`mktg load` of a shop's invoice lines: one row per group, and how a group gives each value."""

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
from marketing_analytics.load import run as load_run
from raw_files import rows, write

HEADER = "invoice,day,customer,article,pieces,price,paid"
# Invoice A1 is 2 x 10.50 + 10 x 0.125 = 22.25, its last line is empty but for the invoice.
LINES = (
    HEADER,
    "A1,2024-03-02,c1,mug,2,10.50,9",
    "A2,2024-03-04,c2,mug,1,0.125,7",
    "A1,2024-03-01,c1,plate,10,0.125,10",
    "A1,,,plate,,,",
)
PLAIN = {
    "id": "invoice",
    "order_id": {"value": "o1"},
    "payment_method": {"value": "credit_card"},
    "amount": None,
    "cycle_name": None,
}
EXACT_SUM = "sum(cast(pieces as bigint) * cast(price as decimal(18, 3)))"


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def mapping(columns: dict[str, Any], **options: Any) -> dict[str, Any]:
    entry = {"files": "lines*.csv", "one_row_per": "invoice", "columns": PLAIN | columns}
    return {"tables": {"payments": {k: v for k, v in (entry | options).items() if v is not None}}}


def run(folder: Path, content: dict[str, Any], *arguments: str) -> Result:
    path = folder / "map.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    command = ["load", "dbt_production", "--database", str(folder / "raw.duckdb")]
    return CliRunner().invoke(cli, [*command, "--map", str(path), *arguments])


def loaded(folder: Path, content: dict[str, Any], *arguments: str) -> str:
    result = run(folder, content, *arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(folder: Path, content: dict[str, Any]) -> str:
    write(folder, "lines.csv", *LINES)
    result = run(folder, content)
    assert isinstance(result.exception, LoadError), (result.output, result.exception)
    assert not (folder / "raw.duckdb").exists()
    return str(result.exception).removeprefix(f"{folder / 'map.yml'}: tables.payments")


def rejects(folder: Path) -> list[tuple[Any, ...]]:
    query = "select file, line, column_name, value, reason from dbt_production_rejected.payments"
    return [(Path(row[0]).name, *row[1:]) for row in rows(folder, query)]


@pytest.mark.parametrize(
    ("column", "rule", "expected"),
    [
        ("cycle_name", {"from": "article", "take": "first"}, ["mug", "mug"]),
        ("cycle_name", {"from": "article", "take": "last"}, ["plate", "mug"]),
        ("cycle_name", {"from": "article", "take": "min"}, ["mug", "mug"]),
        ("cycle_name", {"from": "article", "take": "max"}, ["plate", "mug"]),
        ("cycle_name", {"from": "article", "take": "most"}, ["plate", "mug"]),
        # Empty values do not count: neither for the last one, nor for the only one.
        ("cycle_name", {"from": "customer", "take": "last"}, ["c1", "c2"]),
        ("cycle_name", {"from": "customer", "take": "only"}, ["c1", "c2"]),
        ("cycle_name", "customer", ["c1", "c2"]),
        ("cycle_name", {"sql": "upper(customer)"}, ["C1", "C2"]),
        ("cycle_name", {"sql": "upper(article)", "take": "last"}, ["PLATE", "MUG"]),
        ("cycle_name", "invoice", ["A1", "A2"]),
        ("cycle_name", {"sql": "invoice || count(*)"}, ["A13", "A21"]),
        ("cycle_name", {"value": "mug"}, ["mug", "mug"]),
        ("cycle_name", None, [None, None]),
        # A tie of two: the smallest.
        ("cycle_name", {"from": "price", "take": "most"}, ["0.125", "0.125"]),
        ("amount", {"take": "count"}, [3, 1]),
        ("amount", {"from": "price", "take": "count"}, [2, 1]),
        ("amount", {"from": "pieces", "take": "sum"}, [12, 1]),
        # As numbers: 9 is the largest text, and 10 the largest number.
        ("amount", {"from": "paid", "take": "max"}, [10, 7]),
        ("amount", {"from": "paid", "take": "min"}, [9, 7]),
        ("amount", {"sql": EXACT_SUM, "multiply_by": 100}, [2225, 13]),
        ("amount", {"sql": "cast(pieces as int) * 2", "take": "sum"}, [24, 2]),
        ("amount", {"sql": "count(*) filter (where article = 'plate')"}, [2, 0]),
        ("amount", {"from": "price", "take": "sum", "multiply_by": 1000}, [10625, 125]),
    ],
)
def test_what_a_group_gives(tmp_path: Path, column: str, rule: Any, expected: list[Any]) -> None:
    write(tmp_path, "lines.csv", *LINES)
    loaded(tmp_path, mapping({column: rule}))
    found = rows(tmp_path, f"select id, {column} from dbt_production.payments")
    assert found == [("A1", expected[0]), ("A2", expected[1])]


def test_the_summary_tells_lines_rows_and_what_was_left_out(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", *LINES, "A3,2024-03-04,c3,,,,", "A3,2024-03-04,c3,cup,1,1,")
    output = loaded(tmp_path, mapping({}, where="article is not null", having="count(*) > 1"))
    assert output.splitlines()[1].split() == ["payments", "1", "6", "1", "0", "3"]
    counts = "payments: 6 lines -> 1 rows; 1 lines left out by `where`, 2 rows of 2 lines left out"
    assert f"{counts} by `having`" in output
    assert "rows left out by the mapping" not in output
    assert rows(tmp_path, "select id from dbt_production.payments") == [("A1",)]


def test_half_a_cent_is_rounded_once_per_group_away_from_zero_and_noted(tmp_path: Path) -> None:
    lines = ["A1,,c,x,1,0.004,", "A1,,c,y,1,0.004,", "A2,,c,x,-1,0.005,", "A3,,c,x,1,2.5,"]
    write(tmp_path, "lines.csv", HEADER, *lines)
    content = mapping({"amount": {"sql": EXACT_SUM, "multiply_by": 100}})
    output = loaded(tmp_path, content, "--max-rejected", "1")
    # A1 is 0.8 cents; A2 would be -0.5, rounded to -1, and is refused as negative.
    query = "select id, amount from dbt_production.payments"
    assert rows(tmp_path, query) == [("A1", 1), ("A3", 250)]
    assert "payments: amount rounded in 1 rows, the sum changed by 0.2" in output
    assert rejects(tmp_path) == [("lines.csv", 4, "amount", "-0.005", "negative")]


def test_a_group_goes_on_over_files_and_begins_in_the_first(tmp_path: Path) -> None:
    write(tmp_path, "lines2.csv", HEADER, "A1,2024-03-09,c1,cup,x,,", "A2,,c9,cup,1,,")
    write(tmp_path, "lines1.csv", *LINES[:4])
    rule = {"from": "pieces", "take": "sum"}
    loaded(tmp_path, mapping({"amount": rule, "cycle_name": "customer"}), "--max-rejected", "2")
    reason = "different values in one group; choose with `take`, or add a column to `one_row_per`"
    assert rejects(tmp_path) == [
        ("lines1.csv", 2, "amount", "x", "not a whole number (in lines2.csv:2)"),
        ("lines1.csv", 3, "cycle_name", "c2 / c9", reason),
    ]


def test_a_rejected_group_keeps_its_lines_and_its_reason_is_counted_once(tmp_path: Path) -> None:
    lines = ("A3,,c,cup,1.5,,", "A4,,c,cup,two,,", "A5,,c,cup,many,,")
    write(tmp_path, "lines (1).csv", *LINES, *lines)
    result = run(tmp_path, mapping({"amount": {"from": "pieces", "take": "sum"}}))
    assert result.exit_code == 1
    assert "payments: rejected 2: amount: not a whole number\n" not in result.output
    assert "payments: rejected 3: amount: not a whole number\n" in result.output
    assert "lines (1).csv:7 amount 'two': not a whole number (in lines (1).csv:7)" in result.output
    assert "3 of 5 rows rejected, more than --max-rejected 0.1% allows" in result.output
    query = "select value, row_content from dbt_production_rejected.payments order by line limit 1"
    content = (
        '[{"invoice":"A3","day":null,"customer":"c","article":"cup","pieces":"1.5","price":null,'
        '"paid":null}]'
    )
    assert rows(tmp_path, query) == [("1.5", content)]


def test_numbers_and_times_of_the_lines_follow_the_options_of_the_input(tmp_path: Path) -> None:
    write(
        tmp_path,
        "lines.csv",
        "invoice;at;total",
        'K1;01.07.2024 00:30;"1.234,50"',
        "K1;30.06.2024 23:00;0,25",
        "K2;02.07.2024 12:00;--",
    )
    content = {
        "tables": {
            "refunds": {
                "files": "lines.csv",
                "decimal": ",",
                "thousands": ".",
                "time_zone": "Europe/Berlin",
                "empty": ["--"],
                "one_row_per": "invoice",
                "columns": {
                    "id": "invoice",
                    "amount": {"from": "total", "take": "sum", "multiply_by": 100},
                    "refunded_at": {"from": "at", "take": "max", "format": "%d.%m.%Y %H:%M"},
                },
            }
        }
    }
    loaded(tmp_path, content)
    query = "select id, amount, refunded_at from dbt_production.refunds"
    assert rows(tmp_path, query) == [
        ("K1", 123475, datetime(2024, 6, 30, 22, 30)),
        ("K2", None, datetime(2024, 7, 2, 10)),
    ]


def test_several_columns_and_expressions_make_a_group(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", *LINES)
    key = ["customer", {"sql": "left(article, 1)"}]
    columns = {
        "id": {"sql": "concat_ws('-', customer, left(article, 1))"},
        "cycle_name": {"sql": "customer"},
        "amount": {"take": "count"},
    }
    loaded(tmp_path, mapping(columns, one_row_per=key, where="customer is not null"))
    query = "select id, cycle_name, amount from dbt_production.payments"
    assert rows(tmp_path, query) == [("c1-m", "c1", 1), ("c2-m", "c2", 1), ("c1-p", "c1", 1)]


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", "v0,v1,b0,line", "A,3,x,7", "B,4,y,8", "A,5,x,9")
    columns = {
        "id": "v0",
        "order_id": {"sql": "max(b0)"},
        "amount": {"sql": "sum(cast(v1 as int)) + count(b0) + max(cast(line as int))"},
        "cycle_name": {"from": "v1", "take": "last"},
    }
    loaded(tmp_path, mapping(columns, one_row_per="V0"))
    query = "select id, order_id, amount, cycle_name from dbt_production.payments"
    assert rows(tmp_path, query) == [("A", "x", 19, "5"), ("B", "y", 13, "4")]


def test_lines_without_a_key_are_one_group_that_a_needed_column_refuses(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", *LINES, ",,c,x,1,1,1", ",,c,x,1,1,1")
    loaded(tmp_path, mapping({}), "--max-rejected", "1")
    reason = "empty, but the column needs a value"
    assert rejects(tmp_path) == [("lines.csv", 6, "id", None, reason)]


def test_a_line_that_cannot_be_taken_apart_is_missing_in_its_group_and_told(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", *LINES, "A1,short")
    output = loaded(tmp_path, mapping({"amount": {"take": "count"}}), "--max-rejected", "1")
    assert rows(tmp_path, "select id, amount from dbt_production.payments")[0] == ("A1", 3)
    assert rejects(tmp_path) == [("lines.csv", 6, None, None, "2 fields, but the header has 7")]
    assert "note: payments: 1 lines could not be taken apart" in output
    assert run(tmp_path, mapping({}), "--max-rejected", "33%").exit_code == 1  # 1 of 3
    assert run(tmp_path, mapping({}), "--max-rejected", "34%").exit_code == 0


def test_inputs_with_and_without_groups_feed_one_table(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", *LINES)
    write(tmp_path, "other.csv", "id,cents", "B1,5", "B2,6")
    content = mapping({"amount": {"sql": EXACT_SUM, "multiply_by": 100}})
    single = {
        "files": "other.csv",
        "where": "id <> 'B2'",
        "columns": PLAIN | {"id": "id", "amount": "cents"},
    }
    content["tables"]["payments"] = [content["tables"]["payments"], single]
    output = loaded(tmp_path, content)
    assert output.splitlines()[1].split() == ["payments", "2", "6", "3", "0", "1"]
    assert "payments: 4 lines -> 2 rows\n" in output
    assert "payments: 1 rows left out by the mapping" in output
    query = "select id, amount from dbt_production.payments"
    assert rows(tmp_path, query) == [("A1", 2225), ("A2", 13), ("B1", 5)]
    loaded(tmp_path, content, "--append")
    assert rows(tmp_path, query) == [("A1", 2225), ("A2", 13), ("B1", 5)]


@pytest.mark.parametrize(
    ("columns", "options", "part"),
    [
        (
            {"amount": {"from": "paid", "take": "sum"}},
            {"one_row_per": None},
            ".columns.amount.take: takes one value from several lines; say under `one_row_per`",
        ),
        ({}, {"one_row_per": None, "having": "count(*) > 1"}, ".having: chooses groups of lines"),
        ({}, {"one_row_per": []}, ".one_row_per: name a column of the file"),
        ({}, {"one_row_per": [["a"]]}, ".one_row_per: must be one text or a list of texts"),
        ({}, {"one_row_per": "invioce"}, ".one_row_per: no column 'invioce' in the file; did you"),
        ({}, {"one_row_per": {"value": 1}}, ".one_row_per: unknown key 'value'"),
        ({}, {"one_row_per": {"from": "a", "sql": "b"}}, ".one_row_per: give one of `from` and"),
        ({}, {"one_row_per": {"sql": "'x'"}}, ".one_row_per: must be one value per line"),
        ({}, {"one_row_per": {"sql": "max(day)"}}, ".one_row_per: must be one value per line"),
        (
            {},
            {"one_row_per": {"sql": "row_number() over ()"}},
            ".one_row_per: `over (…)` means nothing in an input with `one_row_per`",
        ),
        ({}, {"having": "invoice <> 'A1'"}, ".having: must be a condition on a group"),
        ({}, {"having": "count(*)"}, ".having: must be a condition on a group"),
        ({}, {"having": "max(dya) > '1'"}, ".having: no column 'dya' in the file; did you mean"),
        ({}, {"where": "max(day) > '1'"}, ".where: chooses lines; conditions on a group go to"),
        ({}, {"where": "rank() over () > 1"}, ".where: `over (…)` means nothing in an input"),
        (
            {"amount": {"from": "paid", "take": "mean"}},
            {},
            ".columns.amount.take: unknown 'mean'. Known are: sum, min, max, first, last, count",
        ),
        ({"amount": {"from": "paid", "take": "frist"}}, {}, "did you mean 'first'?"),
        ({"amount": {"take": "sum"}}, {}, ".columns.amount: give one of `from`, `value`"),
        (
            {"amount": {"value": 1, "take": "sum"}},
            {},
            ".columns.amount: `value` is the same in every row; leave out `take`",
        ),
        (
            {"cycle_name": {"from": "article", "take": "sum"}},
            {},
            ".columns.cycle_name.take: sum gives a number, and cycle_name holds varchar",
        ),
        (
            {"amount": {"sql": "max(paid)", "take": "sum"}},
            {},
            ".columns.amount: the expression has an aggregate",
        ),
        (
            {"amount": {"sql": "max(paid) || article"}},
            {},
            ".columns.amount: a column stands outside of an aggregate",
        ),
        (
            {"amount": {"sql": "row_number() over (order by day)"}},
            {},
            ".columns.amount: `over (…)` means nothing in an input with `one_row_per`",
        ),
        (
            {"amount": {"sql": "sum(cast(paid as double))"}},
            {},
            ".columns.amount: sum() of numbers with a floating point depends on the order",
        ),
        (
            {"amount": {"sql": "cast(avg(cast(paid as float) / 2) as bigint)"}},
            {},
            ".columns.amount: avg() of numbers with a floating point",
        ),
        (
            {"cycle_name": {"sql": "first(article)"}},
            {},
            ".columns.cycle_name: first() may depend on the order of the lines, or is not exact",
        ),
        ({"cycle_name": {"sql": "string_agg(article)"}}, {}, "string_agg() may depend on the"),
        ({"cycle_name": {"sql": "min(article, 2)"}}, {}, "gives several values at once"),
        ({"cycle_name": {"sql": "sum(article)"}}, {}, ".columns.cycle_name: "),
        (
            {"amount": {"sql": "sum(cast(article as int))"}},
            {},
            ".columns.amount: Conversion Error: Could not convert string 'mug'",
        ),
        ({}, {"having": "sum(cast(article as int)) > 0"}, ".having: Conversion Error: Could not"),
        (
            {},
            {"one_row_per": ["invoice", {"sql": "cast(article as int)"}]},
            ".one_row_per: Conversion Error: Could not convert string 'mug'",
        ),
        (
            {"amount": {"from": "paid", "multiply_by": 10, "divide_by": 10}},
            {},
            ".columns.amount: give one of `divide_by` and `multiply_by`",
        ),
        ({"amount": {"from": "paid", "multiply_by": 7}}, {}, ".columns.amount.multiply_by: must"),
        (
            {"cycle_name": {"from": "article", "multiply_by": 100}},
            {},
            ".columns.cycle_name.multiply_by: cycle_name holds no numbers",
        ),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_key(
    tmp_path: Path, columns: dict[str, Any], options: dict[str, Any], part: str
) -> None:
    assert part in refused(tmp_path, mapping(columns, **options))


def test_large_groups_load_the_same_way_every_time(tmp_path: Path) -> None:
    # A million lines of three invoices, read by all threads.
    query = (
        "select 'A' || i % 3 as invoice, 'c' || i % 3 as customer, 'article ' || i % 50 as "
        "article, cast((i % 7) / 10 as double) as price from range(1000000) t(i)"
    )
    duckdb.execute(f"copy ({query}) to '{tmp_path / 'lines.parquet'}'")
    columns = {
        "order_id": "customer",
        "amount": {"from": "price", "take": "sum", "multiply_by": 100},
        "cycle_name": {"from": "article", "take": "most"},
    }
    found = set()
    for _ in range(3):
        loaded(tmp_path, mapping(columns, files="lines.parquet"))
        found.add(str(rows(tmp_path, "from dbt_production.payments")))
    tenths = [sum(i % 7 for i in range(start, 1_000_000, 3)) for start in range(3)]
    query = "select id, order_id, amount from dbt_production.payments"
    assert rows(tmp_path, query) == [(f"A{i}", f"c{i}", tenths[i] * 10) for i in range(3)]
    assert len(found) == 1


def test_a_group_of_many_lines_needs_no_more_memory_than_one_of_few(tmp_path: Path) -> None:
    """Two hundred million characters of one invoice: in memory they would not fit the limit."""
    note = "repeat(md5(cast(i as varchar)), 62)"
    query = f"select 'A1' as invoice, {note} as note from range(100000) t(i)"
    options = "(format parquet, row_group_size 2048)"
    duckdb.execute(f"copy ({query}) to '{tmp_path / 'lines.parquet'}' {options}")
    columns = {"cycle_name": {"from": "note", "take": "last"}, "amount": {"take": "count"}}
    content = mapping(columns, files="lines.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_run, "MEMORY_LIMIT", "64MB")
        loaded(tmp_path, content)
    query = "select amount, length(cycle_name) from dbt_production.payments"
    assert rows(tmp_path, query) == [(100_000, 1984)]


def test_dates_of_a_group_are_compared_as_dates(tmp_path: Path) -> None:
    write(tmp_path, "lines.csv", "no,day,state", "1,9.3.2024,done", "1,10.3.2024,done")
    rule = {"from": "day", "take": "max", "format": "%d.%m.%Y"}
    columns = {"id": "no", "order_date": rule, "status": {"value": "placed"}}
    entry = {"files": "lines.csv", "one_row_per": "no", "columns": columns}
    loaded(tmp_path, {"tables": {"orders": entry}})
    found = rows(tmp_path, "select id, order_date from dbt_production.orders")
    assert found == [("1", date(2024, 3, 10))]
