"""`scripts/engines/postgres`: a server for trying the models, from start to comparison."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from marketing_analytics.engines import postgres as engine
from marketing_analytics.engines.compare import differences
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.raw_schema import raw_sources
from marketing_analytics.warehouse import connect

FOUND, CANNOT_DO = 1, 2

raw_from = click.option(
    "--from",
    "target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="The DuckDB target beside it.",
)


def _folder() -> Path:
    return project_dir() / "target" / "engines" / "postgres"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def postgres() -> None:
    """A PostgreSQL server of the project's own, in target/engines/postgres."""


@postgres.command()
@raw_from
def start(target: str) -> None:
    """Start it, copy the raw tables of a DuckDB target, print what dbt has to know."""
    server = engine.start(_folder())
    origin = connect(database_path(target), read_only=True)
    try:
        counts = engine.copy_raw_tables(origin, server, raw_sources(project_dir()).values())
    finally:
        origin.close()
    click.echo(f"copied {sum(counts.values()):,} rows of {len(counts)} raw tables", err=True)
    for name, value in server.environment().items():
        click.echo(f"export {name}={shlex.quote(value)}")


@postgres.command()
@raw_from
def compare(target: str) -> None:
    """Compare every mart with the same mart of a DuckDB target; exit code 1 if any differs."""
    server = engine.start(_folder())
    origin = connect(database_path(target), read_only=True)
    try:
        expected, found = engine.duckdb_marts(origin), engine.marts(server)
    finally:
        origin.close()
    lines = differences(expected, found)
    click.echo("\n".join(lines) or f"{len(found)} marts are alike")
    if lines:
        sys.exit(FOUND)


@postgres.command()
def stop() -> None:
    """Stop it; its data stay in target/engines/postgres."""
    engine.stop(_folder())


if __name__ == "__main__":
    try:
        postgres()
    except MarketingAnalyticsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(CANNOT_DO)
