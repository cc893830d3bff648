"""A build takes the place of the published one in a single step, or leaves it as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from faults.killed import kills, run, timed
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.publish import built_beside
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Two tables that must always hold the same number: half of a change would show.
FIRST = "create table one as select 1 as n; create table two as select 1 as n"
NEXT = "update one set n = n + 1; update two set n = n + 1"
BUILD = """
import sys
from pathlib import Path
from marketing_analytics.publish import built_beside
from marketing_analytics.warehouse import connect
with built_beside(Path(sys.argv[1])) as candidate:
    connection = connect(candidate.path)
    for statement in sys.argv[2].split(";"):
        connection.execute(statement)
    connection.close()
    candidate.publish()
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "local.duckdb"
    connection = connect(path)
    connection.execute(FIRST)
    connection.close()
    return path


def numbers(path: Path) -> tuple[int, int]:
    connection = connect(path, read_only=True)
    (found,) = connection.execute("select one.n, two.n from one, two").fetchall()
    connection.close()
    return found


def change(path: Path) -> None:
    connection = connect(path)
    connection.execute(NEXT)
    connection.close()


def test_readers_see_the_old_state_until_they_open_it_again(published: Path) -> None:
    reader = connect(published, read_only=True)
    with built_beside(published) as candidate:
        change(candidate.path)
        assert reader.execute("select n from one").fetchall() == [(1,)]
        candidate.publish()
    assert reader.execute("select n from two").fetchall() == [(1,)]
    reader.close()
    assert numbers(published) == (2, 2)


def test_what_is_not_published_is_gone(published: Path) -> None:
    before = published.read_bytes()
    with built_beside(published) as candidate:
        change(candidate.path)
    assert published.read_bytes() == before
    assert {path.name for path in published.parent.iterdir()} == {".local.lock", published.name}


def test_a_build_that_failed_is_kept_until_the_next_one(published: Path) -> None:
    for _ in range(2):
        with built_beside(published) as candidate:
            change(candidate.path)
            kept = candidate.keep()
    assert (numbers(published), numbers(kept)) == ((1, 1), (2, 2))
    assert kept == published.parent / "failed-local" / "local.duckdb"


def test_the_first_build_has_nothing_to_copy(tmp_path: Path) -> None:
    path = tmp_path / "new" / "local.duckdb"
    with built_beside(path) as candidate:
        connection = connect(candidate.path)
        connection.execute(FIRST)
        connection.close()
        candidate.publish()
    assert numbers(path) == (1, 1)


def elsewhere(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )


def test_nobody_else_writes_or_builds_meanwhile(published: Path) -> None:
    write = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    assert elsewhere(write, str(published)).returncode == 0
    with built_beside(published):
        written = elsewhere(write, str(published))
        built = elsewhere(BUILD, str(published), NEXT)
    assert "lock" in written.stderr
    assert (
        f"another `mktg build` (process {os.getpid()}) is at work there; wait until" in built.stderr
    )
    assert elsewhere(BUILD, str(published), NEXT).returncode == 0
    assert numbers(published) == (2, 2)


def test_a_writer_that_holds_the_file_is_named(published: Path) -> None:
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with (
            pytest.raises(MarketingAnalyticsError, match=rf"open in another.*PID {holder.pid}"),
            built_beside(published),
        ):
            pass
    finally:
        holder.communicate("")


def test_what_a_killed_writer_has_committed_is_built_upon(published: Path) -> None:
    killed = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "[c.execute(x) for x in sys.argv[2].split(';')]; os.kill(os.getpid(), 9)"
    )
    elsewhere(killed, str(published), NEXT)
    assert published.with_name("local.duckdb.wal").exists()
    with built_beside(published) as candidate:
        change(candidate.path)
        candidate.publish()
    assert numbers(published) == (3, 3)
    assert not published.with_name("local.duckdb.wal").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_one_message_and_changes_nothing(small_disk: Path) -> None:
    path = small_disk / "local.duckdb"
    connection = connect(path)
    connection.execute(FIRST)
    connection.close()
    (small_disk / "filler").write_bytes(bytes(1_600_000))
    with (
        pytest.raises(MarketingAnalyticsError, match=r"No space left.*or build with --in-place"),
        built_beside(path),
    ):
        pass
    assert numbers(path) == (1, 1)
    (small_disk / "filler").unlink()
    with built_beside(path) as candidate:
        change(candidate.path)
        candidate.publish()
    assert numbers(path) == (2, 2)


@pytest.mark.parametrize(
    "number", [pytest.param(10, id="few"), pytest.param(200, marks=pytest.mark.full, id="many")]
)
def test_a_build_killed_at_any_moment_leaves_the_old_state_or_the_new_one(
    published: Path, number: int
) -> None:
    command = [sys.executable, "-c", BUILD, str(published), NEXT]
    duration = timed(lambda: run(command, published.parent))
    before, killed = numbers(published), 0
    for moment, was_killed in kills(number, lambda: command, published.parent, duration):
        killed += was_killed
        after = numbers(published)
        assert after in (before, (before[0] + 1, before[1] + 1)), moment
        before = after
    assert killed > number / 2
    assert run(command, published.parent).returncode == 0
    assert numbers(published) == (before[0] + 1, before[1] + 1)
    assert duckdb.connect(str(published)).execute("select count(*) from one").fetchall() == [(1,)]
