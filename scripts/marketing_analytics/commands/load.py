"""The command `mktg load`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from marketing_analytics.console import printable, stderr, stdout
from marketing_analytics.load import Input, LoadError
from marketing_analytics.load import load as load_inputs
from marketing_analytics.load.discovery import expand, inputs_by_name
from marketing_analytics.load.guess import write_first_mapping
from marketing_analytics.load.mapping import read_mapping
from marketing_analytics.load.render import render
from marketing_analytics.project import database_path, project_dir
from marketing_analytics.raw_schema import RawSource, raw_source


@click.command()
@click.argument("source")
@click.option(
    "given", "--from", multiple=True, metavar="PATH", help="File, folder or pattern; repeatable."
)
@click.option(
    "mapping",
    "--map",
    type=click.Path(path_type=Path),
    help="Mapping file, for files that do not fit.",
)
@click.option("init", "--init", is_flag=True, help="Write a first mapping for the files of --from.")
@click.option(
    "append", "--append", is_flag=True, help="Add rows by key instead of replacing tables."
)
@click.option("dry_run", "--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option(
    "max_rejected",
    "--max-rejected",
    default="0.1%",
    show_default=True,
    metavar="LIMIT",
    help="Rejected rows of a table that are put up with: a share or a number.",
)
@click.option(
    "database",
    "--database",
    type=click.Path(path_type=Path),
    help="DuckDB file; target local's by default.",
)
@click.pass_context
def load(
    context: click.Context,
    *,
    source: str,
    given: tuple[str, ...],
    mapping: Path | None,
    init: bool,
    append: bool,
    dry_run: bool,
    max_rejected: str,
    database: Path | None,
) -> None:
    """Load files into the raw tables of SOURCE, all or nothing; docs/loading.md explains."""
    declared = raw_source(project_dir(), source)
    if init:
        target = mapping or Path(f"{source}_mapping.yml")
        done = write_first_mapping(declared, expand(given), target)
        stdout.print(printable(done), markup=False, soft_wrap=True)
        return
    inputs, notes = _inputs(declared, given, mapping)
    with stderr.status("loading") as status:
        result = load_inputs(
            declared,
            inputs,
            database=database or database_path("local"),
            append=append,
            dry_run=dry_run,
            max_rejected=max_rejected,
            progress=lambda step: status.update(escape(printable(step))),
        )
    for note in notes:
        stdout.print(printable(f"note: {note}"), markup=False, soft_wrap=True)
    render(result, stdout)
    if result.failed:
        context.exit(1)


def _inputs(
    declared: RawSource, given: tuple[str, ...], mapping: Path | None
) -> tuple[list[Input], list[str]]:
    if mapping is not None:
        return read_mapping(mapping, declared, expand(given)), []
    if not given:
        raise LoadError("say with --from where the files are, or with --map how they fit")
    return inputs_by_name(declared, expand(given))
