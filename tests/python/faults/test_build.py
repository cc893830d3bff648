"""`mktg build` publishes what passes its tests, keeps what does not, and survives being killed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from conftest import MKTG
from faults.killed import kills, run, timed
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

# One model with its tests, and those of its raw table.
SELECTED = (
    *("--select", "stg_sessions", "source:marketing_raw.sessions"),
    *("--indirect-selection", "cautious"),
)
UNIQUE = "source_unique_marketing_raw_sessions_session_id"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that was loaded and built once."""
    folder = tmp_path_factory.mktemp("faults")
    assert run(load_of(folder, 100), folder).returncode == 0
    ended = build(folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


def load_of(folder: Path, rows: int) -> tuple[str, ...]:
    """Write a file with as many sessions, and return the command that loads it."""
    path = folder / "sessions.csv"
    lines = [f"s{i},2024-01-01" for i in range(rows)]
    path.write_text("\n".join(["session_id,session_start", *lines]))
    return (*MKTG, "load", "marketing_raw", "--from", str(path))


def arguments(folder: Path, *more: str) -> tuple[str, ...]:
    paths = ("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"))
    return (*MKTG, "build", "--target", "local", "--quiet", *SELECTED, *paths, *more)


def build(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(arguments(folder, *more), folder)


def asked(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = connect(database, read_only=True)
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def repeat_a_session(database: Path) -> None:
    connection = connect(database)
    connection.execute(
        "insert into marketing_raw.sessions "
        "(select * from marketing_raw.sessions order by session_id limit 1)"
    )
    connection.close()


def test_a_build_that_fails_a_test_is_not_published_unless_asked_for(folder: Path) -> None:
    database = folder / "local.duckdb"
    repeat_a_session(database)
    builds = asked(database, "select count(*) from audit.builds")

    ended = build(folder)
    assert ended.returncode == 1
    assert f"failed: test {UNIQUE}, 1 rows in failed_tests.{UNIQUE}" in ended.stderr
    assert f"not published: {database} stays as it was" in ended.stderr
    assert asked(database, "select count(*) from audit.builds") == builds
    kept = folder / "failed-local" / "local.duckdb"
    assert len(asked(kept, f"select * from failed_tests.{UNIQUE}")) == 1

    ended = build(folder, "--publish-anyway")
    assert ended.returncode == 1
    assert asked(database, "select count(*) from audit.builds") == [(builds[0][0] + 1,)]
    assert len(asked(database, f"select * from failed_tests.{UNIQUE}")) == 1

    connection = connect(database)
    connection.execute(
        "delete from marketing_raw.sessions where session_id = "
        f"(select unique_field from failed_tests.{UNIQUE})"
    )
    connection.close()
    assert build(folder).returncode == 0
    assert (
        asked(database, "select 1 from duckdb_schemas() where schema_name = 'failed_tests'") == []
    )


def test_a_model_that_cannot_be_built_is_never_published(folder: Path) -> None:
    database = folder / "local.duckdb"
    before = database.read_bytes()
    connection = connect(database)
    connection.execute("alter table marketing_raw.sessions rename column user_id to user_is")
    connection.close()
    broken = database.read_bytes()
    ended = build(folder, "--publish-anyway", "--exclude-resource-type", "test")
    assert ended.returncode == 1
    assert "failed: model stg_sessions" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert database.read_bytes() == broken
    database.write_bytes(before)


def test_too_little_memory_leaves_the_published_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKTG_MEMORY_LIMIT", "1KB")
    before = (folder / "local.duckdb").read_bytes()
    ended = build(folder)
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    assert (folder / "local.duckdb").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    ended = run(arguments(folder), tmp_path / "file" / "below")
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "number", [pytest.param(4, id="few"), pytest.param(200, marks=pytest.mark.full, id="many")]
)
def test_a_build_killed_at_any_moment_costs_nothing(folder: Path, number: int) -> None:
    database = folder / "local.duckdb"
    duration = timed(lambda: build(folder))
    (builds,) = asked(database, "select count(*) from audit.builds")[0]
    sessions = asked(database, "select * from staging.stg_sessions order by all")
    killed = 0
    for moment, was_killed in kills(number, lambda: arguments(folder), folder, duration):
        killed += was_killed
        (after,) = asked(database, "select count(*) from audit.builds")[0]
        assert after in (builds, builds + 1), moment
        assert asked(database, "select * from staging.stg_sessions order by all") == sessions
        builds = after
    assert killed > 0
    assert build(folder).returncode == 0
    assert asked(database, "select count(*) from audit.builds") == [(builds + 1,)]


@pytest.mark.parametrize(
    "number", [pytest.param(6, id="few"), pytest.param(200, marks=pytest.mark.full, id="many")]
)
def test_a_load_killed_at_any_moment_leaves_the_old_rows_or_the_new_ones(
    tmp_path: Path, number: int
) -> None:
    """Each load brings one row more than the one before."""

    def loaded() -> int:
        (found,) = asked(tmp_path / "local.duckdb", "select count(*) from marketing_raw.sessions")
        return int(found[0])

    def one_more() -> tuple[str, ...]:
        return load_of(tmp_path, loaded() + 1)

    duration = timed(lambda: run(load_of(tmp_path, 1000), tmp_path))
    before = loaded()
    assert before == 1000
    for moment, _ in kills(number, one_more, tmp_path, duration):
        after = loaded()
        assert after in (before, before + 1), moment
        before = after
    ended = run(one_more(), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert loaded() == before + 1
    left = {path.name for path in tmp_path.iterdir()} - {"sessions.csv", "local.duckdb"}
    assert left == set(), sys.platform
