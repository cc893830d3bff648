"""`mktg docs`: the docs site as one file."""

from __future__ import annotations

from pathlib import Path

import click

from marketing_analytics.console import stderr, stdout
from marketing_analytics.docs_site import write_docs_site
from marketing_analytics.project import TARGETS, project_dir


@click.command()
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="sample, or local for own data.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; target/docs.html by default.",
)
def docs(target: str, output: Path | None) -> None:
    """Write the docs site: what every table and column means, as one HTML file.

    It shows tables, columns, tests, metrics, example questions and lineage, and opens offline.
    """
    project = project_dir()
    path = output or project / "target" / "docs.html"
    with stderr.status("describing every table"):
        write_docs_site(project, target, path)
    stdout.print(f"Docs site: {path}", soft_wrap=True, highlight=False, markup=False)
