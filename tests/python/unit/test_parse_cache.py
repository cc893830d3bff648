"""dbt parses a project once, wherever it then builds, and sees every change all the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.dbt import DbtWorker, dbt_worker
from marketing_analytics.parse_cache import FOLDER, MOST, ParseCache
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

PROFILES = """
small:
  target: one
  outputs:
    one: {type: duckdb, path: "{{ env_var('MKTG_DATABASE_DIR') }}/small.duckdb"}
    two: {type: duckdb, path: "{{ env_var('MKTG_DATABASE_DIR') }}/small.duckdb", schema: two}
"""
D_IS_1 = ("--vars", "{d: 1}")
DOUBLED = "select 2 * n as n from {{ ref('numbers') }}"


def small_project(folder: Path) -> Path:
    (folder / "models").mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "dbt_project.yml").write_text(
        "{name: small, profile: small, flags: {send_anonymous_usage_stats: false}}"
    )
    (folder / "profiles.yml").write_text(PROFILES)
    (folder / "models" / "doubled.sql").write_text(DOUBLED)
    (folder / "seeds" / "numbers.csv").write_text("n\n21\n")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_project(tmp_path_factory.mktemp("parse_cache") / "project")


@pytest.fixture(scope="module")
def worker(project: Path) -> Iterator[DbtWorker]:
    with dbt_worker(project) as running:
        yield running


def parsed(worker: DbtWorker, target_path: Path, *arguments: str) -> int:
    """Parse with a database and artifacts in a folder; return how many files dbt has read."""
    run(worker, target_path, "parse", *arguments)
    facts = json.loads((target_path / "perf_info.json").read_text())
    return int(facts["parsed_path_count"])


def built(worker: DbtWorker, target_path: Path, *arguments: str) -> int:
    run(worker, target_path, "build", *arguments)
    connection = connect(target_path / "small.duckdb", read_only=True)
    rows = connection.execute("select n from main.doubled").fetchall()
    connection.close()
    ((number,),) = rows
    return int(number)


def run(worker: DbtWorker, target_path: Path, *arguments: str) -> None:
    target_path.mkdir(exist_ok=True)
    done = worker.run(
        *arguments,
        *("--quiet", "--target-path", str(target_path), "--log-path", str(target_path / "logs")),
        environment={"MKTG_DATABASE_DIR": str(target_path)},
    )
    assert done.success, done.error


def test_a_parse_serves_every_place_but_one_target_and_one_set_of_vars(
    worker: DbtWorker, tmp_path: Path
) -> None:
    for number, options in enumerate(
        [("--target", "one"), ("--target=two",), ("--vars", "{d: 1}")]
    ):
        assert parsed(worker, tmp_path / f"first {number}", *options) > 1
    for number, options in enumerate([D_IS_1, ("--target", "one")]):
        assert parsed(worker, tmp_path / f"again {number}", *options) == 0


def test_a_changed_file_is_seen(worker: DbtWorker, tmp_path: Path, project: Path) -> None:
    assert built(worker, tmp_path / "a") == 42
    (project / "models" / "doubled.sql").write_text("select 3 * n as n from {{ ref('numbers') }}")
    assert parsed(worker, tmp_path / "b") == 1
    assert built(worker, tmp_path / "c") == 63
    (project / "models" / "doubled.sql").write_text(DOUBLED)


def test_another_process_has_it_too(worker: DbtWorker, tmp_path: Path, project: Path) -> None:
    parsed(worker, tmp_path / "a")
    with dbt_worker(project) as other:
        assert parsed(other, tmp_path / "b") == 0


def test_another_version_elsewhere_is_built_from_its_own_files(
    worker: DbtWorker, tmp_path: Path, project: Path
) -> None:
    assert built(worker, tmp_path / "a") == 42
    copy = Path(shutil.copytree(project, tmp_path / "copy"))
    (copy / "seeds" / "numbers.csv").write_text("n\n5\n")
    there = ("--project-dir", str(copy), "--profiles-dir", str(copy))
    assert parsed(worker, tmp_path / "b", *there) == 1  # the seed
    assert built(worker, tmp_path / "b", *there) == 10
    shutil.rmtree(copy)
    assert built(worker, tmp_path / "c") == 42


def test_a_broken_file_is_parsed_anew_and_replaced(
    worker: DbtWorker, tmp_path: Path, project: Path
) -> None:
    for kept in (project / FOLDER).glob("*.msgpack"):
        kept.write_bytes(b"torn")
    assert parsed(worker, tmp_path / "a") > 1
    assert parsed(worker, tmp_path / "b") == 0


def test_where_nothing_can_be_kept_dbt_runs_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parsed").write_text("a file")
    with ParseCache(folder=tmp_path / "parsed").used(["parse"], {}):
        (tmp_path / "target").mkdir()
        (tmp_path / "target" / "partial_parse.msgpack").write_text("new")
    assert (tmp_path / "parsed").read_text() == "a file"


def test_those_that_nobody_uses_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = ParseCache(folder=tmp_path / "parsed")

    def use(day: int, parsed: str | None = None) -> None:
        with cache.used(["parse", "--vars", f"{{day: {day}}}"], {}):
            made = tmp_path / "target" / "partial_parse.msgpack"
            made.parent.mkdir(exist_ok=True)
            if parsed:
                made.write_text(parsed)

    for day in range(MOST + 3):
        use(day, str(day))
        use(0)
    kept = {path.read_text() for path in cache.folder.glob("*.msgpack")}
    assert kept == {"0", *(str(day) for day in range(4, MOST + 3))}
