"""`scripts/engines/…`: the models on other engines, from a server's start to the comparison."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from marketing_analytics.dbt import dbt_worker
from marketing_analytics.engines import cluster, postgres, spark
from marketing_analytics.engines.compare import Table, differences
from marketing_analytics.engines.marts import duckdb_marts
from marketing_analytics.engines.warehouses.check import WAREHOUSES, check
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.raw_schema import raw_sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOUND, CANNOT_DO = 1, 2

raw_from = click.option(
    "--from",
    "target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="The DuckDB target beside it.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def engines() -> None:
    """Other engines, with all they keep in target/engines."""


@engines.group("postgres")
def postgres_group() -> None:
    """A PostgreSQL server, in target/engines/postgres."""


@postgres_group.command("start")
@raw_from
def start_postgres(target: str) -> None:
    """Start it, copy the raw tables of a DuckDB target, print what dbt has to know."""
    server = postgres.start(_folder("postgres"))
    sources = raw_sources(project_dir()).values()
    counts = postgres.copy_raw_tables(database_path(target), server, sources)
    _say_started(counts, server.environment())


@postgres_group.command("compare")
@raw_from
def compare_postgres(target: str) -> None:
    """Compare every mart with the same mart of a DuckDB target; exit code 1 if any differs."""
    _compare(target, postgres.marts(postgres.start(_folder("postgres"))))


@postgres_group.command("stop")
def stop_postgres() -> None:
    """Stop it; its data stay in target/engines/postgres."""
    postgres.stop(_folder("postgres"))


@engines.group("spark")
def spark_group() -> None:
    """A Spark cluster of a master, workers and a Thrift server, in target/engines/spark."""


@spark_group.command("start")
@raw_from
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
@click.option("--cores", type=click.IntRange(1), default=1, show_default=True, help="Per worker.")
@click.option("--memory", default="1500m", show_default=True, help="Per worker.")
def start_spark(target: str, workers: int, cores: int, memory: str) -> None:
    """Start it, copy the raw tables of a DuckDB target, print what dbt has to know."""
    size = cluster.Size(workers=workers, cores=cores, memory=memory)
    running = cluster.start(_folder("spark"), size)
    sources = raw_sources(project_dir()).values()
    counts = spark.copy_raw_tables(
        database_path(target), running, _folder("spark") / "raw", sources
    )
    _say_started(counts, running.environment())


@spark_group.command("compare")
@raw_from
def compare_spark(target: str) -> None:
    """Compare every mart with the same mart of a DuckDB target; exit code 1 if any differs."""
    running = cluster.found(_folder("spark"))
    if running is None:
        raise MarketingAnalyticsError(
            "no cluster runs; start one with `scripts/engines/spark start`"
        )
    _compare(target, spark.marts(running))


@spark_group.command("stop")
def stop_spark() -> None:
    """Stop it; its data stay in target/engines/spark."""
    cluster.stop(_folder("spark"))


@engines.group("warehouses")
def warehouses_group() -> None:
    """Check the models on warehouses without any connection."""


@warehouses_group.command("check")
@click.argument("names", nargs=-1, type=click.Choice(WAREHOUSES))
@raw_from
def check_warehouses(names: tuple[str, ...], target: str) -> None:
    """Compile every model and data test, run them, compare every model with DuckDB's.

    NAMES are the warehouses, all of them by default. Exit code 1 if anything differs.
    """
    has_findings = False
    with dbt_worker(project_dir()) as worker:
        for name in names or WAREHOUSES:
            checked = check(
                name,
                database_path(target),
                worker,
                _folder("warehouses"),
                say=lambda text: click.echo(text, err=True),
            )
            for finding in checked.findings:
                click.echo(str(finding))
            has_findings = has_findings or bool(checked.findings)
            if not checked.findings:
                click.echo(
                    f"{name}: {checked.model_count} models are alike, "
                    f"{checked.test_count} tests pass"
                )
    if has_findings:
        sys.exit(FOUND)


def _folder(engine: str) -> Path:
    return project_dir() / "target" / "engines" / engine


def _say_started(counts: Mapping[str, int], environment: Mapping[str, str]) -> None:
    click.echo(f"copied {sum(counts.values()):,} rows of {len(counts)} raw tables", err=True)
    for name, value in environment.items():
        click.echo(f"export {name}={shlex.quote(value)}")


def _compare(target: str, found: Mapping[str, Table]) -> None:
    lines = differences(duckdb_marts(database_path(target)), found)
    click.echo("\n".join(lines) or f"{len(found)} marts are alike")
    if lines:
        sys.exit(FOUND)


if __name__ == "__main__":
    try:
        engines()
    except MarketingAnalyticsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(CANNOT_DO)
