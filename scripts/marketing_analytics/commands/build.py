"""`mktg build`: build beside the published database, put the new one in its place, answer."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from marketing_analytics.build_vars import check_vars
from marketing_analytics.commands.answers import print_answers
from marketing_analytics.console import stderr
from marketing_analytics.dbt import DbtRun, FailedNode, run_dbt
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.failed_tests import SCHEMA, keep_failing_rows
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.publish import Candidate, built_beside
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_TOLD = 20


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
@click.option(
    "--publish-anyway",
    is_flag=True,
    help="Put it in its place though tests fail; models after a failed test are then the old ones.",
)
@click.option(
    "--in-place",
    is_flag=True,
    help="Build in the published file, as plain dbt does: needs no room for a copy.",
)
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(
    target: str,
    unit_tests: bool,
    publish_anyway: bool,
    in_place: bool,
    dbt_arguments: tuple[str, ...],
) -> None:
    """Build and test every model, then print the answers.

    It builds in a copy of the database, which takes the place of the published one when all is
    built and no test fails. DBT_ARGUMENTS are passed on to `dbt build`, such as --vars or --select.
    """
    check_vars(project_dir(), dbt_arguments)
    excluded = () if unit_tests else ("--exclude-resource-type", "unit_test")
    arguments = ("build", "--target", target, *excluded, *dbt_arguments)
    published = database_path(target)
    if in_place:
        # Says in one line who holds the file; dbt would say it in a traceback.
        connect(published).close()
        _end_unless(_run(arguments, published.parent))
    else:
        with built_beside(published) as candidate:
            _published(_run(arguments, candidate.folder), candidate, publish_anyway)
    try:
        print_answers(target)
    except MarketingAnalyticsError as error:  # a part was built, without what the answers need
        stderr.print(f"no answers: {error}", soft_wrap=True, markup=False)


def _run(arguments: Sequence[str], databases: Path) -> DbtRun:
    """Run dbt; where it is quiet on a terminal, show that something goes on."""
    is_silent = stderr.is_terminal and {"--quiet", "-q"} & set(arguments)
    with stderr.status("building and testing every model") if is_silent else nullcontext():
        return run_dbt(project_dir(), arguments, {"MKTG_DATABASE_DIR": str(databases)})


def _published(run: DbtRun, candidate: Candidate, publish_anyway: bool) -> None:
    """Put the build in its place, or say why not and end."""
    if run.error is not None:  # dbt has said on stdout what it is
        sys.exit(2)
    kept = keep_failing_rows(candidate.path, run.failed)
    if run.success or (publish_anyway and all(map(_is_failed_test, run.failed))):
        candidate.publish()
        _tell(run.failed, kept)
        _end_unless(run)
        return
    _tell(run.failed, kept)
    path = candidate.keep()
    stderr.print(
        f"not published: {candidate.published} stays as it was. What was built is in {path}, "
        "until the next build that fails; --publish-anyway publishes where only tests fail",
        soft_wrap=True,
        markup=False,
    )
    sys.exit(1)


def _end_unless(run: DbtRun) -> None:
    if run.error is not None:
        sys.exit(2)
    if not run.success:
        sys.exit(1)


def _is_failed_test(node: FailedNode) -> bool:
    """Return whether a test has said no, and not merely broken off."""
    return node.kind == "unit_test" or (node.kind == "test" and bool(node.row_count))


def _tell(failed: Sequence[FailedNode], kept: Sequence[str]) -> None:
    for node in failed[:MOST_TOLD]:
        rows = f", {node.row_count:,} rows in {SCHEMA}.{node.name}" if node.name in kept else ""
        stderr.print(f"failed: {node.kind} {node.name}{rows}", soft_wrap=True, markup=False)
    if len(failed) > MOST_TOLD:
        stderr.print(f"... {len(failed) - MOST_TOLD} more", markup=False)
