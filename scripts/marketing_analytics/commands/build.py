"""`mktg build`: run `dbt build` and print the answers."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from marketing_analytics.build_vars import check_vars
from marketing_analytics.commands.answers import print_answers
from marketing_analytics.console import stderr
from marketing_analytics.dbt import DbtRun, run_dbt
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="sample, or local for own data.",
)
@click.option(
    "--unit-tests", is_flag=True, help="Also run the unit tests, whose rows are always the same."
)
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(target: str, unit_tests: bool, dbt_arguments: tuple[str, ...]) -> None:
    """Build and test every model, then print the answers.

    DBT_ARGUMENTS are passed on to `dbt build`, such as --vars or --select.
    """
    check_vars(project_dir(), dbt_arguments)
    # Says in one line who holds the file; dbt would say it in a traceback.
    connect(database_path(target)).close()
    excluded = () if unit_tests else ("--exclude-resource-type", "unit_test")
    run = _run(("build", "--target", target, *excluded, *dbt_arguments))
    if run.error is not None:  # dbt has said on stdout what it is
        sys.exit(2)
    if not run.success:
        sys.exit(1)
    print_answers(target)


def _run(arguments: Sequence[str]) -> DbtRun:
    """Run dbt; where it is quiet on a terminal, show that something goes on."""
    is_silent = stderr.is_terminal and {"--quiet", "-q"} & set(arguments)
    with stderr.status("building and testing every model") if is_silent else nullcontext():
        return run_dbt(project_dir(), arguments)
