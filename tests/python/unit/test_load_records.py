"""The slow road through CSV files: every record keeps its line, whatever stands around it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketing_analytics.load.limit import Limit
from marketing_analytics.load.records import csv_records

CELLS = st.text(st.sampled_from('ab",;\n é'), max_size=6)


def records(path: Path, text: str, width: int = 2) -> list[tuple[int, list[str] | None]]:
    path.write_text(text, encoding="utf-8", newline="")
    found = csv_records(path, delimiter=",", skip=0, width=width, fill_short_rows=False)
    return [(number, fields) for number, fields, _, _ in found]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_what_csv_writes_comes_back_with_its_lines(
    tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    expected = []
    for row in rows:
        expected.append((buffer.getvalue().count("\n") + 1, list(row)))
        writer.writerow(row)
    assert records(tmp_path / "x.csv", buffer.getvalue()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("a,b", [(1, ["a", "b"])]),
        ("a,b\r\nc,d\r\n", [(1, ["a", "b"]), (2, ["c", "d"])]),
        ('a,"b\n\nc"\nd,e\n', [(1, ["a", "b\n\nc"]), (4, ["d", "e"])]),
        ('a,"b\nc,d\ne,f\n', [(1, None), (2, ["c", "d"]), (3, ["e", "f"])]),
        ('a,"b\nc,"d\ne,f\n', [(1, None), (2, None), (3, ["e", "f"])]),
        ("a,b,\nc\n", [(1, ["a", "b"]), (2, None)]),
        ('"a""b",c"d\n', [(1, ['a"b', 'c"d'])]),
    ],
)
def test_broken_records_end_at_their_line(
    tmp_path: Path, text: str, expected: list[tuple[int, list[str] | None]]
) -> None:
    assert records(tmp_path / "x.csv", text) == expected


def test_an_open_quote_does_not_swallow_a_long_file(tmp_path: Path) -> None:
    lines = ["a,b"] * 5000
    lines[10] = 'x,"y'
    found = records(tmp_path / "x.csv", "\n".join(lines))
    assert [number for number, fields in found if fields is None] == [11]
    assert len(found) == 5000


@pytest.mark.parametrize(
    ("limit", "rejected", "rows", "allowed"),
    [
        ("0.1%", 0, 0, True),
        ("0.1%", 1, 1000, True),
        ("0.1%", 1, 999, False),
        ("0%", 1, 10, False),
        ("3", 3, 3, True),
        ("3", 4, 1000, False),
    ],
)
def test_limit_counts_exactly(limit: str, rejected: int, rows: int, allowed: bool) -> None:
    assert Limit(limit).allows(rejected, rows) is allowed
