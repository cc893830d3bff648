"""`mktg load` from the command line to the database, for files that fit the raw tables."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from conftest import MKTG, PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import LoadError

CAMPAIGNS = (
    "campaign_id,date,campaign_name,channel,status,daily_budget,spend,impressions,clicks,ctr,cpc"
)
SESSIONS = (
    "session_id,date,user_id,campaign_id,creative_id,channel,session_start,"
    "session_duration_sec,pages_viewed,device_type,country"
)


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def run(folder: Path, *arguments: str) -> Result:
    database = str(folder / "db" / "raw.duckdb")
    command = ["load", "marketing_raw", "--from", str(folder), "--database", database]
    return CliRunner().invoke(cli, [*command, *arguments])


def loaded(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments)
    assert isinstance(result.exception, LoadError), (result.output, result.exception)
    return str(result.exception)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = duckdb.connect(str(folder / "db" / "raw.duckdb"), read_only=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def rejects(folder: Path, table: str = "campaigns_daily") -> list[tuple[Any, ...]]:
    query = f"select line, column_name, value, reason from marketing_raw_rejected.{table}"
    return rows(folder, query)


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def campaign(**changed: str) -> str:
    values = dict.fromkeys(CAMPAIGNS.split(","), "") | {"campaign_id": "c1", "date": "2024-01-01"}
    return ",".join((values | changed).values())


def test_a_file_named_after_its_table_is_loaded_as_it_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        "Campaigns_Daily.csv",
        CAMPAIGNS,
        "c1,2024-01-01,Brand,Paid search,on,10.00,5.25,100,7,0.07,0.75",
        'c2,2024-01-02,"Spring, ""big""",Email,,,,,,,',
    )
    output = loaded(tmp_path)
    assert rows(tmp_path, "from marketing_raw.campaigns_daily") == [
        (
            *("c1", date(2024, 1, 1), "Brand", "Paid search", "on"),
            *(Decimal("10.00"), Decimal("5.25"), 100, 7, 0.07, 0.75),
        ),
        ("c2", date(2024, 1, 2), 'Spring, "big"', "Email", *[None] * 7),
    ]
    assert output.splitlines()[1].split() == ["campaigns_daily", "1", "2", "2", "0", "0"]
    assert "no file for: ad_creatives, sessions, attribution_touchpoints, conversions" in output


def test_tables_without_a_file_are_created_empty_and_typed(tmp_path: Path) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign())
    loaded(tmp_path)
    assert rows(tmp_path, "select count(*) from marketing_raw.conversions") == [(0,)]
    described = rows(tmp_path, "describe marketing_raw.conversions")
    assert [row[1] for row in described if row[0] in ("conversion_value", "timestamp")] == [
        "DECIMAL(18,2)",
        "TIMESTAMP",
    ]


def test_every_kind_of_bad_value_is_a_reject_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "campaigns_daily.csv",
        CAMPAIGNS,
        campaign(campaign_id=" "),
        campaign(date="2024-02-30"),
        campaign(date="01/02/2024"),
        campaign(date="1850-01-01"),
        campaign(date="2201-01-01"),
        campaign(spend="-0.01"),
        campaign(spend="five"),
        campaign(spend="NaN"),
        campaign(spend="1_000"),
        campaign(impressions="12.5"),
        campaign(impressions='"1,234"'),
        campaign(impressions="99999999999999999999"),
        campaign(ctr="inf"),
        campaign(ctr="1e999"),
    )
    assert run(tmp_path, "--max-rejected", "14").exit_code == 0
    assert rejects(tmp_path) == [
        (2, "campaign_id", None, "empty, but the column needs a value"),
        (3, "date", "2024-02-30", "not a date (YYYY-MM-DD)"),
        (4, "date", "01/02/2024", "not a date (YYYY-MM-DD)"),
        (5, "date", "1850-01-01", "outside the years 1900 to 2200"),
        (6, "date", "2201-01-01", "outside the years 1900 to 2200"),
        (7, "spend", "-0.01", "negative"),
        (8, "spend", "five", "not a number"),
        (9, "spend", "NaN", "not a number"),
        (10, "spend", "1_000", "not a number"),
        (11, "impressions", "12.5", "not a whole number"),
        (12, "impressions", "1,234", "not a whole number"),
        (13, "impressions", "99999999999999999999", "too large a number"),
        (14, "ctr", "inf", "not a number"),
        (15, "ctr", "1e999", "not a finite number"),
    ]


