"""`mktg load --map`: what a mapping can say, and every way in which it can be wrong."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import LoadError
from raw_files import rows, write

EXPORTS = PROJECT / "tests" / "python" / "data" / "exports"
MAPPINGS = PROJECT / "docs" / "mappings"


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def run(folder: Path, mapping: str, *arguments: str) -> Result:
    path = folder / "map.yml"
    path.write_text(mapping, encoding="utf-8")
    return load(folder, "--map", str(path), *arguments)


def load(folder: Path, *arguments: str) -> Result:
    database = str(folder / "raw.duckdb")
    return CliRunner().invoke(cli, ["load", "marketing_raw", "--database", database, *arguments])


def refused(folder: Path, mapping: str) -> str:
    result = run(folder, mapping)
    assert isinstance(result.exception, LoadError), (result.output, result.exception)
    assert not (folder / "raw.duckdb").exists()
    return str(result.exception)


def spend_mapping(columns: str, options: str = "") -> str:
    return (
        "tables: {ad_creatives: {files: ads.csv, "
        f"{options} columns: {{creative_id: Ad, {columns}}}}}}}"
    )


def test_rename_constant_expression_and_format(tmp_path: Path) -> None:
    write(
        tmp_path,
        "spend.csv",
        "Day;Campaign;Medium;Cost cents",
        "31.01.2024;Spring;paid;1005",
        "01.02.2024;;paid;7",
    )
    result = run(
        tmp_path,
        """
        tables:
          campaigns_daily:
            - files: "sp*.csv"
              columns:
                campaign_id: {sql: "concat_ws('/', Medium, coalesce(Campaign, '(none)'))"}
                date: {from: day, format: "%d.%m.%Y"}
                campaign_name: Campaign
                channel: {value: Paid social}
                spend: {from: Cost cents, divide_by: 100}
        """,
    )
    assert result.exit_code == 0, (result.output, result.exception)
    query = (
        "select campaign_id, date, campaign_name, channel, spend from marketing_raw.campaigns_daily"
    )
    assert rows(tmp_path, query) == [
        ("paid/Spring", date(2024, 1, 31), "Spring", "Paid social", Decimal("10.05")),
        ("paid/(none)", date(2024, 2, 1), None, "Paid social", Decimal("0.07")),
    ]


def test_several_platforms_feed_one_table_and_totals_are_left_out(tmp_path: Path) -> None:
    mapping = "tables:\n  campaigns_daily:\n"
    for name in ("google_ads", "meta_ads", "linkedin_ads"):
        text = (MAPPINGS / f"{name}.yml").read_text(encoding="utf-8")
        text = text.split("  campaigns_daily:\n")[1].split("  ad_creatives:\n")[0]
        mapping += text
    result = run(tmp_path, mapping, "--from", str(EXPORTS))
    assert result.exit_code == 0, (result.output, result.exception)
    assert result.output.splitlines()[1].split() == ["campaigns_daily", "3", "11", "9", "0", "2"]
    assert "2 rows left out by the mapping" in result.output
    query = "select channel, count(*), sum(spend), sum(clicks) from marketing_raw.campaigns_daily"
    assert rows(tmp_path, f"{query} group by all order by all") == [
        ("Paid search", 4, Decimal("1576.92"), 711),
        ("Paid social", 5, Decimal("361.43"), 425),
    ]


@pytest.mark.parametrize(
    ("mapping", "query", "expected"),
    [
        (
            "google_ads",
            "select campaign_id, impressions, ctr, spend from marketing_raw.campaigns_daily "
            "where date = '2024-03-01'",
            [
                ("20911873001", 1204, 0.0797, Decimal("39.36")),
                ("20911873002", 18330, 0.0225, Decimal("1034.12")),
            ],
        ),
        (
            "meta_ads",
            "select campaign_name, clicks, ctr, spend from marketing_raw.campaigns_daily "
            "where date = '2024-03-02'",
            [
                ("Spring sale \u2013 prospecting", 175, 0.0109075, Decimal("74.08")),
                ('Retargeting "cart"', None, None, Decimal("0.00")),
            ],
        ),
        (
            "linkedin_ads",
            "select campaign_name, date, ctr, spend from marketing_raw.campaigns_daily",
            [
                ("Entscheider Köln", date(2024, 3, 1), 0.0092, Decimal("118.42")),
                ("Entscheider Köln", date(2024, 3, 2), 0.0076, Decimal("97.00")),
            ],
        ),
        (
            "ga4",
            "select user_id, campaign_id, touchpoint_position, timestamp "
            "from marketing_raw.attribution_touchpoints",
            [
                ("1784.1709", "20911873001", 1, datetime(2024, 3, 1, 12)),
                ("2200.1709", None, 1, datetime(2024, 3, 1, 13, 0, 0, 250000)),
                ("1784.1709", None, 2, datetime(2024, 3, 2, 10)),
            ],
        ),
        (
            "ga4",  # 5:04 in New York is 10:04 UTC in winter and 9:04 in summer
            "select conversion_value, timestamp from marketing_raw.conversions",
            [
                (Decimal("129.95"), datetime(2024, 3, 2, 10, 4, 10)),
                (Decimal("45.01"), datetime(2024, 3, 15, 9, 4, 10)),
            ],
        ),
    ],
)
def test_every_example_mapping_loads_its_export(
    tmp_path: Path, mapping: str, query: str, expected: list[tuple[Any, ...]]
) -> None:
    path = str(MAPPINGS / f"{mapping}.yml")
    result = load(tmp_path, "--map", path, "--from", str(EXPORTS), "--max-rejected", "0")
    assert result.exit_code == 0, (result.output, result.exception)
    assert rows(tmp_path, query) == expected


def test_the_example_of_the_documentation_gives_its_summary(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "loading.md").read_text(encoding="utf-8")
    mapping = next(part for part in page.split("```yaml\n") if part.startswith("tables:"))
    result = run(tmp_path, mapping.split("```")[0], "--from", str(EXPORTS))
    assert result.exit_code == 0, (result.output, result.exception)
    documented = next(part for part in page.split("```\n") if part.startswith("table  "))
    shown = [line.rstrip() for line in result.output.splitlines()]
    assert shown[:-1] == documented.splitlines()[:-1]


def test_no_example_mapping_is_untested() -> None:
    shops = {"shopify", "online_retail"}  # test_load_shop.py
    assert {path.stem for path in MAPPINGS.glob("*.yml")} == shops | {
        "google_ads",
        "meta_ads",
        "linkedin_ads",
        "ga4",
    }


@pytest.mark.parametrize(
    ("options", "rule", "text", "expected"),
    [
        ('decimal: ",",', "spend: Cost", '"12,50"', "12.50"),
        ('decimal: ",", thousands: ".",', "spend: Cost", '"1.234,50"', "1234.50"),
        ('decimal: ",", thousands: ".",', "spend: Cost", "1234", "1234.00"),
        ('thousands: ",",', "spend: Cost", '"-1,234,567.8"', None),
        ('thousands: ",",', "spend: Cost", '"1,234,567.8"', "1234567.80"),
        ('thousands: ",",', "spend: Cost", '"1,23"', None),
        ("thousands: ' ',", "spend: Cost", "1\u202f234.5", "1234.50"),
        ("thousands: ' ',", "spend: Cost", "1\u00a0234.5", "1234.50"),
        ('decimal: ",",', "spend: Cost", "12.50", None),
        ("", "spend: Cost", '"12,50"', None),
        ("", "spend: {from: Cost, divide_by: 1000000}", "1005000", "1.01"),
        ("", "spend: {from: Cost, divide_by: 100}", "123456789012345", "1234567890123.45"),
        ("", "spend: {from: Cost, divide_by: 100}", "0.5", "0.01"),
        ("", "spend: {from: Cost, divide_by: 10}", "-5", None),
        ('empty: ["--"],', "spend: Cost", " -- ", "empty"),
        ("", "spend: {sql: \"replace(Cost, '$', '')\"}", "$7.10", "7.10"),
        ("", 'spend: {sql: "try_cast(Cost as double) * 1.5"}', "2", "3.00"),
    ],
)
def test_amounts(tmp_path: Path, options: str, rule: str, text: str, expected: str | None) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", f"a1,{text}")
    result = run(tmp_path, spend_mapping(rule, options), "--max-rejected", "1")
    assert result.exit_code == 0, (result.output, result.exception)
    found = rows(tmp_path, "select spend from marketing_raw.ad_creatives")
    if expected is None:
        assert found == []
    else:
        assert found == [(None if expected == "empty" else Decimal(expected),)]


@pytest.mark.parametrize(
    ("options", "rule", "text", "expected"),
    [
        ("time_zone: Europe/Berlin,", "T", "2024-07-01 12:00:00", datetime(2024, 7, 1, 10)),
        ("time_zone: Europe/Berlin,", "T", "2024-07-01T12:00:00Z", datetime(2024, 7, 1, 12)),
        ("time_zone: Europe/Berlin,", "T", "2024-07-01", datetime(2024, 6, 30, 22)),
        (
            "",
            '{from: T, format: "%m/%d/%Y %I:%M %p"}',
            "07/01/2024 1:30 PM",
            datetime(2024, 7, 1, 13, 30),
        ),
        (
            "",
            '{from: T, format: "%Y-%m-%d %H:%M %z"}',
            "2024-07-01 12:00 +0200",
            datetime(2024, 7, 1, 10),
        ),
        ("", '{from: T, format: ["%d.%m.%Y", "%Y%m%d"]}', "20240701", datetime(2024, 7, 1)),
        (
            "",
            '{sql: "make_timestamp(try_cast(T as bigint) * 1000)"}',
            "1719828000000",
            datetime(2024, 7, 1, 10),
        ),
        ("", '{from: T, format: "%d.%m.%Y"}', "2024-07-01", None),
    ],
)
def test_times(
    tmp_path: Path, options: str, rule: str, text: str, expected: datetime | None
) -> None:
    write(tmp_path, "s.csv", "S,T", f"s1,{text}")
    columns = f"columns: {{session_id: S, session_start: {rule}}}"
    mapping = f"tables: {{sessions: {{files: s.csv, {options} {columns}}}}}"
    result = run(tmp_path, mapping, "--max-rejected", "1")
    assert result.exit_code == 0, (result.output, result.exception)
    found = rows(tmp_path, "select session_start from marketing_raw.sessions")
    assert found == ([] if expected is None else [(expected,)])


def test_a_format_is_named_in_the_reason(tmp_path: Path) -> None:
    write(tmp_path, "s.csv", "S,T", "s1,2024-07-01")
    columns = '{session_id: S, session_start: {from: T, format: "%d.%m.%Y"}}'
    result = run(tmp_path, f"tables: {{sessions: {{files: s.csv, columns: {columns}}}}}")
    assert "s.csv:2 session_start '2024-07-01': not a time in the format %d.%m.%Y" in result.output


def test_position_is_numbered_over_all_files_and_rows_keep_their_order(tmp_path: Path) -> None:
    write(tmp_path, "m2.csv", "id,who,seen", "3,u1,2024-02-01", "4,u2,2024-02-02")
    write(tmp_path, "m1.csv", "id,who,seen", "2,u1,2024-01-09", "1,u1,2024-01-02")
    result = run(
        tmp_path,
        """
        tables:
          attribution_touchpoints:
            files: "m*.csv"
            columns:
              touchpoint_id: id
              user_id: who
              touchpoint_position: {sql: "row_number() over (partition by who order by seen, id)"}
              timestamp: seen
        """,
    )
    assert result.exit_code == 0, (result.output, result.exception)
    query = "select touchpoint_id, touchpoint_position from marketing_raw.attribution_touchpoints"
    assert rows(tmp_path, query) == [("2", 2), ("1", 1), ("3", 3), ("4", 1)]


def test_rejects_of_a_numbered_table_show_the_value_as_numbered(tmp_path: Path) -> None:
    write(tmp_path, "m.csv", "id,at", "a,2024-01-01", "b,never", "c,2024-01-03")
    rule = '{sql: "row_number() over (order by id)"}'
    columns = f"{{touchpoint_id: id, touchpoint_position: {rule}, timestamp: at}}"
    mapping = f"tables: {{attribution_touchpoints: {{files: m.csv, columns: {columns}}}}}"
    assert run(tmp_path, mapping, "--max-rejected", "1").exit_code == 0
    query = "select line, column_name, value from marketing_raw_rejected.attribution_touchpoints"
    assert rows(tmp_path, query) == [(3, "timestamp", "never")]
    query = "select touchpoint_position from marketing_raw.attribution_touchpoints"
    assert rows(tmp_path, query) == [(1,), (3,)]


def test_columns_of_the_same_name_need_no_mention_and_null_leaves_one_empty(tmp_path: Path) -> None:
    write(tmp_path, "ads.csv", "Ad,Clicks,spend", "a1,5,7")
    assert run(tmp_path, spend_mapping("spend: null")).exit_code == 0
    query = "select creative_id, clicks, spend from marketing_raw.ad_creatives"
    assert rows(tmp_path, query) == [("a1", 5, None)]


@pytest.mark.parametrize(
    ("mapping", "parts"),
    [
        ("tables: [", ["is not YAML"]),
        ("", ["map.yml: must have keys such as tables"]),
        ("table: {}", ["map.yml: unknown key 'table'; did you mean 'tables'?"]),
        ("tables: {}", ["tables is empty"]),
        (
            "tables: {sesions: {files: x}}",
            ["tables: unknown key 'sesions'; did you mean 'sessions'?"],
        ),
        ("tables: {ad_creatives: []}", ["tables.ad_creatives: names no files"]),
        ("tables: {ad_creatives: {columns: {}}}", ["tables.ad_creatives: say under `files`"]),
        (
            "tables: {ad_creatives: {files: x.csv}}",
            ["tables.ad_creatives.files: no file 'x.csv' in"],
        ),
        (
            "tables: {ad_creatives: [{files: [[a]]}]}",
            ["tables.ad_creatives[0].files: must be one text"],
        ),
        (
            spend_mapping("spend: Csot"),
            ["columns.spend: no column 'Csot'", "did you mean 'Cost'?", "Ad, Cost"],
        ),
        (
            spend_mapping("spent: Cost"),
            ["columns.spent: ad_creatives has no such column; did you mean 'spend'?"],
        ),
        (
            spend_mapping("spend: {form: Cost}"),
            ["columns.spend: unknown key 'form'; did you mean"],
        ),
        (
            spend_mapping("spend: {from: Cost, value: 1}"),
            ["columns.spend: give one of `from`, `value` and `sql`"],
        ),
        (
            spend_mapping("spend: {from: Cost, divide_by: 7}"),
            ["columns.spend.divide_by: must be 10, 100"],
        ),
        (
            spend_mapping("spend: Cost", "delimter: ';',"),
            ["unknown key 'delimter'; did you mean 'delimiter'?"],
        ),
        (
            spend_mapping("spend: Cost", "delimiter: ';;',"),
            ["ad_creatives.delimiter: must be one character"],
        ),
        (
            spend_mapping("spend: Cost", "header_row: 0,"),
            ["ad_creatives.header_row: must be the number"],
        ),
        (spend_mapping("spend: Cost", "header_row: 9,"), ["has no line 9"]),
        (spend_mapping("spend: Cost", "decimal: ';',"), ["ad_creatives.decimal: must be"]),
        (spend_mapping("spend: Cost", "thousands: '.',"), ["ad_creatives.thousands: must be"]),
        (
            spend_mapping("spend: Cost", "time_zone: Mars,"),
            ["ad_creatives.time_zone: unknown time zone 'Mars'"],
        ),
        (
            spend_mapping("spend: Cost", "fill_short_rows: 1,"),
            ["fill_short_rows: must be true or false"],
        ),
        (spend_mapping("spend: Cost", "where: Ad,"), ["ad_creatives.where: must be a condition"]),
        ("tables: {ad_creatives: {files: ads.csv}}", ["ad_creatives.creative_id needs a value"]),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_key(
    tmp_path: Path, mapping: str, parts: list[str]
) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", "a1,1")
    message = refused(tmp_path, mapping)
    assert str(tmp_path / "map.yml") in message
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("Cost +", "not an expression"),
        ("Cost; drop table x", "not an expression"),
        ("Cost), (Ad", "must be one expression"),
        ("Cost) from (select 1", "must be one expression"),
        ("Cost) from read_csv('/etc/passwd') where (true", "must be one expression"),
        ("1) union all (select 2", "must be one expression"),
        ("(select max(Cost) from source)", "a query inside the expression"),
        ("(select content from read_text('/etc/passwd'))", "a query inside the expression"),
        ("exists(from duckdb_settings())", "a query inside the expression"),
        ("*", "`*` or columns()"),
        ("columns('C.*')", "`*` or columns()"),
        ("?", "a parameter"),
        ("#1", "a position such as #1"),
        ("unnest([1, 2])", "makes several rows"),
        ("random()", "another value on every run"),
        ("now()", "another value on every run"),
        ("current_date", "another value on every run"),
        ("sum(try_cast(Cost as int))", "an aggregate needs `over"),
        ("Csot || 'x'", "did you mean 'Cost'?"),
        ("nosuch(Cost)", "nosuch"),
        ("Cost + 1 + [2]", ""),
        ("cast(Cost as integer)", "Could not convert string 'abc'"),
    ],
)
def test_a_faulty_expression_is_refused_with_its_key(
    tmp_path: Path, expression: str, part: str
) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", "a1,abc")
    mapping = "tables:\n  ad_creatives:\n    files: ads.csv\n    columns:\n      creative_id: Ad\n"
    message = refused(tmp_path, f"{mapping}      spend:\n        sql: |\n          {expression}\n")
    assert f"{tmp_path / 'map.yml'}: tables.ad_creatives.columns.spend: " in message
    assert part in message


@pytest.mark.parametrize(
    "expression",
    [
        "Cost -- with a comment",
        "list_sum(list_transform([1, 2], lambda x: x + 1))",
        "sum(try_cast(Cost as int)) over ()",
        "case when Cost in ('5', '6') then 5 else 7 end",
    ],
)
def test_an_expression_may_be_anything_with_one_value(tmp_path: Path, expression: str) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", "a1,5")
    mapping = "tables:\n  ad_creatives:\n    files: ads.csv\n    columns:\n      creative_id: Ad\n"
    result = run(tmp_path, f"{mapping}      spend:\n        sql: |\n          {expression}\n")
    assert result.exit_code == 0, (result.output, result.exception)
    assert rows(tmp_path, "select spend from marketing_raw.ad_creatives") == [(Decimal("5.00"),)]


def test_expressions_see_no_other_file(tmp_path: Path) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", "a1,5")
    message = refused(tmp_path, spend_mapping("spend: {sql: \"getenv('HOME')\"}"))
    assert "columns.spend" in message


def test_files_are_found_next_to_the_mapping_or_below_from(tmp_path: Path) -> None:
    (tmp_path / "data" / "2024").mkdir(parents=True)
    write(tmp_path / "data" / "2024", "ads.csv", "Ad,spend", "a1,5")
    mapping = "tables: {ad_creatives: {files: '**/ads.csv', columns: {creative_id: Ad}}}"
    assert run(tmp_path, mapping).exit_code == 0
    assert run(tmp_path, mapping, "--from", str(tmp_path / "data")).exit_code == 0
    path = str(tmp_path / "data" / "2024" / "ads.csv")
    short = mapping.replace("**/", "")
    assert run(tmp_path, short, "--from", path).exit_code == 0
    assert rows(tmp_path, "select creative_id from marketing_raw.ad_creatives") == [("a1",)]
