"""What a load should say about good rows: they may not be what their sender meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from marketing_analytics.load import sql
from marketing_analytics.load.plan import Plan
from marketing_analytics.load.staging import Stage, point_column, pointed_columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The models' vars that pick one of several rows, by the part of the key that tells them apart.
CHOOSING_VARS = {("conversions", "attribution_model"): "conversion_attribution_model"}


def remarks(stage: Stage, plans: Sequence[Plan]) -> tuple[str, ...]:
    """Return notes on a staged table: numbers that may be misread, keys that repeat in part."""
    return (*_thousands(stage, plans), *_repeated_ids(stage), *_broken_lines(stage, plans))


def _thousands(stage: Stage, plans: Sequence[Plan]) -> list[str]:
    columns = pointed_columns(plans)
    if not columns:
        return []
    counts = ", ".join(
        f"count_if({point}), count_if(not {point})" for point in map(point_column, columns)
    )
    rows = _rows(
        stage.connection,
        f"select {sql.INPUT}, {sql.FILE}, {counts} from {stage.name} group by all order by 1, 2",
    )
    files = {plan.number: plan.files for plan in plans}
    return [
        f"{files[row[0]][row[1]].path}: {column}: every number with a point ({row[2 + 2 * i]:,}) "
        "has three digits after it; if it separates thousands, set `decimal` and `thousands` in "
        "the mapping"
        for row in rows
        for i, column in enumerate(columns)
        if row[2 + 2 * i] and not row[3 + 2 * i]
    ]


def _broken_lines(stage: Stage, plans: Sequence[Plan]) -> list[str]:
    grouped = [plan for plan in plans if plan.grouping]
    count = sum(file.broken_count for plan in grouped for file in plan.files)
    if not count:
        return []
    return [
        f"{stage.table.name}: {count:,} lines could not be taken apart; the rows of their groups "
        "are made without them"
    ]


def _repeated_ids(stage: Stage) -> list[str]:
    table = stage.table
    optional = [column for column in table.key if table.column(column).nullable]
    needed = [column for column in table.key if column not in optional]
    if not optional or not needed:
        return []
    row = _rows(
        stage.connection,
        f"select count(*) from (select {', '.join(map(sql.name, needed))} from {stage.name} "
        f"where {sql.ERROR} is null group by all having count(*) > 1)",
    )[0]
    if not row[0]:
        return []
    var = CHOOSING_VARS.get((table.name, optional[0]))
    advice = f"; choose one with the var {var} when you build" if var else ""
    return [f"{table.name}: {row[0]:,} ids appear under several {', '.join(optional)}{advice}"]


def emptied(stage: Stage) -> tuple[str, ...]:
    """Return a note when the rows that a table has now would be replaced with none."""
    if stage.loaded_count():
        return ()
    found = _rows(
        stage.connection,
        "select 1 from information_schema.tables where table_catalog = current_database() "
        f"and table_schema = {sql.text(stage.schema)} "
        f"and table_name = {sql.text(stage.table.name)}",
    )
    count = _rows(stage.connection, f"select count(*) from {stage.final}")[0][0] if found else 0
    return (f"{stage.table.name}: had {count:,} rows and has none now",) if count else ()


def _rows(connection: DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows
