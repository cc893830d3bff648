"""A query by hand as a model of SQLMesh; run by a Python that has it, and imports nothing else.

argv: the mart, a file with its query, the database, the file for the answer.
Prints what it used as JSON.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = "bench_sqlmesh"
MODEL = "MODEL (name {schema}.{mart}, kind FULL);\n{query}"


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
    told = MODEL.format(schema=SCHEMA, mart=mart, query=query)
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
    with _quiet():
        __import__("sqlmesh.core.model")  # which is no part of the answer
        with tempfile.TemporaryDirectory() as folder:
            cpu, wall = time.process_time(), time.perf_counter()
            context = build(mart, Path(query).read_text(), Path(database), Path(folder))
            used = {
                "cpu_seconds": time.process_time() - cpu,
                "wall_seconds": time.perf_counter() - wall,
            }
            file = answer.replace("'", "''")
            engine = context.engine_adapter
            engine.execute(f"copy (select * from {SCHEMA}.{mart}) to '{file}' (format parquet)")
            for schema in (SCHEMA, f"sqlmesh__{SCHEMA}"):
                engine.execute(f"drop schema if exists {schema} cascade")
            context.close()
    used["megabytes"] = _peak_kilobytes() / 1024
    print(json.dumps(used))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what SQLMesh tells of its plan out of what this program tells."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _peak_kilobytes() -> int:
    """Return the peak of this program's own memory; getrusage may know its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
