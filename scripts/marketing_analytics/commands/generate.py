"""`mktg generate`: synthetic raw data."""

from __future__ import annotations

from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from marketing_analytics.console import stderr, stdout
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.generate.files import seed_files, write
from marketing_analytics.generate.registry import generator
from marketing_analytics.generate.request import DEFAULT_AS_OF, DEFAULT_SEED, Request
from marketing_analytics.project import project_dir
from marketing_analytics.raw_schema import raw_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from marketing_analytics.generate.files import Format


@click.command()
@click.argument("source")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the files.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Other data.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=DEFAULT_AS_OF.isoformat(),
    show_default=True,
    help="Last day of the data.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="Length of the period.")
@click.option(
    "--scale",
    type=click.FloatRange(0, 100_000, min_open=True),
    default=1.0,
    show_default=True,
    help="Traffic relative to the sample; fractions are allowed.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("--seeds", is_flag=True, help="Refresh the project's sample; takes no other option.")
@click.pass_context
def generate(
    context: click.Context,
    *,
    source: str,
    output: Path | None,
    seed: int,
    as_of: datetime,
    days: int | None,
    scale: float,
    file_format: Format,
    force: bool,
    seeds: bool,
) -> None:
    """Write synthetic raw data of SOURCE, one file per table.

    The same options give the same bytes.
    """
    project = project_dir()
    declared = raw_source(project, source)
    makes = generator(source)
    if not isfinite(scale):
        raise MarketingAnalyticsError("--scale is not a number; try --scale 1")
    request = Request(seed=seed, as_of=as_of.date(), days=days or makes.default_days, scale=scale)
    if as_of.date().toordinal() < request.days:
        raise MarketingAnalyticsError("--days reaches back before the year 1; ask for fewer")
    if seeds:
        _refuse_other_options(context)
        folder, prefix = seed_files(project, source)
    elif output is not None:
        folder, prefix = output, ""
    else:
        raise MarketingAnalyticsError("name a folder for the files: --output data/raw")
    with _progress() as progress:
        files = write(
            declared,
            makes,
            request,
            folder=folder,
            file_format=file_format,
            prefix=prefix,
            overwrite=force or seeds,
            progress=progress,
        )
    for file in files:
        stdout.print(f"{file.row_count:>12,}  {file.path}", soft_wrap=True, markup=False)


def _refuse_other_options(context: click.Context) -> None:
    """Keep the seeds what they are: the default data."""
    given = [
        f"--{name.replace('_', '-').removeprefix('file-')}"
        for name in context.params
        if name not in ("source", "seeds")
        and context.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    if given:
        raise MarketingAnalyticsError(
            f"--seeds takes no other option; leave out {', '.join(given)}"
        )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows the current step, on a terminal only."""
    if not stderr.is_terminal:
        yield lambda step: None
        return
    with stderr.status("") as status:
        yield status.update
