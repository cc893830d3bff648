"""`mktg review`: what a change does to the numbers, before it is merged."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketing_analytics.console import stderr, stdout
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, project_dir
from marketing_analytics.review.build import Built, OpenSession, both_built
from marketing_analytics.review.data.postgres import postgres_session
from marketing_analytics.review.data.session import duckdb_session
from marketing_analytics.review.read_artifacts import read_build

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND, NO_EVIDENCE = 1, 2
LIMITS = ("approval", "unsafe")
EXIT_CODES = {
    "SAFE": {"approval": 0, "unsafe": 0},
    "NEEDS APPROVAL": {"approval": FOUND, "unsafe": 0},
    "NOT SAFE TO MERGE": {"approval": FOUND, "unsafe": FOUND},
    "NO EVIDENCE": {"approval": NO_EVIDENCE, "unsafe": NO_EVIDENCE},
}
PATH = click.Path(path_type=Path)


@click.command()
@click.option("--base", metavar="REF", help="Commit, branch or tag to compare with.")
@click.option("--head", metavar="REF", help="What to compare; the working tree by default.")
@click.option(
    "--target",
    type=click.Choice((*TARGETS, "postgres")),
    default="sample",
    show_default=True,
    help="Raw data of both sides: the sample's, local for own data, or those on PostgreSQL.",
)
@click.option("--base-db", type=PATH, help="Finished build to compare with, instead of --base.")
@click.option("--head-db", type=PATH, help="Finished build to compare.")
@click.option(
    "--base-artifacts", type=PATH, metavar="FOLDER", help="Its manifest.json and run_results.json."
)
@click.option("--head-artifacts", type=PATH, metavar="FOLDER", help="The same of the other.")
@click.option("--rules", type=PATH, help="Rules; review.yml of the project by default.")
@click.option("--expected", type=PATH, help="What is meant to change; expected.yml by default.")
@click.option(
    "--fail-on",
    type=click.Choice(LIMITS),
    default=LIMITS[0],
    show_default=True,
    help="Least finding that ends with exit code 1.",
)
@click.option(
    "--noise-check", is_flag=True, help="Build the base twice and leave out what then differs."
)
@click.option("--out", "output", type=PATH, help="Folder for the report; target/review by default.")
@click.pass_context
def review(
    context: click.Context,
    *,
    base: str | None,
    head: str | None,
    target: str,
    base_db: Path | None,
    head_db: Path | None,
    base_artifacts: Path | None,
    head_artifacts: Path | None,
    rules: Path | None,
    expected: Path | None,
    fail_on: str,
    noise_check: bool,
    output: Path | None,
) -> None:
    """Say what a change does to the numbers and to those who rely on them.

    Builds what changed and what reads it, before and after, from the same raw data, and compares.
    Prints the report; exit code 0 is safe, 1 a finding, 2 no evidence.
    """
    from marketing_analytics.review.report import (  # noqa: PLC0415
        Options,
        check_settings,
        write_report,
    )

    project = project_dir()
    folder = output or project / "target" / "review"
    finished = _finished(base_db, head_db, base_artifacts, head_artifacts)
    if (base is None) == (finished is None):
        raise click.UsageError(
            "give --base REF, or a finished build of each side with --base-db, --head-db, "
            "--base-artifacts and --head-artifacts"
        )
    options = Options(
        project=project,
        output=folder,
        rules=rules,
        expected=expected,
        today=datetime.now(UTC).date(),
    )
    check_settings(options)
    with stderr.status("reviewing") as status:
        building = (
            _as_it_is(finished)
            if finished is not None
            else both_built(
                project,
                folder,
                base=base or "",
                head=head,
                target=target,
                noise_check=noise_check,
                progress=status.update,
            )
        )
        with building as built:
            status.update("comparing")
            report = write_report(built, options)
    stdout.print(report.markdown, markup=False, soft_wrap=True, end="")
    context.exit(EXIT_CODES[report.verdict][fail_on])


@contextmanager
def _as_it_is(built: Built) -> Iterator[Built]:
    yield built


def _finished(
    base_db: Path | None,
    head_db: Path | None,
    base_artifacts: Path | None,
    head_artifacts: Path | None,
) -> Built | None:
    """Return two builds that exist; None where none was given."""
    if not any((base_db, head_db, base_artifacts, head_artifacts)):
        return None
    if base_artifacts is None or head_artifacts is None:
        raise MarketingAnalyticsError(
            "a finished build is a database and its artifacts: give --base-artifacts and "
            "--head-artifacts too"
        )
    builds = []
    for folder in (base_artifacts, head_artifacts):
        results = folder / "run_results.json"
        builds.append(read_build(folder / "manifest.json", results if results.is_file() else None))
    return Built(
        base=builds[0],
        head=builds[1],
        base_name=str(base_db or base_artifacts),
        head_name=str(head_db or head_artifacts),
        open=_connection(base_db, head_db, builds[1].adapter),
    )


def _connection(base_db: Path | None, head_db: Path | None, adapter: str) -> OpenSession:
    """Return how to read two finished builds; on PostgreSQL both are in the same database."""
    if base_db is not None and head_db is not None:
        return partial(duckdb_session, base_db, head_db)
    if adapter == "postgres" and base_db is None and head_db is None:
        return postgres_session
    raise MarketingAnalyticsError(
        "give the databases of both builds with --base-db and --head-db; only PostgreSQL's, which "
        "has both in one, is found without"
    )
