"""A query by hand as a model of SQLMesh; run by a Python that has it.

Imports nothing else but own_use.py. argv: the mart, a file with its query, the database, the file
for the answer. Prints what it used as JSON.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from own_use import megabytes, tell, timed  # beside this file, where Python looks first

SCHEMA = "bench_sqlmesh"


def build(mart: str, query: str, database: Path, folder: Path) -> Any:
    """Plan and apply a project of one model; return its context."""
    from sqlmesh import Context  # noqa: PLC0415
    from sqlmesh.core.config import (  # noqa: PLC0415
        Config,
        DuckDBConnectionConfig,
        GatewayConfig,
        ModelDefaultsConfig,
    )
    from sqlmesh.core.dialect import parse  # noqa: PLC0415
    from sqlmesh.core.model import load_sql_based_model  # noqa: PLC0415

    gateway = GatewayConfig(
        connection=DuckDBConnectionConfig(catalogs={"local": str(database)}),
        state_connection=DuckDBConnectionConfig(database=str(folder / "state.duckdb")),
    )
    context = Context(
        paths=str(folder),
        config=Config(
            gateways={"local": gateway},
            default_gateway="local",
            model_defaults=ModelDefaultsConfig(dialect="duckdb", start="2024-01-01"),
        ),
    )
    told = f"MODEL (name {SCHEMA}.{mart}, kind FULL);\n{query}"
    context.upsert_model(
        load_sql_based_model(
            parse(told, default_dialect="duckdb"),
            path=folder / "models" / f"{mart}.sql",
            default_catalog="local",
            dialect="duckdb",
        )
    )
    context.plan(auto_apply=True, no_prompts=True, skip_tests=True)
    return context


def main() -> None:
    """Answer, write, and say what it used; leave the database as it was."""
    mart, query, database, answer = sys.argv[1:]
    # What SQLMesh tells of its plan is not what this program tells.
    with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory() as folder:
        __import__("sqlmesh.core.model")  # which is no part of the answer
        context, used = timed(
            lambda: build(mart, Path(query).read_text(), Path(database), Path(folder))
        )
        file = answer.replace("'", "''")
        engine = context.engine_adapter
        engine.execute(f"copy (select * from {SCHEMA}.{mart}) to '{file}' (format parquet)")
        for schema in (SCHEMA, f"sqlmesh__{SCHEMA}"):
            engine.execute(f"drop schema if exists {schema} cascade")
        context.close()
    tell(cpu_seconds=used["cpu_seconds"], megabytes=megabytes())


if __name__ == "__main__":
    main()
