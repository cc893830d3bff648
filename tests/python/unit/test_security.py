"""What is written is the owner's alone, and no secret is repeated."""

from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import MKTG, PROJECT
from marketing_analytics.private import close_folder
from marketing_analytics.publish import built_beside
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "https://hooks.example.com/services/T000/B000/s3cret"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are asked of POSIX")


@pytest.fixture(autouse=True)
def usual_rights() -> Iterator[None]:
    """Let everybody read what is made without a thought, as most systems do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MKTG, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("MKTG_")},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with as much of it as a load reads."""
    (tmp_path / "models").symlink_to(PROJECT / "models")
    (tmp_path / "dbt_project.yml").write_text("name: marketing_analytics\n")
    return tmp_path


def test_a_loaded_database_is_the_owners(project: Path) -> None:
    (project / "sessions.csv").write_text("session_id,session_start\ns1,2024-01-01\n")
    ended = run(project, "load", "marketing_raw", "--from", "sessions.csv")
    assert ended.returncode == 0, ended.stderr
    assert mode(project / "target") == 0o700
    assert mode(project / "target" / "local.duckdb") == 0o600


def test_a_folder_that_was_open_is_closed(project: Path) -> None:
    (project / "target").mkdir(mode=0o755)
    (project / "sessions.csv").write_text("session_id,session_start\ns1,2024-01-01\n")
    assert run(project, "load", "marketing_raw", "--from", "sessions.csv").returncode == 0
    assert mode(project / "target") == 0o700


def test_a_link_is_closed_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "target").symlink_to(tmp_path / "elsewhere")
    close_folder(tmp_path / "target")
    assert mode(tmp_path / "elsewhere") == 0o700


@pytest.mark.parametrize("shared", [0o600, 0o640, 0o644])
def test_a_build_keeps_the_rights_that_were_given(tmp_path: Path, shared: int) -> None:
    database = tmp_path / "local.duckdb"
    connect(database).close()
    assert mode(database) == 0o600
    database.chmod(shared)
    with built_beside(database) as candidate:
        assert mode(candidate.folder) == 0o700
        connect(candidate.path).close()
        candidate.publish()
    assert mode(database) == shared


@pytest.mark.parametrize(
    "arguments",
    [("alert", SECRET), ("alert", "--webhok", SECRET), ("alert", f"--{SECRET}"), (SECRET,)],
)
def test_an_address_that_is_typed_in_the_wrong_place_is_not_repeated(
    project: Path, arguments: tuple[str, ...]
) -> None:
    ended = run(project, *arguments)
    assert ended.returncode == 2
    assert "s3cret" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
