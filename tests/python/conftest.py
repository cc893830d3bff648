"""Databases that the tests read: each is built once per session, into a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from functools import cache
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from marketing_analytics.dbt import DbtWorker, dbt_worker
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duckdb import DuckDBPyConnection

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
MKTG = (sys.executable, "-c", "from marketing_analytics.cli import main; main()")  # the command


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Let the programs that a test starts heed SIGINT, as they do in a terminal.

    A shell ignores it for what it runs in the background, tests too, and programs inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def worker() -> Iterator[DbtWorker]:
    """One dbt process for the whole session: starting dbt takes longer than most builds."""
    with dbt_worker(PROJECT) as running:
        yield running


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that fills a folder once, for all processes of a test run together."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each process has a folder of its own in there
        root = root.parent

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        folder = root / name
        done = root / f"{name}.done"
        with FileLock(root / f"{name}.lock"):
            if not done.exists():
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def sample_folder(worker: DbtWorker, made_once: Callable[..., Path]) -> Path:
    """Return a folder with sample.duckdb and dbt's artifacts, as `dbt build` leaves them.

    But for the unit tests, which read none of its rows: test_unit_tests.py runs them meanwhile.
    """

    def build(folder: Path) -> None:
        run = worker.run(
            *("build", "--exclude-resource-type", "unit_test"),
            *("--target", "sample", "--target-path", str(folder)),
            *("--log-path", str(folder / "logs"), "--quiet"),
            environment={"MKTG_DATABASE_DIR": str(folder)},
        )
        assert run.success, f"dbt build failed: {run.error}; see {folder / 'logs' / 'dbt.log'}"

    return made_once("sample", build)


@pytest.fixture(scope="session")
def unit_tests_folder(
    worker: DbtWorker, made_once: Callable[..., Path], sample_folder: Path
) -> Path:
    """Return a folder with dbt's artifacts of all unit tests."""

    def run_them(folder: Path) -> None:
        # They look up the types of their inputs' columns, and write nothing.
        shutil.copy(sample_folder / "sample.duckdb", folder)
        worker.run(
            *("test", "--select", "test_type:unit", "--target", "sample", "--quiet"),
            *("--target-path", str(folder), "--log-path", str(folder / "logs")),
            environment={"MKTG_DATABASE_DIR": str(folder)},
        )

    return made_once("unit_tests", run_them)


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> Iterator[DuckDBPyConnection]:
    """Return a read-only connection to the built sample."""
    connection = connect(sample_folder / "sample.duckdb", read_only=True)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def compiled(worker: DbtWorker, made_once: Callable[..., Path]) -> Callable[[str], Path]:
    """Return a function that compiles the project with some vars, once, and says where to."""

    @cache
    def compiled_with(chosen: str) -> Path:
        def compile_it(folder: Path) -> None:
            run = worker.run(
                *("compile", "--select", "resource_type:model", "--indirect-selection", "empty"),
                *("--target", "local", "--quiet"),
                *("--vars", chosen, "--target-path", str(folder)),
                *("--log-path", str(folder / "logs")),
                environment={"MKTG_DATABASE_DIR": str(folder)},
            )
            assert run.success, run.error

        name = md5(chosen.encode(), usedforsecurity=False).hexdigest()
        return made_once(f"compiled-{name}", compile_it)

    return compiled_with