def test_first_failing_column_names_the_reject_and_the_raw_row_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "ad_creatives.csv", "creative_id,spend,clicks", " a1 ,-1,many")
    assert run(tmp_path).exit_code == 1
    query = "select file, column_name, row_content from marketing_raw_rejected.ad_creatives"
    content = '{"creative_id":" a1 ","spend":"-1","clicks":"many"}'
    assert rows(tmp_path, query) == [(str(tmp_path / "ad_creatives.csv"), "clicks", content)]


def test_values_that_only_look_odd_are_accepted(tmp_path: Path) -> None:
    write(
        tmp_path,
        "campaigns_daily.csv",
        CAMPAIGNS,
        campaign(campaign_id=" c 1\t", impressions="12.0", clicks="+3", ctr="1E-3", spend=".5"),
        campaign(date="2024-1-2", impressions=" 7 "),
    )
    loaded(tmp_path)
    columns = "campaign_id, date, impressions, clicks, ctr, spend"
    query = f"select {columns} from marketing_raw.campaigns_daily"
    assert rows(tmp_path, query) == [
        ("c 1", date(2024, 1, 1), 12, 3, 0.001, Decimal("0.50")),
        ("c1", date(2024, 1, 2), 7, None, None, None),
    ]


def test_timestamps_become_utc(tmp_path: Path) -> None:
    given = {
        "2020-02-04 4:30:21": datetime(2020, 2, 4, 4, 30, 21),
        "2020-02-04T04:30:21Z": datetime(2020, 2, 4, 4, 30, 21),
        "2020-02-04 04:30:21 UTC": datetime(2020, 2, 4, 4, 30, 21),
        "2020-02-04T04:30:21.250+02:00": datetime(2020, 2, 4, 2, 30, 21, 250000),
        "2020-02-04 23:30:00-0500": datetime(2020, 2, 5, 4, 30),
        "2020-02-04 23:30 +01": datetime(2020, 2, 4, 22, 30),
        "2020-02-04": datetime(2020, 2, 4),
    }
    lines = [f"s{i},{text}" for i, text in enumerate(given)]
    write(tmp_path, "sessions.csv", "session_id,session_start", *lines, "bad,2020-02-04 25:00:00")
    loaded(tmp_path, "--max-rejected", "1")
    query = "select session_start from marketing_raw.sessions"
    assert [row[0] for row in rows(tmp_path, query)] == list(given.values())
    assert rejects(tmp_path, "sessions") == [
        (9, "session_start", "2020-02-04 25:00:00", "not a time (YYYY-MM-DD HH:MM:SS)")
    ]


def test_rounding_of_money_is_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        "ad_creatives.csv",
        "creative_id,spend",
        "a,1.005",
        "b,2.345",
        "c,1.429999948",
        "d,3.10",
    )
    output = loaded(tmp_path)
    assert [row[0] for row in rows(tmp_path, "select spend from marketing_raw.ad_creatives")] == [
        Decimal("1.01"),
        Decimal("2.35"),
        Decimal("1.43"),
        Decimal("3.10"),
    ]
    assert "spend rounded in 3 rows, the sum changed by 0.010000052" in output


def test_the_later_of_two_rows_with_one_key_wins(tmp_path: Path) -> None:
    write(
        tmp_path,
        "conversions.csv",
        "conversion_id,attribution_model,conversion_value,timestamp",
        "k1,,1,2024-01-01",
        "k1,last,2,2024-01-01",
        "k1,,3,2024-01-01",
        "k2,,4,2024-01-01",
    )
    loaded(tmp_path, "--max-rejected", "25%")
    query = (
        "select conversion_id, attribution_model, conversion_value from marketing_raw.conversions"
    )
    assert rows(tmp_path, query) == [
        ("k1", "last", Decimal("2.00")),
        ("k1", None, Decimal("3.00")),
        ("k2", None, Decimal("4.00")),
    ]
    assert rejects(tmp_path, "conversions") == [
        (2, "conversion_id, attribution_model", "k1", "duplicate key, a later row replaced it")
    ]


def test_broken_lines_and_embedded_line_ends_keep_true_line_numbers(tmp_path: Path) -> None:
    write(
        tmp_path,
        "ad_creatives.csv",
        "creative_id,creative_name,clicks",
        '1,"two',
        'lines",5',
        "",
        "2,short",
        "3,too,4,many",
        '4,5" banner,6',
        "5,bad,x",
        '6,"a "quoted" word",6',
        '7,"never closed,7',
        "8,fine,8",
    )
    loaded(tmp_path, "--max-rejected", "9")
    assert rows(tmp_path, "select creative_id, creative_name from marketing_raw.ad_creatives") == [
        ("1", "two\nlines"),
        ("4", '5" banner'),
        ("8", "fine"),
    ]
    assert rejects(tmp_path, "ad_creatives") == [
        (5, None, None, "2 fields, but the header has 3"),
        (6, None, None, "4 fields, but the header has 3"),
        (8, "clicks", "x", "not a whole number"),
        (9, None, None, "a quote inside a quoted value is not doubled"),
        (10, None, None, "a quote is opened and never closed"),
    ]


