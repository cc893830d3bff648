"""`scripts/engines/warehouses`: the models on warehouses that a laptop cannot start."""

from __future__ import annotations

import sys

import click

from marketing_analytics.dbt import dbt_worker
from marketing_analytics.engines.warehouses.check import WAREHOUSES
from marketing_analytics.engines.warehouses.check import check as check_warehouse
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, database_path, project_dir

FOUND, CANNOT_DO = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def warehouses() -> None:
    """Check the models on warehouses without any connection."""


@warehouses.command()
@click.argument("names", nargs=-1, type=click.Choice(WAREHOUSES))
@click.option(
    "--from",
    "target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="The DuckDB target to compare with.",
)
def check(names: tuple[str, ...], target: str) -> None:
    """Compile every model and data test, run them, compare every model with DuckDB's.

    NAMES are the warehouses, all of them by default. Exit code 1 if anything differs.
    """
    folder = project_dir() / "target" / "engines" / "warehouses"
    has_findings = False
    with dbt_worker(project_dir()) as worker:
        for name in names or WAREHOUSES:
            checked = check_warehouse(
                name,
                database_path(target),
                worker,
                folder,
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


if __name__ == "__main__":
    try:
        warehouses()
    except MarketingAnalyticsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(CANNOT_DO)
