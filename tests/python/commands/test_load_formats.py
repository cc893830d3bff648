"""`mktg load` reads the same rows from every format, encoding and delimiter."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
import pytest

from conftest import PROJECT
from marketing_analytics.load import Input, LoadError, LoadResult, load
from marketing_analytics.load.model import ReadOptions
from marketing_analytics.load.prepare import file_format, file_stem
from marketing_analytics.raw_schema import raw_source

SOURCE = raw_source(PROJECT, "marketing_raw")
HEADER = ["session_id", "session_start", "country"]
ROWS = [["s1", "2024-01-01 10:00:00", "Österreich"], ["s2", "2024-01-02 11:30:00", "a,b;c"]]
EXPECTED = [
    ("s1", datetime(2024, 1, 1, 10), "Österreich"),
    ("s2", datetime(2024, 1, 2, 11, 30), "a,b;c"),
]


def load_one(path: Path, max_rejected: str = "0", **options: Any) -> LoadResult:
    item = Input(table="sessions", files=(path,), where=str(path), read=ReadOptions(**options))
    database = path.parent / "raw.duckdb"
    return load(SOURCE, [item], database=database, max_rejected=max_rejected)


def sessions(path: Path, table: str = "marketing_raw.sessions") -> list[tuple[Any, ...]]:
    columns = "session_id, session_start, country" if table.endswith("raw.sessions") else "*"
    connection = duckdb.connect(str(path.parent / "raw.duckdb"))
    try:
        return connection.execute(f"select {columns} from {table}").fetchall()
    finally:
        connection.close()


def csv_text(delimiter: str, line_end: str = "\n") -> str:
    lines = [HEADER, *ROWS]
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in line] for line in lines]
    return line_end.join(delimiter.join(line) for line in quoted) + line_end


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_common_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "sessions.csv"
    path.write_text(csv_text(delimiter), encoding="utf-8")
    load_one(path)
    assert sessions(path) == EXPECTED


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_any_line_end_is_read(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "sessions.csv"
    path.write_bytes(csv_text(",", line_end).encode())
    load_one(path)
    assert sessions(path) == EXPECTED


@pytest.mark.parametrize(
    ("encoding", "given"),
    [
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("utf-32", None),
        ("cp1252", None),
        ("latin-1", "latin-1"),
        ("cp850", "cp850"),
        ("utf-16", "utf-16"),
    ],
)
def test_any_encoding_is_read(tmp_path: Path, encoding: str, given: str | None) -> None:
    path = tmp_path / "sessions.csv"
    path.write_bytes(csv_text(",").encode(encoding))
    load_one(path, encoding=given)
    assert sessions(path) == EXPECTED


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    path.write_bytes(csv_text(",").encode("cp1252"))
    assert any("read as cp1252 (a guess" in note for note in load_one(path).notes)


@pytest.mark.parametrize(
    ("encoding", "word"), [("utf-8", "byte 57"), ("ascii", "ascii"), ("x", "unknown")]
)
def test_a_wrong_encoding_is_refused(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "sessions.csv"
    path.write_bytes(csv_text(",").encode("cp1252"))
    with pytest.raises(LoadError, match=word):
        load_one(path, encoding=encoding)


def test_gzipped_csv_and_json_lines_are_read(tmp_path: Path) -> None:
    for name, text in (("sessions.csv.gz", csv_text(",")), ("sessions.jsonl.gz", json_lines())):
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()))
        load_one(path)
        assert sessions(path) == EXPECTED


def json_lines() -> str:
    return "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in ROWS)


def test_json_array_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    items = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    path.write_text(json.dumps(items, indent=1), encoding="utf-8")
    load_one(path)
    assert sessions(path) == EXPECTED


def test_json_array_longer_than_one_piece_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    items = [
        {"session_id": i, "session_start": "2024-01-01", "country": "x" * 500} for i in range(5000)
    ]
    path.write_text(json.dumps(items), encoding="utf-8")
    load_one(path)
    assert [row[0] for row in sessions(path)] == [str(i) for i in range(5000)]


def test_broken_json_lines_are_rejects_and_numbers_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "sessions.jsonl"
    path.write_text(
        '{"session_id": 10000000000000000001, "session_start": "2024-01-01"}\n'
        "\n"
        '{"session_id": "s2", "session_start": \n'
        "[1, 2]\n"
        '{"country": null, "session_id": 1.10, "session_start": "2024-01-01", "more": {"a": 1}}\n'
        '{"session_id": "s5", "session_start": NaN}\n',
        encoding="utf-8",
    )
    load_one(path, max_rejected="3")
    assert [row[0] for row in sessions(path)] == ["10000000000000000001", "1.10"]
    rejects = sessions(path, "marketing_raw_rejected.sessions")
    assert [(row[1], row[2], row[4]) for row in rejects] == [
        (3, None, "not a JSON object: Expecting value"),
        (4, None, "not a JSON object"),
        (6, "session_start", "not a time (YYYY-MM-DD HH:MM:SS)"),
    ]


def test_parquet_keeps_its_types_and_counts_rows(tmp_path: Path) -> None:
    path = tmp_path / "sessions.parquet"
    duckdb.execute(
        "copy (select * from (values "
        "(7.0::double, timestamptz '2024-01-01 10:00:00+02', date '2024-01-01', 12.0::double, 3), "
        "(8, null, null, 1, 1), (9, '2024-01-03 00:00:00Z', null, 12.5, -1)) "
        "as t(session_id, session_start, date, session_duration_sec, pages_viewed)) "
        f"to '{path}'"
    )
    load_one(path, max_rejected="2")
    assert sessions(path) == [("7", datetime(2024, 1, 1, 8), None)]
    assert sessions(path, "marketing_raw.sessions")[0][1] == datetime(2024, 1, 1, 8)
    rejects = sessions(path, "marketing_raw_rejected.sessions")
    assert [(row[1], row[2], row[4]) for row in rejects] == [
        (2, "session_start", "empty, but the column needs a value"),
        (3, "session_duration_sec", "not a whole number"),
    ]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    """Write the smallest .xlsx that holds these cells; None leaves a cell out."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(sheets, 1)
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{kind}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets>{names}</sheets></workbook>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r0" '
            f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">{relations}</Relationships>',
        )
        for number, cells in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{y}">{"".join(_cell(x, y, cell) for x, cell in enumerate(row))}</row>'
                for y, row in enumerate(cells, 1)
            )
            file.writestr(
                f"xl/worksheets/s{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )


def _cell(x: int, y: int, value: object) -> str:
    place = f'r="{chr(65 + x)}{y}"'
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c {place}><v>{value}</v></c>"


def test_excel_sheet_with_titles_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sessions.xlsx"
    cells: list[list[object]] = [
        ["A report"],
        [],
        [*HEADER, "pages_viewed"],
        ["s1", "2024-01-01 10:00:00", "Österreich", 3.0],
        [],
        ["s2", "2024-01-02 11:30:00", "a,b;c", 2.5],
        [20911873001, "2024-01-02 11:30:00"],
        ["s4", "2024-01-02", "DE", 1, "outside"],
    ]
    workbook(path, {"Notes": [["x"]], "Data": cells})
    load_one(path, max_rejected="2", sheet="Data", header_row=3)
    assert [row[0] for row in sessions(path)] == ["s1", "20911873001"]
    rejects = sessions(path, "marketing_raw_rejected.sessions")
    assert [(row[1], row[4]) for row in rejects] == [
        (6, "not a whole number"),
        (8, "a value to the right of the last column"),
    ]
    with pytest.raises(LoadError, match="no sheet 'Dta'; its sheets are Notes, Data"):
        load_one(path, sheet="Dta")
    with pytest.raises(LoadError, match="no header in row 2"):
        load_one(path, sheet="Data", header_row=2)


def test_options_that_mean_nothing_for_a_format_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "sessions.jsonl"
    path.write_text(json_lines(), encoding="utf-8")
    with pytest.raises(LoadError, match="`delimiter` means nothing for a json file"):
        load_one(path, delimiter=";")


def test_line_numbers_survive_blank_lines_and_titles(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    lines = ["Report, of", "", "session_id,session_start,country", "s1,2024-01-01,", "", "s2,x,"]
    path.write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    load_one(path, max_rejected="1", header_row=3)
    assert [row[0] for row in sessions(path)] == ["s1"]
    assert [row[1] for row in sessions(path, "marketing_raw_rejected.sessions")] == [6]


def test_short_rows_are_filled_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    path.write_text(
        "session_id,session_start,country\ns1,2024-01-01\ns2,2024-01-02,DE,x\n", "utf-8"
    )
    load_one(path, max_rejected="1", fill_short_rows=True)
    assert sessions(path) == [("s1", datetime(2024, 1, 1), None)]


def test_a_header_alone_gives_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    path.write_text("session_id,session_start", encoding="utf-8")
    assert load_one(path).tables[0].row_count == 0
    assert sessions(path) == []


def test_several_files_keep_their_order_and_may_differ_in_columns(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("session_id,session_start\ns1,2024-01-01\ns2,2024-01-01\n", encoding="utf-8")
    second.write_text(
        "country,SESSION_ID,session_start\nDE,s3,2024-01-01\nFR,s1,2024-02-01\n", encoding="utf-8"
    )
    item = Input(table="sessions", files=(first, second), where="x")
    load(SOURCE, [item], database=tmp_path / "raw.duckdb", max_rejected="1")
    assert sessions(first) == [
        ("s2", datetime(2024, 1, 1), None),
        ("s3", datetime(2024, 1, 1), "DE"),
        ("s1", datetime(2024, 2, 1), "FR"),
    ]
    rejects = sessions(first, "marketing_raw_rejected.sessions")
    assert [(row[0], row[1]) for row in rejects] == [(str(first), 2)]


@pytest.mark.parametrize(
    ("name", "kind", "stem"),
    [
        ("Sessions.CSV", "csv", "sessions"),
        ("sessions.tsv.gz", "csv", "sessions"),
        ("sessions.ndjson.GZ", "json", "sessions"),
        ("sessions.2024.parquet", "parquet", "sessions.2024"),
        ("sessions.parquet.gz", None, "sessions"),
        ("sessions.ods", "excel", "sessions"),
        ("sessions.pdf", None, "sessions.pdf"),
        ("sessions", None, "sessions"),
    ],
)
def test_the_name_says_the_format_and_the_table(name: str, kind: str | None, stem: str) -> None:
    assert file_format(Path(name)) == kind
    assert file_stem(Path(name)) == stem


def test_a_time_in_a_date_column_is_its_day_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "sessions.csv"
    path.write_text("session_id,session_start,date\ns,2024-01-01,2024-01-01T23:00-02:00\n", "utf-8")
    load_one(path)
    connection = duckdb.connect(str(tmp_path / "raw.duckdb"))
    assert connection.execute("select date from marketing_raw.sessions").fetchall() == [
        (date(2024, 1, 2),)
    ]
    connection.close()
