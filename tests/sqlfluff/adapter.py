"""Stand-in for dbt's `adapter` when sqlfluff renders a model: dispatches to the DuckDB macros."""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined


@pass_context
def dispatch(context: Context, macro: str, package: str) -> Any:
    """Return the macro's DuckDB form, else its default, as dbt does on DuckDB."""
    for prefix in ("duckdb__", "default__"):
        found = context.resolve(prefix + macro)
        if not isinstance(found, Undefined):
            return found
    raise LookupError(f"no macro duckdb__{macro} or default__{macro}")
