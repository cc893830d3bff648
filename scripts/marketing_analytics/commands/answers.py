"""`mktg answers`: print what the marts say."""

from __future__ import annotations

import click

from marketing_analytics.answers.collect import collect
from marketing_analytics.answers.render import render
from marketing_analytics.console import stdout
from marketing_analytics.project import TARGETS, database_path
from marketing_analytics.warehouse import connect


@click.command()
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="sample, or local for own data.",
)
def answers(target: str) -> None:
    """Print which campaigns leak where, who buys what, and what customers bring in."""
    print_answers(target)


def print_answers(target: str) -> None:
    """Print the answers of a built target to stdout."""
    connection = connect(database_path(target), read_only=True)
    try:
        found = collect(connection)
    finally:
        connection.close()
    for part in render(found, width=stdout.width):
        stdout.print(part)
