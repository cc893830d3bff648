"""Checks the SQL expressions of a mapping before they see any data."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.aggregates import aggregates, check_aggregates, engine_functions
from marketing_analytics.load.conversion import blank_to_null
from marketing_analytics.load.model import LoadError
from marketing_analytics.load.syntax import select_item, walk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORBIDDEN = {
    "SUBQUERY": "a query inside the expression",
    "STAR": "`*` or columns()",
    "PARAMETER": "a parameter",
    "POSITIONAL_REFERENCE": "a position such as #1",
    "DEFAULT": "default",
}
# The engine calls some of them constant; without brackets some look like columns.
CLOCK = {
    "ago",
    "current_date",
    "current_localtime",
    "current_localtimestamp",
    "current_time",
    "current_timestamp",
    "get_current_time",
    "get_current_timestamp",
    "localtime",
    "localtimestamp",
    "now",
    "pg_conf_load_time",
    "pg_postmaster_start_time",
    "today",
    "transaction_timestamp",
}
MACHINE = {
    "current_catalog",
    "current_connection_id",
    "current_database",
    "current_query",
    "current_query_id",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_transaction_id",
    "current_user",
    "format_type",
    "get_block_size",
    "getenv",
    "getvariable",
    "in_search_path",
    "pg_get_constraintdef",
    "pg_get_viewdef",
    "session_user",
    "txid_current",
    "user",
    "version",
}
ACTIONS = {
    "assert_true",
    "currval",
    "error",
    "nextval",
    "pg_sleep",
    "setseed",
    "setval",
    "sleep_ms",
    "write_log",
}
# They give another value on every run.
CHANGING = "stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
NESTED = ("STRUCT", "TUPLE", "MAP", "UNION")
# A list would become several rows.
ROW_MAKERS = {"unnest", "generate_subscripts", "unlist"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A checked expression: its SQL, the type of its result, whether it looks at other rows."""

    sql: str
    data_type: str
    has_window: bool = False
    has_aggregate: bool = False
    has_column: bool = True


def column_expression(column: str, columns: Sequence[tuple[str, str]], where: str) -> Expression:
    """Return the expression for a column of the file, whatever the case of its letters.

    Raises:
        LoadError: the file has no such column.
    """
    for known, data_type in columns:
        if known.lower() == column.strip().lower():
            return Expression(sql=sql.name(known), data_type=data_type)
    raise LoadError(unknown_column(column, [known for known, _ in columns], where))


def unknown_column(column: str, known: Sequence[str], where: str) -> str:
    """Return a message that names the closest column and all known ones."""
    lowered = {name.lower(): name for name in known}
    close = difflib.get_close_matches(column.lower(), lowered, n=1, cutoff=0.6)
    hint = f"; did you mean {lowered[close[0]]!r}?" if close else "."
    return f"{where}: no column {column!r} in the file{hint} It has: {', '.join(known)}"


def checked_expression(
    connection: DuckDBPyConnection,
    expression: str,
    columns: Sequence[tuple[str, str]],
    where: str,
    keys: Sequence[str] | None = None,
) -> Expression:
    """Return an expression that is one value per row over the columns of the file.

    With `keys`, those of a group, it may also be one value per group, by aggregates.

    Raises:
        LoadError: it is none, or names a column that is not there.
    """
    if not expression.strip():
        raise LoadError(f"{where}: the expression is empty")
    nodes = list(walk(select_item(connection, expression, where)))
    for node in nodes:
        if node.get("class") in FORBIDDEN:
            raise LoadError(f"{where}: {FORBIDDEN[node['class']]} is not allowed in an expression")
    known = [column for column, _ in columns]
    _refuse_functions(_functions(nodes, known), where)
    _check_columns(nodes, known, where)
    has_window = any(node.get("class") == "WINDOW" for node in nodes)
    found = aggregates(nodes) if keys is not None else []
    if keys is not None and has_window:
        raise LoadError(f"{where}: `over (…)` means nothing in an input with `one_row_per`")
    if found:
        check_aggregates(connection, found, columns, where)
    data_type = _bound_type(connection, expression, columns, where, keys if found else None)
    if data_type.startswith(NESTED) or data_type.endswith("]"):
        raise LoadError(
            f"{where}: gives several values at once ({data_type.split('(')[0]}), and a column "
            f"holds one: {expression.strip()}"
        )
    bracketed = f"(\n{expression}\n)"
    return Expression(
        sql=blank_to_null(bracketed) if data_type == "VARCHAR" else bracketed,
        data_type=data_type,
        has_window=has_window,
        has_aggregate=bool(found),
        has_column=any(node.get("class") == "COLUMN_REF" for node in nodes),
    )


def _functions(nodes: list[dict[str, Any]], columns: list[str]) -> set[str]:
    """Return the functions that an expression calls, those that need no brackets included."""
    lowered = {column.lower() for column in columns}
    found = set()
    for node in nodes:
        function = str(node.get("function_name")).lower()
        arguments = node.get("arguments") or node.get("children") or ()
        # With one argument, age() counts from it to today.
        found.add("today" if function == "age" and len(arguments) == 1 else function)
        if node.get("class") == "COLUMN_REF" and len(node["column_names"]) == 1:
            found |= ({str(node["column_names"][0]).lower()} & CLOCK) - lowered
    return found


def _refuse_functions(used: set[str], where: str) -> None:
    for function in sorted(used & MACHINE):
        raise LoadError(
            f"{where}: {function}() looks at this machine or its settings, not at the file; "
            "that is not allowed in an expression"
        )
    for function in sorted(used & ACTIONS):
        raise LoadError(
            f"{where}: {function}() does something instead of giving a value; "
            "that is not allowed in an expression"
        )
    for function in sorted(used & (CLOCK | engine_functions(CHANGING))):
        raise LoadError(
            f"{where}: {function}() gives another value on every run; "
            "a load gives the same rows for the same files"
        )
    for function in sorted(used & ROW_MAKERS):
        raise LoadError(f"{where}: {function}() makes several rows of one; that is not possible")


def _check_columns(nodes: list[dict[str, Any]], known: list[str], where: str) -> None:
    lowered = {column.lower() for column in known}
    for node in nodes:
        if node.get("class") == "LAMBDA":
            lowered |= {
                str(part["column_names"][0]).lower()
                for part in walk(node.get("lhs"))
                if part.get("class") == "COLUMN_REF"
            }
    for node in nodes:
        if (
            node.get("class") == "COLUMN_REF"
            and str(node["column_names"][0]).lower() not in lowered
        ):
            raise LoadError(unknown_column(str(node["column_names"][0]), known, where))


def _bound_type(
    connection: DuckDBPyConnection,
    expression: str,
    columns: Sequence[tuple[str, str]],
    where: str,
    keys: Sequence[str] | None,
) -> str:
    # The line number beside it: an aggregate of the whole file is no value per row.
    beside, group_by = sql.LINE, ""
    if keys is not None:
        beside, group_by = "0", f" group by {', '.join(keys)}" if keys else ""
    try:
        described = connection.execute(
            f"describe select {beside}, (\n{expression}\n) as bound "
            f"from {sql.typed_row(columns)}{group_by}"
        ).fetchall()
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        if keys is not None and "GROUP BY" in message:
            message = (
                "a column stands outside of an aggregate and is not in `one_row_per`: "
                f"{expression.strip()}"
            )
        elif sql.LINE.strip('"') in message or "GROUP BY" in message:
            message = "an aggregate needs `over (…)`, so that every row has a value"
        raise LoadError(f"{where}: {message}") from error
    return str(described[1][1])
