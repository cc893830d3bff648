"""`mktg bench`: what each mart costs beside the query that an expert writes by hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketing_analytics.bench import baseline as baselines
from marketing_analytics.bench.data import SOURCES_OF
from marketing_analytics.bench.render import (
    as_json,
    growth_table,
    markdown,
    peers_table,
    size_table,
)
from marketing_analytics.bench.run import Asked, check, run
from marketing_analytics.console import stderr, stdout
from marketing_analytics.project import project_dir

if TYPE_CHECKING:
    from marketing_analytics.bench.baseline import Worse
    from marketing_analytics.bench.facts import Bench, Size

FOUND = 1
PATH = click.Path(path_type=Path)


@click.command()
@click.option(
    "--rows",
    type=click.IntRange(min=10_000),
    multiple=True,
    default=(1_000_000,),
    show_default=True,
    help="Sessions, orders or purchases of the made data; repeatable.",
)
@click.option(
    "--domain",
    "domains",
    type=click.Choice(tuple(SOURCES_OF)),
    multiple=True,
    help="Domain whose marts are measured; repeatable, all by default.",
)
@click.option("--mart", "marts", multiple=True, help="Mart that is measured; repeatable.")
@click.option(
    "--pairs",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often each is answered by the project and by hand; short ones more often.",
)
@click.option(
    "--builds",
    type=click.IntRange(min=1),
    help="How often all are built together, by default as often as --pairs. In every second one "
    "the queries by hand come first: an even number favours nobody.",
)
@click.option("--memory", is_flag=True, help="Also the peak of memory, a process per answer.")
@click.option("--peers", is_flag=True, help="Also pandas, polars and SQLMesh, where they apply.")
@click.option(
    "--baseline", type=PATH, help="Baseline: measures what it has, exits with 1 if worse."
)
@click.option("--accept", type=PATH, metavar="BASELINE", help="Baseline that takes these ratios.")
@click.option("--output", type=PATH, help="Folder for bench.md, bench.json and bench.svg.")
@click.option("--data", type=PATH, help="Folder where data are kept; target/bench by default.")
def bench(
    *,
    rows: tuple[int, ...],
    domains: tuple[str, ...],
    marts: tuple[str, ...],
    pairs: int,
    builds: int | None,
    memory: bool,
    peers: bool,
    baseline: Path | None,
    accept: Path | None,
    output: Path | None,
    data: Path | None,
) -> None:
    """Time every mart beside a query written by hand for its question alone.

    Both answer in turns in one process; their answers are compared first. MKTG_MEMORY_LIMIT limits
    DuckDB's memory as it does in a build.
    """
    project = project_dir()
    asked = Asked(
        rows=rows,
        domains=domains,
        marts=marts,
        pairs=pairs,
        builds=builds or pairs,
        has_memory=memory,
        peers=project / "target" / "benchmarks" / "peers" if peers else None,
        memory_limit=os.environ.get("MKTG_MEMORY_LIMIT", "80%"),
    )
    folder = data or project / "target" / "bench"
    worse: list[Worse] = []
    with stderr.status("") as status:
        if baseline is None:
            measured = run(project, folder, asked, progress=status.update, done=_show)
        else:
            before = baselines.read(baseline)
            measured, worse = check(
                project, folder, before, asked, progress=status.update, done=_show
            )
    _show_growth(measured)
    if output is not None:
        _write(output, measured)
    for one in worse:
        stdout.print(
            f"worse: {one.name} at {one.rows:,} rows takes {one.now:.2f} times the CPU time of its "
            f"query by hand, {one.before:.2f} times before",
            soft_wrap=True,
        )
    if worse or any(size.different for size in measured.sizes):
        sys.exit(FOUND)
    if accept is not None:
        for size in measured.sizes:
            baselines.accept(accept, size)


def _write(folder: Path, measured: Bench) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(markdown(measured), encoding="utf-8")
    (folder / "bench.json").write_text(as_json(measured), encoding="utf-8")
    try:
        from marketing_analytics.bench.chart import svg  # noqa: PLC0415
    except ImportError:
        stderr.print("no bench.svg: run `pip install 'marketing-analytics[report]'` for the chart")
        return
    (folder / "bench.svg").write_text(svg(measured), encoding="utf-8")


def _show(size: Size) -> None:
    stdout.print(f"{size.asked:,} rows", style="bold")
    stdout.print(size_table(size))
    others = peers_table(size)
    if others is not None:
        stdout.print(others)


def _show_growth(measured: Bench) -> None:
    growths = growth_table(measured)
    if growths is not None:
        stdout.print("CPU time grows as rows to the power of", style="bold")
        stdout.print(growths)
