"""Every file of the corpus has the outcome that is written down for it, and no other effect."""

from __future__ import annotations

import importlib
import re
import shutil
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import PROJECT
from hostile import (
    json_cases,
    mapping_cases,
    packed_cases,
    place_cases,
    size_cases,
    text_cases,
    value_cases,
)
from hostile.case import Case, Loaded, Refused
from hostile.makers import made
from marketing_analytics.cli import main
from marketing_analytics.console import printable

MODULES = (
    text_cases,
    value_cases,
    json_cases,
    packed_cases,
    size_cases,
    place_cases,
    mapping_cases,
)
CASES = [case for module in MODULES for case in module.CASES]
TABLES = {"campaigns_daily", "ad_creatives", "sessions", "attribution_touchpoints", "conversions"}
BEFORE = "session_id,session_start,country\nbefore,2023-12-31,XX\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program and return its exit code and what it prints; a traceback fails the test."""

    def run_it(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["mktg", "load", "marketing_raw", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return run_it


@pytest.fixture(scope="module")
def loaded_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with one session, as a load leaves it."""
    folder = tmp_path_factory.mktemp("before")
    file, database = folder / "sessions.csv", folder / "raw.duckdb"
    file.write_text(BEFORE)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as stop:
        patch.chdir(PROJECT)
        command = ["mktg", "load", "marketing_raw", "--from", str(file)]
        patch.setattr("sys.argv", [*command, "--database", str(database)])
        main()
    assert stop.value.code in (0, None)
    return database


def content(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table of a database with its rows, but for the rejects of loads."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema <> 'marketing_raw_rejected' order by 1"
        ).fetchall()
        return {name: connection.execute(f"from {name}").fetchall() for (name,) in tables}


def queried(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def tree(folder: Path) -> dict[str, str]:
    """Return what is in a folder, with a hash of every file."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        if path.is_file() and not path.is_symlink()
        else "no file"
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=[pytest.mark.full] if case.full else [])
        for case in CASES
    ],
)
def test_the_outcome_is_the_one_written_down(
    case: Case, tmp_path: Path, loaded_before: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "db" / "raw.duckdb"
    database.parent.mkdir()
    shutil.copy(loaded_before, database)
    arguments = [*made(case, tmp_path), "--database", str(database)]
    for limit, value in case.limits.items():
        module, name = limit.split(".")
        monkeypatch.setattr(
            importlib.import_module(f"marketing_analytics.load.{module}"), name, value
        )
    state, files, project = content(database), tree(tmp_path), sorted(PROJECT.iterdir())
    if isinstance(case.outcome, Refused):
        check_refused(case, case.outcome, run(*arguments))
        assert content(database) == state
    else:
        if case.outcome.rejected:
            check_too_many(case.outcome, run(*arguments, "--max-rejected", "0"))
            assert content(database) == state
        check_loaded(case.outcome, run(*arguments, "--max-rejected", "100%"), database, state)
    after = tree(tmp_path)
    assert after.pop("db/raw.duckdb")
    del files["db/raw.duckdb"]
    assert after == files, "something was written beside the database"
    assert sorted(PROJECT.iterdir()) == project


def check_refused(case: Case, outcome: Refused, printed: tuple[int, str, str]) -> None:
    code, out, err = printed
    assert (code, out) == (2, ""), (code, out, err)
    assert err.startswith("error: ")
    assert err.count("\n") == 1, "one line"
    assert printable(err[:-1]) == err[:-1], "nothing that a terminal would obey"
    for part in (case.culprit, *outcome.says):
        assert part in err, err


def check_too_many(outcome: Loaded, printed: tuple[int, str, str]) -> None:
    code, out, err = printed
    assert (code, err) == (1, "")
    line, column, reason = outcome.rejected[0]
    first = next(text for text in out.splitlines() if text.startswith("  "))
    assert f":{line} " in first or f":{line}:" in first
    assert (column or "") in first
    assert first.endswith(f": {reason}")
    assert "nothing was loaded; the tables are as they were" in out


def check_loaded(
    outcome: Loaded,
    printed: tuple[int, str, str],
    database: Path,
    state: dict[str, list[tuple[Any, ...]]],
) -> None:
    code, out, err = printed
    assert (code, err) == (0, ""), (code, out, err)
    assert all(printable(line) == line for line in out.splitlines())
    for note in outcome.notes:
        assert note in out
    table = f"marketing_raw.{outcome.table}"
    assert queried(database, f"select {outcome.columns} from {table}") == outcome.rows
    rejects = f"marketing_raw_rejected.{outcome.table}"
    query = f"select line, column_name, reason from {rejects}"
    assert queried(database, query) == list(outcome.rejected)
    after = content(database)
    assert set(after) == {f"marketing_raw.{name}" for name in TABLES}
    assert {**after, table: []} == {**state, table: []}, "another table has changed"


def test_every_name_is_that_of_one_case() -> None:
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []


def test_the_table_in_the_docs_counts_the_cases() -> None:
    text = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    section = text.split("\n## Input that nobody should trust\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", section, re.M)
    told = {row[0]: tuple(map(int, row[1:])) for row in rows}
    expected = {}
    for module in (*MODULES, None):
        cases = module.CASES if module else CASES
        kinds = Counter(case.kind for case in cases)
        name = (module.__doc__ or "").split(":")[0].rstrip(".") if module else "all"
        counts = (len(cases), kinds["loaded"], kinds["rejected"], kinds["refused"])
        expected[name] = counts
    assert told == expected
