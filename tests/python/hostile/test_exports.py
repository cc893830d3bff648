"""Where the project writes CSV: which text a spreadsheet would take for a formula can get there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from conftest import PROJECT
from marketing_analytics.generate.files import write
from marketing_analytics.generate.registry import GENERATORS, generator
from marketing_analytics.generate.request import Request
from marketing_analytics.raw_schema import raw_source

FORMULA = "[=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20-].*"
WRITERS = {
    "engines/postgres.py",  # feeds a server, and is gone afterwards
    "generate/files.py",  # made-up names alone
    "report/page/templates/page.js",  # tests/python/report/test_report_in_chromium.py
}


def test_no_other_part_writes_csv() -> None:
    package = PROJECT / "scripts" / "marketing_analytics"
    signs = ("(format csv", "format csv,", "csv.writer", "csv.DictWriter", "text/csv", "write_csv")
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.suffix in (".py", ".js", ".j2")
        and any(sign in path.read_text(encoding="utf-8") for sign in signs)
    }
    assert found == WRITERS


@pytest.mark.parametrize("source", sorted(GENERATORS))
def test_generated_files_hold_no_formulas(source: str, tmp_path: Path) -> None:
    request = Request(days=120, scale=0.3)
    files = write(
        raw_source(PROJECT, source),
        generator(source),
        request,
        folder=tmp_path,
        file_format="csv",
    )
    assert formulas([file.path for file in files]) == []


def test_the_projects_own_files_hold_no_formulas() -> None:
    assert formulas(sorted((PROJECT / "seeds").rglob("*.csv"))) == []


def test_a_formula_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b,c\n-1,=1+1,x\n-2.5,"-2+3","y"\n', encoding="utf-8")
    assert formulas([path]) == [("x.csv", "b", "=1+1"), ("x.csv", "b", "-2+3")]


def formulas(files: list[Path]) -> list[tuple[str, str, str]]:
    """Return the text in files that a spreadsheet would compute; a number is no text."""
    found = []
    for file in files:
        relation = f"read_csv('{file}', all_varchar=true, header=true, delim=',', quote='\"')"
        for name, *_ in duckdb.execute(f"describe from {relation}").fetchall():
            rows = duckdb.execute(
                f'select "{name}" from {relation} where regexp_full_match("{name}", ?, \'s\') '
                f'and try_cast("{name}" as double) is null',
                [FORMULA],
            ).fetchall()
            found += [(file.name, name, str(value)) for (value,) in rows]
    return found