def test_too_many_rejects_leave_the_data_and_keep_the_rejects(tmp_path: Path) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign(spend="1"))
    loaded(tmp_path)
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign(spend="2"), campaign(spend="x"))
    result = run(tmp_path, "--max-rejected", "10%")
    assert result.exit_code == 1
    assert rows(tmp_path, "select spend from marketing_raw.campaigns_daily") == [(Decimal("1.00"),)]
    # The failed row is no candidate for the key, so the good one stays without a duplicate.
    assert rejects(tmp_path) == [(3, "spend", "x", "not a number")]
    assert f"{tmp_path / 'campaigns_daily.csv'}:3 spend 'x': not a number" in result.output
    assert "1 of 2 rows rejected, more than --max-rejected 10% allows" in result.output
    assert "see marketing_raw_rejected.campaigns_daily" in result.output


@pytest.mark.parametrize(
    ("limit", "exit_code"), [("0", 1), ("1", 0), ("49.9%", 1), ("50%", 0), ("100%", 0)]
)
def test_limit_is_a_number_or_a_share(tmp_path: Path, limit: str, exit_code: int) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign(), campaign(date="never"))
    assert run(tmp_path, "--max-rejected", limit).exit_code == exit_code


@pytest.mark.parametrize("limit", ["-1", "1.5", "x%", "101%", ""])
def test_a_limit_that_is_none_is_refused(tmp_path: Path, limit: str) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign())
    assert "--max-rejected" in refused(tmp_path, "--max-rejected", limit)


def test_all_tables_or_none(tmp_path: Path) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign())
    write(tmp_path, "sessions.csv", "session_id,session_start", "s1,never")
    assert run(tmp_path).exit_code == 1
    query = "select table_name from information_schema.tables where table_schema = 'marketing_raw'"
    assert rows(tmp_path, query) == []


def test_loading_twice_is_loading_once(tmp_path: Path) -> None:
    lines = [campaign(campaign_id=f"c{i % 70}", spend=str(i)) for i in range(100)]
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, *lines)
    loaded(tmp_path, "--max-rejected", "30")
    query = "select rowid, * from marketing_raw.campaigns_daily"
    first, first_rejects = rows(tmp_path, query), rejects(tmp_path)
    loaded(tmp_path, "--max-rejected", "30")
    assert rows(tmp_path, query) == first
    assert rejects(tmp_path) == first_rejects
    assert [row[1] for row in first[:2]] == ["c30", "c31"]  # file order, the first 30 replaced


def test_only_the_tables_of_the_call_are_replaced(tmp_path: Path) -> None:
    path = write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign())
    loaded(tmp_path)
    path.unlink()
    write(tmp_path, "sessions.csv", "session_id,session_start", "s1,2024-01-01")
    loaded(tmp_path)
    assert rows(tmp_path, "select count(*) from marketing_raw.campaigns_daily") == [(1,)]
    assert rows(tmp_path, "select count(*) from marketing_raw.sessions") == [(1,)]


def test_append_adds_by_key_and_twice_is_once(tmp_path: Path) -> None:
    header = "conversion_id,attribution_model,conversion_value,timestamp"
    write(tmp_path, "conversions.csv", header, "a,,1,2024-01-01", "b,x,2,2024-01-01")
    loaded(tmp_path, "--append")
    write(tmp_path, "conversions.csv", header, "a,,9,2024-01-01", "c,,3,2024-01-01")
    loaded(tmp_path, "--append")
    query = "select conversion_id, conversion_value from marketing_raw.conversions"
    expected = [("b", Decimal("2.00")), ("a", Decimal("9.00")), ("c", Decimal("3.00"))]
    assert rows(tmp_path, query) == expected
    loaded(tmp_path, "--append")
    assert rows(tmp_path, query) == expected


def test_append_to_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", "session_id,session_start", "s1,2024-01-01")
    loaded(tmp_path)
    connection = duckdb.connect(str(tmp_path / "db" / "raw.duckdb"))
    connection.execute("alter table marketing_raw.sessions drop column country")
    connection.close()
    assert "load it once without --append" in refused(tmp_path, "--append")
    loaded(tmp_path)


