"""`mktg load` on odd files, places and mappings: one clear message, and no silent surprise."""

from __future__ import annotations

import base64
import codecs
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import Input, LoadError, LoadResult
from marketing_analytics.load import load as load_inputs
from marketing_analytics.load.model import TableResult
from marketing_analytics.load.render import render
from marketing_analytics.load.staging import Stage
from marketing_analytics.raw_schema import raw_source

SOURCE = raw_source(PROJECT, "marketing_raw")
START = "session_id,session_start"


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder: Path, path: Path, *arguments: str) -> Result:
    database = str(folder / "raw.duckdb")
    command = ["load", "marketing_raw", "--from", str(path), "--database", database]
    return CliRunner().invoke(cli, [*command, *arguments])


def loaded(folder: Path, path: Path, *arguments: str) -> str:
    result = run(folder, path, *arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(folder: Path, path: Path, *arguments: str) -> str:
    result = run(folder, path, *arguments)
    assert isinstance(result.exception, LoadError), (result.output, result.exception)
    return str(result.exception)


def mapped(folder: Path, mapping: str) -> tuple[str, str]:
    write(folder, "map.yml", mapping)
    return "--map", str(folder / "map.yml")


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = duckdb.connect(str(folder / "raw.duckdb"), read_only=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def rejects(folder: Path, table: str) -> list[tuple[Any, ...]]:
    return rows(folder, f"select value, reason from marketing_raw_rejected.{table}")


# Places and files that cannot be used


def test_a_database_in_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    message = refused(tmp_path, path, "--database", str(path / "db" / "raw.duckdb"))
    assert f"cannot write to {path / 'db'}" in message
    assert "--database" in message


@pytest.mark.parametrize("place", ["/proc/nowhere/raw.duckdb", "x" * 300 + "/raw.duckdb"])
def test_a_database_that_has_no_place_is_refused(tmp_path: Path, place: str) -> None:
    path = write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    assert f"cannot write to {Path(place).parent}" in refused(tmp_path, path, "--database", place)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    assert "cannot read --from xxx" in refused(tmp_path, Path("x" * 300))


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("**.csv", "'**.csv' is no pattern"),
        ("", "'' is no pattern"),
        ("  ", "is no pattern"),
    ],
)
def test_a_pattern_that_is_none_is_refused_with_its_key(
    tmp_path: Path, pattern: str, part: str
) -> None:
    write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    arguments = mapped(tmp_path, f'tables: {{sessions: {{files: "{pattern}"}}}}')
    message = refused(tmp_path, tmp_path, *arguments)
    assert f"{tmp_path / 'map.yml'}: tables.sessions.files: " in message
    assert part in message


@pytest.mark.parametrize(
    ("encoding", "part"),
    [("base64", "is no encoding of text"), ("a\\0b", "unknown encoding")],
)
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str, part: str) -> None:
    text = f"{START}\ns1,2024-01-01\n".encode()
    (tmp_path / "sessions.csv").write_bytes(base64.encodebytes(text))
    arguments = mapped(
        tmp_path, f'tables: {{sessions: {{files: "*.csv", encoding: "{encoding}"}}}}'
    )
    message = refused(tmp_path, tmp_path, *arguments)
    assert "map.yml: tables.sessions: " in message
    assert part in message


@pytest.mark.parametrize("text", ["[" * 100_000, "[" + '{"a":' * 100_000])
def test_json_that_is_nested_too_deeply_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "sessions.json", text)
    assert "item 1: brackets are nested too deeply" in refused(tmp_path, path)


def test_a_json_line_that_is_nested_too_deeply_is_a_reject(tmp_path: Path) -> None:
    deep = '{"session_id": ' + "[" * 100_000
    path = write(
        tmp_path, "sessions.jsonl", '{"session_id": 1, "session_start": "2024-01-01"}', deep
    )
    loaded(tmp_path, path, "--max-rejected", "1")
    assert rejects(tmp_path, "sessions") == [(None, "brackets are nested too deeply")]


