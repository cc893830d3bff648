"""The only module that starts dbt, in a worker process of its own.

A dbt run keeps its DuckDB file locked until its process ends, and starting dbt costs seconds: so a
worker does the runs, one after the other, and lets go of the file after each.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.parse_cache import FOLDER, ParseCache, without_places
from marketing_analytics.private import OTHERS
from marketing_analytics.project import git_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from dbt.cli.main import dbtRunnerResult

FAILED = ("error", "fail", "runtime error")  # of dbt's statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedNode:
    """A model, test or seed that did not succeed; `row_count` is that of a test's failing rows."""

    name: str
    kind: str  # dbt's resource type
    sql: str  # as it ran
    row_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DbtRun:
    """How a dbt command ended: `success` is False when a node failed, `error` says why none ran."""

    success: bool
    error: str | None = None
    failed: tuple[FailedNode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DbtWorker:
    """A running worker process; `run` blocks until the command has ended."""

    _connection: Connection
    _process: multiprocessing.process.BaseProcess

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> DbtRun:
        """Run one dbt command, such as `run("build", "--target", "local")`.

        Raises:
            MarketingAnalyticsError: the worker process died, for want of memory for example.
        """
        self._connection.send((arguments, environment or {}))
        try:
            run: DbtRun = self._connection.recv()
        except EOFError:
            self._process.join()
            raise MarketingAnalyticsError(
                f"dbt ended with exit code {self._process.exitcode} in the middle of its work; "
                "what it had finished is kept, run it again"
            ) from None
        return run


@contextmanager
def dbt_worker(project: Path) -> Iterator[DbtWorker]:
    """Start a worker in the project's folder and end it afterwards; its output goes to ours."""
    _start_quiet_resource_tracker()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, str(project)), daemon=True)
    process.start()
    theirs.close()
    try:
        yield DbtWorker(_connection=ours, _process=process)
    except BaseException:  # a Ctrl-C too: the run in the worker must not go on by itself
        process.kill()
        raise
    finally:
        ours.close()
        process.join()


def _start_quiet_resource_tracker() -> None:
    """Start Python's clean-up process so that it does not warn after a Ctrl-C.

    A worker that is ended leaves dbt's semaphores to it, which it then cleans up and complains of.
    """
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"
    resource_tracker.ensure_running()
    if before is None:
        del os.environ["PYTHONWARNINGS"]
    else:
        os.environ["PYTHONWARNINGS"] = before


def _serve(connection: Connection, project: str) -> None:
    """Answer requests until the other side hangs up."""
    # dbt's own imports take a second and belong to the worker alone.
    from dbt.adapters.factory import cleanup_connections, reset_adapters  # noqa: PLC0415
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    # A Ctrl-C reaches the whole group; ours is to be ended by the parent, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(project)
    os.umask(OTHERS)  # databases, logs and compiled SQL are the owner's
    os.environ.setdefault("DBT_ENGINE_LOG_PATH", str(Path("target") / "logs"))
    without_places()
    parses = ParseCache(folder=Path(project) / FOLDER)
    while True:
        try:
            arguments, environment = connection.recv()
        except EOFError:
            return
        before = dict(os.environ)
        os.environ.update(environment)
        with parses.used(arguments, environment):
            result = dbtRunner().invoke(list(arguments))
        cleanup_connections()
        _close_databases()
        reset_adapters()
        os.environ.clear()
        os.environ.update(before)
        sys.stdout.flush()
        connection.send(
            DbtRun(
                success=result.success,
                error=str(result.exception) if result.exception else None,
                failed=_failed(result),
            )
        )


def _failed(result: dbtRunnerResult) -> tuple[FailedNode, ...]:
    # Commands such as `dbt parse` have another kind of result, or none.
    return tuple(
        FailedNode(
            name=one.node.name,
            kind=str(one.node.resource_type),
            sql=getattr(one.node, "compiled_code", None) or "",
            row_count=one.failures,
        )
        for one in getattr(result.result, "results", None) or ()
        if str(one.status) in FAILED
    )


def _end_with_parent() -> None:
    """End when the parent is killed, so that nobody is left holding the database."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _close_databases() -> None:
    """Let go of the DuckDB file: the adapter keeps it open for the life of the process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    DuckDBConnectionManager.close_all_connections()


def run_dbt(
    project: Path, arguments: Sequence[str], environment: dict[str, str] | None = None
) -> DbtRun:
    """Run a single dbt command, told the git commit for audit.builds."""
    told = {"MKTG_GIT_COMMIT": git_commit(project), **(environment or {})}
    with dbt_worker(project) as worker:
        return worker.run(*arguments, environment=told)
