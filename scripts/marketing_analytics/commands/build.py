"""`mktg build`: run `dbt build` and print the answers."""

from __future__ import annotations

import sys

import click

from marketing_analytics.commands.answers import print_answers
from marketing_analytics.dbt import run_dbt
from marketing_analytics.project import project_dir


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--target", default="sample", show_default=True, help="sample or local (own data).")
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(target: str, dbt_arguments: tuple[str, ...]) -> None:
    """Build and test every model, then print the answers.

    DBT_ARGUMENTS are passed on to `dbt build`, such as --vars or --select.
    """
    run = run_dbt(project_dir(), ("build", "--target", target, *dbt_arguments))
    if run.error is not None:  # dbt has said on stdout what it is
        sys.exit(2)
    if not run.success:
        sys.exit(1)
    print_answers(target)
