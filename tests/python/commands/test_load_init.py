"""`mktg load --init` writes a first mapping that a person corrects."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import LoadError

EXPORTS = PROJECT / "tests" / "python" / "data" / "exports"


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def mktg(*arguments: str, source: str = "marketing_raw") -> Result:
    return CliRunner().invoke(cli, ["load", source, *arguments])


def first_mapping(folder: Path, path: Path, source: str = "marketing_raw") -> str:
    target = folder / "first.yml"
    result = mktg("--init", "--from", str(path), "--map", str(target), source=source)
    assert result.exit_code == 0, (result.output, result.exception)
    assert f"--map {target} --dry-run" in result.output
    return target.read_text(encoding="utf-8")


def test_every_guess_is_marked_and_unused_columns_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "spend report.csv"
    path.write_text("Day;Kosten;Amount spent (EUR);Link clicks\n31.12.2024;1;2,5;3\n", "utf-8")
    assert first_mapping(tmp_path, path) == (
        "# A first mapping for marketing_raw. Everything marked `guess` wants a look;\n"
        "# docs/loading.md explains each key.\n"
        "tables:\n"
        "  campaigns_daily:\n"
        '    - files: "spend report.csv"\n'
        '      decimal: ","  # guess: amounts look like 1.234,50\n'
        '      thousands: "."  # guess\n'
        "      columns:\n"
        "        # campaign_id:  # needs a value: name a column, a value or an expression\n"
        '        date: {from: "Day", format: "%d.%m.%Y"}'
        "  # guess: a usual name for it; guess by its values\n"
        "        campaign_name: null  # nothing looks like it; stays empty\n"
        "        channel: null  # nothing looks like it; stays empty\n"
        "        status: null  # nothing looks like it; stays empty\n"
        "        daily_budget: null  # nothing looks like it; stays empty\n"
        '        spend: "Amount spent (EUR)"  # guess: a usual name for it\n'
        "        impressions: null  # nothing looks like it; stays empty\n"
        '        clicks: "Link clicks"  # guess: a usual name for it\n'
        "        ctr: null  # nothing looks like it; stays empty\n"
        "        cpc: null  # nothing looks like it; stays empty\n"
        "      # columns of the file that nothing uses:\n"
        "      #   Kosten (such as '1')\n"
        "  # ad_creatives: no file looks like it\n"
        "  # sessions: no file looks like it\n"
        "  # attribution_touchpoints: no file looks like it\n"
        "  # conversions: no file looks like it\n"
    )


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "google_ads_campaigns.csv",
            [
                "      header_row: 3  # guess: titles stand above it",
                '      thousands: ","  # guess: numbers look like 1,234',
                '      empty: ["--"]  # guess: stands for no value',
                '        spend: "Cost"  # guess: a usual name for it',
            ],
        ),
        (
            "meta_ads_campaigns.csv",
            [
                '        clicks: "Link clicks"  # guess: a usual name for it',
                '        campaign_id: "Campaign ID"  # same name',
            ],
        ),
        ("linkedin_ads_campaigns.csv", ["      header_row: 6  # guess: titles stand above it"]),
        (
            "ga4_purchases.csv",
            ['        conversion_id: "transaction_id"  # guess: a usual name for it'],
        ),
    ],
)
def test_real_exports_are_guessed(tmp_path: Path, name: str, lines: list[str]) -> None:
    found = first_mapping(tmp_path, EXPORTS / name).splitlines()
    for line in lines:
        assert line in found


def test_a_guess_that_is_right_loads_as_it_is(tmp_path: Path) -> None:
    first_mapping(tmp_path, EXPORTS / "google_ads_campaigns.csv")
    database = tmp_path / "raw.duckdb"
    arguments = ("--map", str(tmp_path / "first.yml"), "--from", str(EXPORTS))
    result = mktg(*arguments, "--database", str(database))
    assert result.exit_code == 0, (result.output, result.exception)
    connection = duckdb.connect(str(database))
    query = "select count(*), sum(spend), sum(impressions) from marketing_raw.campaigns_daily"
    assert str(connection.execute(query).fetchone()) == "(4, Decimal('1576.92'), 28549)"
    connection.close()


def test_files_of_other_formats_and_of_no_table_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    duckdb.execute(
        f"copy (select 's' as visit_id, timestamp '2024-01-01' as started_at) "
        f"to '{folder / 'visits.parquet'}'"
    )
    (folder / "notes.json").write_text('[{"a": 1, "b": 2}]', encoding="utf-8")
    text = first_mapping(tmp_path, folder)
    assert 'session_id: "visit_id"  # guess: a usual name for it' in text
    assert "# notes.json: fits no table; its columns are a, b" in text


def test_an_existing_mapping_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "first.yml"
    target.write_text("mine", encoding="utf-8")
    result = mktg("--init", "--from", str(EXPORTS), "--map", str(target))
    assert isinstance(result.exception, LoadError)
    assert "exists" in str(result.exception)
    assert target.read_text(encoding="utf-8") == "mine"


def test_without_files_there_is_nothing_to_guess(tmp_path: Path) -> None:
    for arguments in (["--init"], ["--init", "--from", str(tmp_path)]):
        result = mktg(*arguments, "--map", str(tmp_path / "x.yml"))
        assert isinstance(result.exception, LoadError)
        assert not (tmp_path / "x.yml").exists()


def shop_mapping(folder: Path, name: str, *lines: str) -> list[str]:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = first_mapping(folder, path, "dbt_production")
    return [line.strip() for line in text.splitlines()[2:] if "no file looks like" not in line]


def test_tables_of_a_shop_that_fit_are_guessed_as_they_are(tmp_path: Path) -> None:
    lines = shop_mapping(
        tmp_path, "raw_payments.csv", "id,order_id,payment_method,amount", "1,2,coupon,9"
    )
    assert lines[1:] == [
        "payments:",
        '- files: "raw_payments.csv"',
        "columns:",
        'id: "id"  # same name',
        'order_id: "order_id"  # same name',
        'payment_method: "payment_method"  # same name',
        'amount: "amount"  # same name',
        "cycle_name: null  # nothing looks like it; stays empty",
    ]


def test_lines_of_invoices_are_guessed_as_groups(tmp_path: Path) -> None:
    lines = shop_mapping(
        tmp_path,
        "export.csv",
        "InvoiceNo,CustomerID,InvoiceDate,State,StockCode",
        "1,7,31.12.2024 10:00,Complete,m1",
        "1,7,31.12.2024 10:01,Return pending,m2",
        "2,8,31.12.2024 11:00,Open,m2",
    )
    assert lines[1:] == [
        "orders:",
        '- files: "export.csv"',
        'one_row_per: "InvoiceNo"  # guess: it stands on several lines',
        "columns:",
        'id: "InvoiceNo"  # guess: a usual name for it',
        'user_id: "CustomerID"  # guess: a usual name for it',
        'order_date: {from: "InvoiceDate", format: "%d.%m.%Y %H:%M", take: min}'
        "  # guess: a usual name for it; guess by its values",
        'status: {from: "State", values: {"Complete": completed, "Return pending": return_pending}}'
        "  # guess: a usual name for it; guess: `values` by similar names; say under `values` "
        "which of placed, shipped, completed, return_pending, returned is meant by 'Open'",
        'cycle_name: {from: "StockCode", take: first}  # guess: a usual name for it',
    ]


def test_major_units_and_prices_of_a_piece_are_guessed_as_cents(tmp_path: Path) -> None:
    lines = shop_mapping(
        tmp_path, "order_items.csv", "line_id,order,item,qty,unit price", "1,2,mug,3,4.50"
    )
    rule = r'sql: "cast(\"qty\" as bigint) * cast(\"unit price\" as decimal(18, 4))"'
    assert lines[-1] == (
        f"amount: {{{rule}, multiply_by: 100}}  # guess: a usual name for it; guess: the price of "
        "a piece times the quantity; guess: has decimals, so no whole cents"
    )
    assert lines[4] == 'id: "line_id"  # guess: a usual name for it'
    (tmp_path / "first.yml").unlink()
    lines = shop_mapping(
        tmp_path, "refunds.csv", "refund id,refund amount,refund date", "1,2.50,2024-01-01"
    )
    rule = '{from: "refund amount", multiply_by: 100}'
    why = "# guess: a usual name for it; guess: has decimals, so no whole cents"
    assert f"amount: {rule}  {why}" in lines


def test_a_needed_column_of_a_closed_list_shows_the_list(tmp_path: Path) -> None:
    lines = shop_mapping(tmp_path, "orders.csv", "order no,customer,date", "1,2,2024-01-01")
    assert (
        "# status:  # needs a value: name a column, a value or an expression, one of placed, "
        "shipped, completed, return_pending, returned"
    ) in lines
