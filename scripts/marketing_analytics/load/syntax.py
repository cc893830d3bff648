"""Takes the text of an expression apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.model import LoadError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def select_item(connection: DuckDBPyConnection, expression: str, where: str) -> dict[str, Any]:
    """Return the syntax tree of an expression.

    Raises:
        LoadError: the text is none, or more than one.
    """
    # The line end keeps a trailing comment from swallowing the bracket.
    query = sql.text(f"select (\n{expression}\n)")
    try:
        row = connection.execute(f"select json_serialize_sql({query})").fetchone()
    except duckdb.Error as error:
        raise LoadError(f"{where}: {str(error).splitlines()[0]}") from error
    parsed = json.loads(row[0]) if row else {}
    if parsed.get("error", True):
        raise LoadError(f"{where}: not an expression: {parsed.get('error_message', expression)}")
    statements = parsed["statements"]
    node = statements[0]["node"] if len(statements) == 1 else {}
    is_single = (
        node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not any(node.get(part) for part in ("where_clause", "having", "qualify", "modifiers"))
        and not any(node.get(part) for part in ("group_expressions", "sample"))
        and not node["cte_map"]["map"]
    )
    if not is_single:
        raise LoadError(f"{where}: must be one expression over the file's columns: {expression}")
    item: dict[str, Any] = node["select_list"][0]
    return item


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a syntax tree."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def written(connection: DuckDBPyConnection, item: dict[str, Any]) -> str:
    """Return the text of a part of a syntax tree."""
    query = sql.text("select 0")
    row = connection.execute(f"select json_serialize_sql({query})").fetchone()
    tree = json.loads(row[0]) if row else {}
    tree["statements"][0]["node"]["select_list"] = [item]
    back = f"select json_deserialize_sql({sql.text(json.dumps(tree))}::json)"
    row = connection.execute(back).fetchone()
    return str(row[0]).removeprefix("SELECT ") if row else ""
