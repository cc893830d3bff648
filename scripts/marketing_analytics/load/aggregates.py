"""Checks the aggregates in an expression over a group of lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.model import LoadError
from marketing_analytics.load.syntax import walk, written
from marketing_analytics.load.values import FLOATS
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AGGREGATE = "function_type = 'aggregate'"
ADDING = ("sum", "avg", "mean")
# The order in which the engine meets the lines of a group is not that of the file.
WITHOUT_ORDER = {
    *ADDING,
    *("min", "max", "count", "count_star", "count_if", "countif", "bool_and", "bool_or"),
    *("median", "quantile_cont", "quantile_disc", "bit_and", "bit_or"),
}


def aggregates(nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes of a syntax tree that are aggregates."""
    return [
        node
        for node in nodes
        if node.get("class") == "FUNCTION"
        and str(node.get("function_name")).lower() in engine_functions(AGGREGATE)
    ]


def check_aggregates(
    connection: DuckDBPyConnection,
    found: Sequence[dict[str, Any]],
    columns: Sequence[tuple[str, str]],
    where: str,
) -> None:
    """Refuse aggregates that need not give the same value for the same lines.

    Raises:
        LoadError: there is one.
    """
    for node in found:
        function = str(node["function_name"]).lower()
        if function not in WITHOUT_ORDER:
            raise LoadError(
                f"{where}: {function}() may depend on the order of the lines, or is not exact; use "
                "sum, min, max, count, avg or median, or `take: first` and the like instead of sql"
            )
        arguments = node.get("arguments") or node.get("children") or []
        if function in ADDING and _is_floating(connection, arguments, columns):
            raise LoadError(
                f"{where}: {function}() of numbers with a floating point depends on the order of "
                "the lines; make them exact: try_cast(… as decimal(18, 4))"
            )


def _is_floating(
    connection: DuckDBPyConnection, arguments: list[Any], columns: Sequence[tuple[str, str]]
) -> bool:
    # Newer engines put a name beside each argument.
    item = next((node for node in walk(arguments) if "class" in node), None)
    if item is None:
        return False
    query = f"describe select {written(connection, item)} from {sql.typed_row(columns)}"
    try:
        described = connection.execute(query).fetchall()
    except duckdb.Error:
        return False  # the whole expression says better what is wrong
    return str(described[0][1]) in FLOATS


@cache
def engine_functions(condition: str) -> frozenset[str]:
    """Return the names of the engine's functions for which a condition holds."""
    connection = in_memory()
    try:
        rows = connection.execute(
            f"select distinct lower(function_name) from duckdb_functions() where {condition}"
        ).fetchall()
    finally:
        connection.close()
    return frozenset(row[0] for row in rows)