def test_dry_run_reports_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "campaigns_daily.csv", CAMPAIGNS, campaign(), campaign(date="never"))
    result = run(tmp_path, "--dry-run")
    assert result.exit_code == 1
    assert ":3 date 'never': not a date (YYYY-MM-DD)" in result.output
    assert not (tmp_path / "db").exists()
    assert "dry run: nothing was written" in loaded(tmp_path, "--dry-run", "--max-rejected", "1")
    assert not (tmp_path / "db").exists()


def test_a_refused_load_creates_no_database(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", "session_id,country", "s1,DE")
    message = refused(tmp_path)
    assert "sessions.session_start needs a value" in message
    assert "session_id, country" in message
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("sessions.csv", "", "is empty"),
        ("sessions.csv", "session_id,Session_ID\n1,2\n", "names 'Session_ID' twice"),
        (
            "sessions.csv",
            "session_id,,session_start\n1,2,3\n",
            "column 2 of the header has no name",
        ),
        ("sessions.csv", "s1,2024-01-01\ns2,2024-01-02\n", "looks like data"),
        ("sessions.csv", 'session_id,"session_start\ns1,2024-01-01\n', "the header cannot be read"),
        ("sesions.csv", "session_id\n", "no file in"),
        ("sessions.parquet", "no parquet", "cannot read"),
        ("sessions.xlsx", "no workbook", "cannot read"),
        ("sessions.csv.gz", "\x1f\x8b", "cannot read"),
        ("sessions.json", '[{"session_id": 1', "is no complete JSON array"),
        (
            "sessions.csv",
            "session_id,session_strat\ns1,2024-01-01\n",
            "(it has 'session_strat')",
        ),
    ],
)
def test_unusable_files_are_refused(tmp_path: Path, name: str, content: str, expected: str) -> None:
    (tmp_path / name).write_text(content, encoding="latin-1")
    assert expected in refused(tmp_path)
    assert not (tmp_path / "db").exists()


def test_a_misspelt_column_that_may_be_empty_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", "session_id,session_start,contry", "s1,2024-01-01,DE")
    assert "did you mean 'country'?" in refused(tmp_path)


def test_a_file_that_names_no_table_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = write(tmp_path, "sesions.csv", "session_id", "s1")
    result = CliRunner().invoke(cli, ["load", "marketing_raw", "--from", str(path)])
    assert "did you mean 'sessions'?" in str(result.exception)


def test_files_in_a_folder_named_after_the_table_are_loaded_together(tmp_path: Path) -> None:
    write(tmp_path, "sessions/part-2.csv", "session_start,session_id", "2024-01-02,s2")
    write(tmp_path, "sessions/part-1.csv", "session_id,session_start,country", "s1,2024-01-01,DE")
    loaded(tmp_path)
    query = "select session_id, country from marketing_raw.sessions"
    assert rows(tmp_path, query) == [("s1", "DE"), ("s2", None)]


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", "session_id,session_start", "s1,2024-01-01")
    write(tmp_path, "sessions.tsv", "session_id\tsession_start", "s1\t2024-01-01")
    assert "several files for sessions" in refused(tmp_path)


def test_columns_that_fit_nothing_are_named(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", "session_id,session_start,browser", "s1,2024-01-01,x")
    output = loaded(tmp_path)
    assert "columns not loaded: browser" in output
    assert "columns left empty: date, user_id" in output


def test_exit_codes_and_messages_of_the_program(tmp_path: Path) -> None:
    command = [*MKTG, "load", "marketing_raw", "--from", str(tmp_path / "nothing")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no such file or folder" in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_killed_load_leaves_the_previous_state(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", SESSIONS, "old" + "," * 5 + ",2024-01-01" + "," * 4)
    loaded(tmp_path)
    line = "s{},2024-01-01,u,c,r,Email,2024-01-01 10:00:00,5,6,mobile,DE"
    write(tmp_path, "sessions.csv", SESSIONS, *(line.format(i) for i in range(200_000)))
    database = str(tmp_path / "db" / "raw.duckdb")
    command = [*MKTG, "load", "marketing_raw", "--from", str(tmp_path), "--database", database]
    chance = random.Random(5)
    for _ in range(2):
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE)
        time.sleep(chance.uniform(0.4, 0.9))
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate()
        expected = [(200_000,)] if b"loaded into" in output else [(1,)]
        assert rows(tmp_path, "select count(*) from marketing_raw.sessions") == expected
    loaded(tmp_path)
    assert rows(tmp_path, "select count(*) from marketing_raw.sessions") == [(200_000,)]
    left = [path.name for path in (tmp_path / "db").iterdir()]
    assert left == ["raw.duckdb"]  # nothing of the killed loads
