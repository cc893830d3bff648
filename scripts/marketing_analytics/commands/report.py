"""`mktg report`: one page for a head of marketing."""

from __future__ import annotations

from pathlib import Path

import click

from marketing_analytics.console import stderr, stdout
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.warehouse import connect

PATH = click.Path(path_type=Path)


@click.command()
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="sample, or local for own data.",
)
@click.option("--output", type=PATH, help="File to write; target/report.html by default.")
@click.option(
    "--artifacts",
    type=PATH,
    metavar="FOLDER",
    help="Of run_results.json, for the tests that failed; target by default.",
)
@click.option(
    "--currency", default="", help="Sign or code of the project's currency, such as $ or EUR."
)
def report(target: str, output: Path | None, artifacts: Path | None, currency: str) -> None:
    """Write a page on what changed, where money leaks, and what to do.

    It is one file that opens offline and asks for nothing: to be mailed, printed or kept.
    """
    try:
        from marketing_analytics.report.collect import collect  # noqa: PLC0415
        from marketing_analytics.report.page.html import render  # noqa: PLC0415
    except ImportError as error:
        raise MarketingAnalyticsError(
            f"`mktg report` draws with {error.name}, which is not installed; "
            "run `pip install 'marketing-analytics[report]'`"
        ) from error
    project = project_dir()
    written = output or project / "target" / "report.html"
    with stderr.status("reading the marts") as status:
        connection = connect(database_path(target), read_only=True)
        try:
            collected = collect(
                connection,
                project=project,
                target=target,
                currency=currency,
                run_results=(artifacts or project / "target") / "run_results.json",
            )
        finally:
            connection.close()
        status.update("drawing")
        page = render(collected)
    _write(written, page)
    stdout.print(str(written), markup=False, soft_wrap=True)


def _write(path: Path, page: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise MarketingAnalyticsError(
            f"cannot write {path} ({error.strerror}); give another file with --output"
        ) from error
