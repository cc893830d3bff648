"""Times the models of marketing on DuckDB and on a Spark cluster of this machine, as data grow.

    .venv/bin/python scripts/benchmarks/engines.py --scale 450 --scale 4500

A scale of 450 gives about a million sessions. Each scale is generated, loaded into DuckDB, built
there and on the cluster, whose two workers have a core each, and the marts are compared: row by row
where they are small, else by their number of rows. Prints wall seconds, so nothing else should run.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.programs import PROJECT
from marketing_analytics.engines import cluster, spark
from marketing_analytics.engines.compare import differences
from marketing_analytics.engines.marts import IN_THE_CATALOG, read_tables
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from marketing_analytics.engines.cluster import Cluster

BIN = Path(sys.executable).parent
SMALL = 100_000  # rows of a mart that is compared row by row
VARS = ("--quiet", "--vars", "{marketing_materialized: table, domains: [marketing]}")
MODELS = (
    *("build", *VARS, "--select", "+path:models/marts/marketing"),
    *("--exclude-resource-type", "test", "unit_test"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one scale took: wall seconds per engine, and the marts that were compared."""

    sessions: int
    duckdb: float
    copied: float
    spark: float
    compared: str


def main() -> None:
    """Run the scales that the command line names and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, action="append", required=True)
    parser.add_argument("--memory", default="6g", help="per worker")
    arguments = parser.parse_args()
    size = cluster.Size(memory=arguments.memory, driver_memory="3g")
    with tempfile.TemporaryDirectory() as work:
        results = [_measured(Path(work) / f"{s:g}", s, size) for s in sorted(arguments.scale)]
    print(f"{'sessions':>12} {'duckdb s':>9} {'copy s':>7} {'spark s':>8} {'ratio':>6}  marts")
    for one in results:
        print(
            f"{one.sessions:>12,} {one.duckdb:>9.1f} {one.copied:>7.1f} {one.spark:>8.1f} "
            f"{one.spark / one.duckdb:>6.1f}  {one.compared}"
        )
    for before, after in itertools.pairwise(results):
        growth = math.log(after.sessions / before.sessions)
        print(
            f"growth from {before.sessions:,} to {after.sessions:,}: time as sessions to the power "
            f"{math.log(after.duckdb / before.duckdb) / growth:.2f} on DuckDB, "
            f"{math.log(after.spark / before.spark) / growth:.2f} on Spark"
        )


def _measured(folder: Path, scale: float, size: cluster.Size) -> Result:
    folder.mkdir()
    environment = os.environ | {"MKTG_DATABASE_DIR": str(folder)}
    raw = folder / "files"
    _run("mktg", "generate", "marketing_raw", *("--output", str(raw), "--scale", f"{scale:g}"),
         *("--format", "parquet"), environment=environment)  # fmt: skip
    _run("mktg", "load", "marketing_raw", "--from", str(raw), environment=environment)
    duckdb_seconds = _built(folder, "local", environment)
    running = cluster.start(folder / "spark", size)
    try:
        began = time.monotonic()
        source = raw_source(PROJECT, "marketing_raw")
        database = folder / "local.duckdb"
        counts = spark.copy_raw_tables(database, running, folder / "raw", [source])
        copied = time.monotonic() - began
        spark_seconds = _built(folder, "spark", environment | running.environment())
        compared = _compared(database, running)
    finally:
        cluster.stop(folder / "spark")
    return Result(
        sessions=counts["marketing_raw.sessions"],
        duckdb=duckdb_seconds,
        copied=copied,
        spark=spark_seconds,
        compared=compared,
    )


def _built(folder: Path, target: str, environment: dict[str, str]) -> float:
    """Build the models and return the wall seconds; the project's files are read before."""
    place = str(folder / f"dbt_{target}")
    places = ("--target", target, "--target-path", place, "--log-path", place)
    _run("dbt", "parse", *VARS, *places, environment=environment)
    return _run("dbt", *MODELS, *places, environment=environment)


def _run(command: str, *arguments: str, environment: dict[str, str]) -> float:
    """Run a command of the project and return its wall seconds."""
    began = time.monotonic()
    subprocess.run([str(BIN / command), *arguments], cwd=PROJECT, env=environment, check=True)
    return time.monotonic() - began


def _compared(database: Path, running: Cluster) -> str:
    """Say that the marts are alike; end where they are not."""
    connection = connect(database, read_only=True)
    names = [name for (name,) in connection.execute(IN_THE_CATALOG).fetchall()]
    small, large = [], 0
    with spark.connected(running) as cursor:
        for name in names:
            counts = []
            for engine in (connection, cursor):
                engine.execute(f"select count(*) from {name}")
                counts.append(int(engine.fetchall()[0][0]))
            if counts[0] != counts[1]:
                sys.exit(f"{name}: {counts[0]:,} rows on DuckDB, {counts[1]:,} on Spark")
            large += counts[0] > SMALL
            small += [name] if counts[0] <= SMALL else []
        lines = differences(read_tables(connection, small), spark.typed_tables(cursor, small))
    connection.close()
    if lines:
        sys.exit("\n".join(lines[:20]))
    return f"{len(small)} alike row by row, {large} by their number of rows"


if __name__ == "__main__":
    main()