def test_a_json_object_over_several_lines_is_refused_with_advice(tmp_path: Path) -> None:
    for text in ('{\n  "session_id": "s1"\n}', '{"session_id": "s1",\n "country": "DE"}', "{\n"):
        path = write(tmp_path, "sessions.json", text)
        message = refused(tmp_path, path)
        assert "write an object per line, or an array of objects" in message


@pytest.mark.parametrize("arguments", [(), ("--init", "--map", "/nowhere/x.yml")])
def test_a_pipe_is_refused_instead_of_waited_for(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    pipe = tmp_path / "sessions.csv"
    os.mkfifo(pipe)
    assert f"{pipe} is not a regular file" in refused(tmp_path, pipe, *arguments)


@pytest.mark.parametrize("has_zeros", [True, False])
def test_bytes_that_are_no_text_are_called_so(tmp_path: Path, has_zeros: bool) -> None:
    content = random.Random(1).randbytes(5000)
    content = content if has_zeros else content.replace(b"\0", b"")
    path = tmp_path / "sessions.csv"
    path.write_bytes(content)
    assert "sessions.csv is not a text file" in refused(tmp_path, path)
    path.write_bytes(codecs.BOM_UTF16_LE + b"\x00\xdc\x00\xd8a")
    assert "sessions.csv is not a text file" in refused(tmp_path, path)


# Ctrl-C


@pytest.mark.parametrize(
    ("kind", "text"),
    [(RuntimeError, "Query interrupted"), (duckdb.InterruptException, "INTERRUPT Error")],
)
def test_an_interrupted_query_is_a_keyboard_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], text: str
) -> None:
    path = write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    loaded(tmp_path, path)
    write(tmp_path, "sessions.csv", START, "s2,2024-01-01")
    fill: Callable[..., None] = Stage.fill

    def interrupted(*arguments: Any) -> None:
        fill(*arguments)
        raise kind(text)

    monkeypatch.setattr(Stage, "fill", interrupted)
    item = Input(table="sessions", files=(path,), where=str(path))
    with pytest.raises(KeyboardInterrupt):
        load_inputs(SOURCE, [item], database=tmp_path / "raw.duckdb")
    assert rows(tmp_path, "select session_id from marketing_raw.sessions") == [("s1",)]


def test_other_errors_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(Stage, "fill", broken)
    path = write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    item = Input(table="sessions", files=(path,), where=str(path))
    with pytest.raises(RuntimeError, match="something else"):
        load_inputs(SOURCE, [item], database=tmp_path / "raw.duckdb")


