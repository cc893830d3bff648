"""One load from files to tables, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.encoding import EXPORT_AGAIN
from marketing_analytics.load.interrupt import interruptible
from marketing_analytics.load.limit import Limit
from marketing_analytics.load.model import (
    GroupCounts,
    Input,
    LoadError,
    LoadResult,
    PreparedFile,
    ReadOptions,
    TableResult,
)
from marketing_analytics.load.plan import Plan
from marketing_analytics.load.planning import plan
from marketing_analytics.load.prepare import Preparer, refuse_odd_name
from marketing_analytics.load.remarks import emptied, remarks
from marketing_analytics.load.staging import Stage
from marketing_analytics.load.work_folder import work_folder
from marketing_analytics.raw_schema import RawSource, RawTable
from marketing_analytics.warehouse import connect, in_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_LIMIT = "2GB"
Progress = Callable[[str], None]


@interruptible()
def load(
    source: RawSource,
    inputs: Sequence[Input],
    *,
    database: Path,
    append: bool = False,
    dry_run: bool = False,
    max_rejected: str = "0.1%",
    progress: Progress = lambda step: None,
) -> LoadResult:
    """Load the inputs into the source's raw tables and return what became of every row.

    Either all tables of the call are written or none; a result that has failed wrote only the
    rejected rows. With `dry_run` nothing is written at all.

    Raises:
        LoadError: a file or an expression is not usable; the database is as it was.
        KeyboardInterrupt: Ctrl-C; the database is as it was.
    """
    limit = Limit(max_rejected)
    refuse_odd_name(database)
    with work_folder(database) as folder:
        plans = _plans(source, inputs, folder, progress)
        target = folder / "trial.duckdb" if dry_run else database
        is_new = not target.exists()
        connection = connect(target)
        done = False
        try:
            _lock_down(connection, folder, plans)
            tables = _write(
                connection,
                source,
                plans,
                limit=limit,
                append=append,
                dry_run=dry_run,
                progress=progress,
            )
            done = True
        finally:
            connection.close()
            if is_new and not done:
                target.unlink(missing_ok=True)
    fed = {plan.table.name for plan in plans}
    notes = [file.note for plan in plans for file in plan.files if file.note]
    notes += [note for plan in plans for note in plan.notes]
    notes += [note for table in tables for note in table.notes]
    return LoadResult(
        source=source.name,
        schema=source.schema,
        tables=tables,
        tables_without_file=tuple(t.name for t in source.tables if t.name not in fed),
        notes=tuple(dict.fromkeys(notes)),
        database=database,
        is_dry_run=dry_run,
        limit=max_rejected,
    )


def _plans(
    source: RawSource, inputs: Sequence[Input], folder: Path, progress: Progress
) -> list[Plan]:
    """Prepare every file once and check every expression; nothing is written to the database."""
    connection = in_memory()
    prepared: dict[tuple[Path, ReadOptions], PreparedFile] = {}
    plans = []
    try:
        connection.execute(f"set temp_directory = {sql.text(str(folder))}")
        preparer = Preparer(connection, folder)
        for item in inputs:
            for path in item.files:
                if (path, item.read) not in prepared:
                    progress(f"looking at {path}")
                    prepared[path, item.read] = _prepared(preparer, path, item)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        for number, item in enumerate(inputs):
            plans.append(
                plan(
                    connection,
                    number=number,
                    table=source.table(item.table),
                    source=item,
                    files=[prepared[path, item.read] for path in item.files],
                )
            )
    finally:
        connection.close()
    return plans


def _prepared(preparer: Preparer, path: Path, item: Input) -> PreparedFile:
    try:
        return preparer.prepare(path, item.read)
    except LoadError as error:
        if item.where == str(path):
            raise
        raise LoadError(f"{item.where}: {error}") from error


def _lock_down(connection: DuckDBPyConnection, folder: Path, plans: Sequence[Plan]) -> None:
    """Let expressions see the load's own files and nothing else on this machine."""
    paths = [file.path for plan in plans for file in plan.files]
    # The engine asks for a file both as it is written and as it is found.
    readable = dict.fromkeys(str(path.absolute()) for path in paths)
    readable |= dict.fromkeys(map(sql.file_name, paths))
    folders = list(dict.fromkeys([str(folder.absolute()), sql.file_name(folder)]))
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("set enable_progress_bar = false")  # the engine's own goes to stdout
    connection.execute(f"set temp_directory = {sql.text(str(folder / 'spill'))}")
    connection.execute(f"set allowed_paths = {sql.texts(list(readable))}")
    connection.execute(f"set allowed_directories = {sql.texts(folders)}")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _write(
    connection: DuckDBPyConnection,
    source: RawSource,
    plans: Sequence[Plan],
    *,
    limit: Limit,
    append: bool,
    dry_run: bool,
    progress: Progress,
) -> tuple[TableResult, ...]:
    connection.execute("begin transaction")
    stages, results = [], []
    fed = [table for table in source.tables if any(p.table is table for p in plans)]
    for number, table in enumerate(fed):
        progress(f"reading {table.name}")
        own = [plan for plan in plans if plan.table is table]
        stage = Stage(connection=connection, schema=source.schema, table=table, number=number)
        _fill(stage, own)
        stages.append(stage)
        results.append(_result(stage, own, limit))
    if dry_run:
        connection.execute("rollback")
        return tuple(results)
    progress("writing")
    failed = any(result.is_over_limit for result in results)
    if not failed:
        for table in source.tables:
            _create_missing(connection, source.schema, table, check=append and table in fed)
    for number, stage in enumerate(stages):
        if failed:
            stage.discard()
        else:
            lost = () if append else emptied(stage)
            results[number] = replace(results[number], notes=results[number].notes + lost)
            stage.put_into_place(append=append)
        stage.keep_rejects()
    connection.execute("commit")
    return tuple(results)