PROGRAM = """
import sys
from pathlib import Path
from marketing_analytics.load import Input, load
from marketing_analytics.load.model import ColumnRule
from marketing_analytics.raw_schema import raw_source
slow = ColumnRule(where="x", sql="list_sum(list_sort(range(2000 + length(session_id))))")
path = Path(sys.argv[1])
item = Input(table="sessions", files=(path,), where="x", rules={"pages_viewed": slow})
try:
    load(raw_source(Path(), "marketing_raw"), [item], database=path.parent / "raw.duckdb",
         progress=lambda step: print(step, flush=True))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_leaves_the_previous_state(tmp_path: Path) -> None:
    path = write(tmp_path, "sessions.csv", START, "1,2024-01-01")
    loaded(tmp_path, path)
    write(tmp_path, "sessions.csv", START, *(f"{i},2024-01-01" for i in range(20_000)))
    command = [sys.executable, "-c", PROGRAM, str(path)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while "reading" not in process.stdout.readline():
        pass
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    try:
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert output == "interrupted\n"
    assert rows(tmp_path, "select count(*) from marketing_raw.sessions") == [(1,)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["raw.duckdb", "sessions.csv"]


# Numbers that may mean something else


def test_a_whole_number_with_a_point_before_three_digits_is_rejected(tmp_path: Path) -> None:
    clicks = ["1.000", "-12.500", "1.0", "12.00", "0.000", "1000.000", "1.0000", "7"]
    path = write(
        tmp_path,
        "ad_creatives.csv",
        "creative_id,clicks",
        *(f"a{i},{value}" for i, value in enumerate(clicks)),
    )
    loaded(tmp_path, path, "--max-rejected", "2")
    query = "select clicks from marketing_raw.ad_creatives"
    assert [row[0] for row in rows(tmp_path, query)] == [1, 12, 0, 1000, 1, 7]
    reason = "not certain: 1.000 may be 1 or 1000; set `decimal` and `thousands` in the mapping"
    assert rejects(tmp_path, "ad_creatives") == [("1.000", reason), ("-12.500", reason)]


@pytest.mark.parametrize(
    ("options", "clicks", "spend"),
    [
        ('decimal: ".",', 1, Decimal("2.35")),
        ('decimal: ",", thousands: ".",', 1000, Decimal("2345.00")),
        ('thousands: ",",', 1, Decimal("2.35")),
    ],
)
def test_a_mapping_settles_what_a_point_is(
    tmp_path: Path, options: str, clicks: int, spend: Decimal
) -> None:
    write(tmp_path, "ads.csv", "creative_id,clicks,spend", "a1,1.000,2.345")
    arguments = mapped(tmp_path, f'tables: {{ad_creatives: {{{options} files: "ads.csv"}}}}')
    output = loaded(tmp_path, tmp_path, *arguments)
    assert "three digits" not in output
    query = "select clicks, spend from marketing_raw.ad_creatives"
    assert rows(tmp_path, query) == [(clicks, spend)]


@pytest.mark.parametrize(
    ("spend", "count"),
    [
        (["1.234", "20.500", "7", ""], 2),  # 7 has no point: no witness
        (["1.234", "20.5"], None),  # 20.5 is no group of thousands
        (["1.234", "0.125"], None),  # nor is 0.125
        (["1.234", "1234.567"], None),
        (["12.50", "7"], None),
    ],
)
def test_amounts_that_all_look_like_thousands_are_noted(
    tmp_path: Path, spend: list[str], count: int | None
) -> None:
    lines = [f"a{i},{value}" for i, value in enumerate(spend)]
    path = write(tmp_path, "ad_creatives.csv", "creative_id,spend", *lines)
    output = loaded(tmp_path, path)
    note = f"note: {path}: spend: every number with a point ({count}) has three digits after it"
    assert (note in output) is (count is not None)
    assert output.count("has three digits after it") == (count is not None)
    query = "select column_name from information_schema.columns where table_name = 'ad_creatives'"
    assert all(":" not in row[0] for row in rows(tmp_path, query))


def test_amounts_are_noted_per_file(tmp_path: Path) -> None:
    folder = tmp_path / "ad_creatives"
    folder.mkdir()
    write(folder, "1.csv", "creative_id,spend", "a,1.5", "b,1.000")
    second = write(folder, "2.csv", "creative_id,spend", "c,1.000")
    output = loaded(tmp_path, folder)
    assert output.count("has three digits after it") == 1
    assert f"{second}: spend: every number with a point (1)" in output


def test_a_decimal_comma_gets_a_hint(tmp_path: Path) -> None:
    hint = '; where the comma is the decimal sign, set `decimal: ","` in the mapping'
    path = write(
        tmp_path,
        "ad_creatives.csv",
        "creative_id;clicks;spend",
        "a;1;1.234,50",
        "b;1;12,50",
        "c;12,0;1",
        "d;1;1,234",
        "e;1;1,2,3",
    )
    loaded(tmp_path, path, "--max-rejected", "5")
    assert rejects(tmp_path, "ad_creatives") == [
        ("1.234,50", "not a number" + hint),
        ("12,50", "not a number" + hint),
        ("12,0", "not a whole number" + hint),
        ("1,234", "not a number"),
        ("1,2,3", "not a number"),
    ]


# Rows that are lost or repeated


def test_a_table_that_becomes_empty_is_noted(tmp_path: Path) -> None:
    ids = [f"s{i},2024-01-01" for i in range(1430)]
    path = write(tmp_path, "sessions.csv", START, *ids)
    assert "has none now" not in loaded(tmp_path, path)
    write(tmp_path, "sessions.csv", START)
    assert "has none now" not in loaded(tmp_path, path, "--append")
    assert "note: sessions: had 1,430 rows and has none now" in loaded(tmp_path, path)
    assert "has none now" not in loaded(tmp_path, path)  # it had none


def test_a_condition_that_keeps_no_row_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path, "sessions.csv", START, "s1,2024-01-01", "s2,2024-01-01")
    loaded(tmp_path, path)
    arguments = mapped(tmp_path, "tables: {sessions: {files: '*.csv', where: session_id = 's'}}")
    assert "sessions: had 2 rows and has none now" in loaded(tmp_path, tmp_path, *arguments)


def test_ids_under_several_models_are_noted(tmp_path: Path) -> None:
    header = "conversion_id,attribution_model,timestamp"
    lines = [f"{key},2024-01-01" for key in ("a,first", "a,last", "b,first", "b,", "c,last")]
    path = write(tmp_path, "conversions.csv", header, *lines)
    assert (
        "note: conversions: 2 ids appear under several attribution_model; choose one with the "
        "var conversion_attribution_model when you build"
    ) in loaded(tmp_path, path)
    write(tmp_path, "conversions.csv", header, lines[0], lines[4])
    assert "appear under several" not in loaded(tmp_path, path)


@pytest.mark.parametrize("value", ["", "  ", "\\u00a0"])
def test_a_blank_constant_is_no_value(tmp_path: Path, value: str) -> None:
    write(tmp_path, "ads.csv", "Ad,campaign_id", "a1,c1")
    mapping = "tables: {{ad_creatives: {{files: ads.csv, columns: {{{}}}}}}}"
    rule = f'creative_id: {{value: "{value}"}}'
    message = refused(tmp_path, tmp_path, *mapped(tmp_path, mapping.format(rule)))
    assert "columns.creative_id.value: is blank, but ad_creatives.creative_id needs a" in message
    rule = f'creative_id: Ad, campaign_id: {{value: "{value}"}}'
    loaded(tmp_path, tmp_path, *mapped(tmp_path, mapping.format(rule)))
    query = "select creative_id, campaign_id from marketing_raw.ad_creatives"
    assert rows(tmp_path, query) == [("a1", None)]


# Mappings


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("", "the expression is empty"),
        ("-- nothing", "several values at once"),
        ("Ad, Cost", "several values at once"),
        ("[Ad]", "several values at once"),
        ("{'a': Ad}", "several values at once (STRUCT)"),
        ("map([Ad], [Cost])", "several values at once (MAP)"),
        ("age(timestamp '2024-01-01')", "another value on every run"),
        ("(timestamp '2024-01-01').age()", "another value on every run"),
        ("ago(interval 1 day)", "another value on every run"),
        ("current_localtimestamp", "another value on every run"),
        ("current_localtimestamp()", "another value on every run"),
        ("current_localtime", "another value on every run"),
        ("get_current_timestamp()", "another value on every run"),
        ("current_setting('threads')", "current_setting() looks at this machine or its settings"),
        ("getenv('HOME')", "getenv() looks at this machine or its settings"),
        ("current_schema()", "looks at this machine or its settings"),
        ("error('no')", "error() does something instead of giving a value"),
    ],
)
def test_an_expression_is_refused_for_its_true_reason(
    tmp_path: Path, expression: str, part: str
) -> None:
    write(tmp_path, "ads.csv", "Ad,Cost", "a1,1")
    columns = "columns:\n      creative_id: Ad\n      campaign_id:\n        sql: |-\n          "
    mapping = f"tables:\n  ad_creatives:\n    files: ads.csv\n    {columns}{expression}\n"
    message = refused(tmp_path, tmp_path, *mapped(tmp_path, mapping))
    assert "map.yml: tables.ad_creatives.columns.campaign_id: " in message
    assert part in message


def test_age_of_two_times_and_columns_named_like_functions_are_fine(tmp_path: Path) -> None:
    write(tmp_path, "ads.csv", "Ad,today,user", "a1,2024-01-03,2024-01-01")
    expression = "date_part('day', age(cast(today as timestamp), cast(\\\"user\\\" as timestamp)))"
    columns = f'{{creative_id: Ad, clicks: {{sql: "{expression}"}}}}'
    mapping = f"tables: {{ad_creatives: {{files: ads.csv, columns: {columns}}}}}"
    loaded(tmp_path, tmp_path, *mapped(tmp_path, mapping))
    assert rows(tmp_path, "select clicks from marketing_raw.ad_creatives") == [(2,)]


def test_true_is_no_header_row(tmp_path: Path) -> None:
    write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    arguments = mapped(tmp_path, "tables: {sessions: {files: sessions.csv, header_row: true}}")
    assert "sessions.header_row: must be the number" in refused(tmp_path, tmp_path, *arguments)


@pytest.mark.parametrize("form", ['"%Q"', '["%d.%m.%Y", "%Q"]'])
def test_a_format_that_is_none_is_refused_with_its_key(tmp_path: Path, form: str) -> None:
    write(tmp_path, "sessions.csv", START, "s1,2024-01-01")
    rule = f"{{from: session_start, format: {form}}}"
    mapping = f"tables: {{sessions: {{files: '*.csv', columns: {{session_start: {rule}}}}}}}"
    message = refused(tmp_path, tmp_path, *mapped(tmp_path, mapping))
    assert "tables.sessions.columns.session_start.format: '%Q' is no format" in message


def test_a_column_in_use_is_not_offered_for_another(tmp_path: Path) -> None:
    path = write(tmp_path, "sessions.csv", "session_id,country", "s1,DE")
    message = refused(tmp_path, path)
    assert "sessions.session_start needs a value" in message
    assert "(it has" not in message


# What is printed


def test_the_next_command_is_quoted_for_the_shell(tmp_path: Path) -> None:
    path = write(tmp_path, "it's a report.csv", "session_id", "s1")
    output = loaded(tmp_path, path, "--init", "--map", str(tmp_path / "my map.yml"))
    quoted = f"--from '{tmp_path}/it'\"'\"'s a report.csv' --map '{tmp_path}/my map.yml' --dry-run"
    assert quoted in output


@pytest.mark.parametrize("is_terminal", [True, False])
def test_numbers_are_never_cut(tmp_path: Path, is_terminal: bool) -> None:
    table = TableResult(
        table="attribution_touchpoints",
        file_count=12,
        row_count=1_136_842_117,
        loaded_count=1_136_842_116,
        left_out_count=0,
        reasons=(("empty", 1),),
        first_rejects=(),
        roundings=(),
        is_over_limit=False,
    )
    result = LoadResult(
        source="marketing_raw",
        schema="marketing_raw",
        tables=(table,),
        tables_without_file=(),
        notes=(),
        database=tmp_path / "raw.duckdb",
        is_dry_run=False,
        limit="0.1%",
    )
    text = io.StringIO()
    render(result, Console(file=text, force_terminal=is_terminal, color_system=None, width=30))
    line = next(line for line in text.getvalue().splitlines() if "touchpoints" in line)
    expected = ["attribution_touchpoints", "12", "1,136,842,117", "1,136,842,116", "1", "0"]
    assert line.split() == expected