def _fill(stage: Stage, plans: list[Plan]) -> None:
    try:
        stage.fill(plans)
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        raise LoadError(
            f"{plans[0].input.where}: needs more than {MEMORY_LIMIT} of memory; are its values, or "
            "what an expression makes of them, that long? Else load it in parts, with --append"
        ) from error
    except duckdb.Error as error:
        stage.connection.execute("rollback")
        raise LoadError(_blame(stage.connection, plans, error)) from error


def _blame(connection: DuckDBPyConnection, plans: list[Plan], error: duckdb.Error) -> str:
    """Return which expression failed on which value."""
    for where, query in [probe for item in plans for probe in item.probes()]:
        try:
            connection.execute(query).fetchone()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as failure:
            message = str(failure).splitlines()[0]
            return f"{where}: {message} (try_cast gives null instead of failing)"
    return f"{plans[0].input.where}: {str(error).splitlines()[0]}; {EXPORT_AGAIN}"


def _result(stage: Stage, plans: list[Plan], limit: Limit) -> TableResult:
    groups = _groups(stage, [item for item in plans if item.grouping])
    left_out = groups.filtered_line_count + groups.dropped_line_count if groups else 0
    for single in (item for item in plans if not item.grouping):
        readable = sum(file.row_count for file in single.files)
        left_out += readable - stage.staged_count(single)
    result = TableResult(
        table=stage.table.name,
        file_count=len({file.path for plan in plans for file in plan.files}),
        row_count=sum(plan.row_count for plan in plans),
        loaded_count=stage.loaded_count(),
        left_out_count=left_out,
        reasons=stage.reasons(),
        first_rejects=stage.first_rejects(),
        roundings=stage.roundings(plans),
        is_over_limit=False,
        notes=remarks(stage, plans),
        groups=groups,
    )
    is_over = not limit.allows(result.rejected_count, result.candidate_count)
    return replace(result, is_over_limit=is_over)


def _groups(stage: Stage, plans: list[Plan]) -> GroupCounts | None:
    """Return what the inputs with `one_row_per` made of their lines; None without such inputs."""
    if not plans:
        return None
    counts = [stage.group_counts(plan) for plan in plans]
    rows, lines, dropped_rows, dropped_lines = (sum(parts) for parts in zip(*counts, strict=True))
    broken = sum(file.broken_count for plan in plans for file in plan.files)
    line_count = sum(plan.row_count for plan in plans)
    return GroupCounts(
        line_count=line_count,
        row_count=rows,
        filtered_line_count=line_count - broken - lines - dropped_lines,
        dropped_row_count=dropped_rows,
        dropped_line_count=dropped_lines,
        broken_count=broken,
    )


def _create_missing(
    connection: DuckDBPyConnection, schema: str, table: RawTable, *, check: bool
) -> None:
    """Create a raw table that is not there yet, empty and typed."""
    final = f"{sql.name(schema)}.{sql.name(table.name)}"
    columns = ", ".join(f"{sql.name(c.name)} {c.data_type}" for c in table.columns)
    connection.execute(f"create table if not exists {final} ({columns})")
    if check:
        described = connection.execute(f"describe {final}").fetchall()
        declared = [column.name for column in table.columns]
        if [row[0] for row in described] != declared:
            raise LoadError(
                f"{schema}.{table.name} in the database has other columns than declared; "
                "load it once without --append"
            )
