"""`mktg alert`: what is wrong since the last build, in words, as JSON and to a webhook."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketing_analytics.alerts import payload, webhook
from marketing_analytics.alerts.collect import collect, last_build
from marketing_analytics.alerts.look import look
from marketing_analytics.alerts.render import render
from marketing_analytics.alerts.rules import Rules, read_rules, rules_file
from marketing_analytics.console import stderr, stdout
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import TARGETS, database_path, project_dir
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from marketing_analytics.alerts.facts import Alerts

FOUND = 1
PATH = click.Path(path_type=Path)
FORMATS = {"generic": payload.content, "slack": payload.slack}


@click.command()
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sample",
    show_default=True,
    help="sample, or local for own data.",
)
@click.option("--rules", type=PATH, help="Rules; alerts.yml of the project by default.")
@click.option("--output", type=PATH, help="File to write the alerts to, as JSON.")
@click.option(
    "--webhook",
    "address",
    envvar="MKTG_ALERT_WEBHOOK",
    metavar="URL",
    help="Address to post to where there are alerts; or MKTG_ALERT_WEBHOOK, which no log shows.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    default="generic",
    show_default=True,
    help="What is posted: the JSON, or a message of Slack.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day to judge; the newest one of the data by default.",
)
@click.option("--today", is_flag=True, help="Ask the clock which day it is, to see what is late.")
@click.option(
    "--artifacts", type=PATH, metavar="FOLDER", help="Where run_results.json is; target by default."
)
@click.pass_context
def alert(
    context: click.Context,
    *,
    target: str,
    rules: Path | None,
    output: Path | None,
    address: str | None,
    form: str,
    as_of: datetime | None,
    today: bool,
    artifacts: Path | None,
) -> None:
    """Say what is wrong with the data, the campaigns or the budgets since the last build.

    Exit code 0 is nothing, 1 an alert, 2 that it could not look or could not post.
    """
    if as_of is not None and today:
        raise click.UsageError("give --as-of or --today, not both")
    if address:
        webhook.check(address)
    project = project_dir()
    alerts = _look(
        target,
        read_rules(rules or rules_file(project)),
        run_results=(artifacts or project / "target") / "run_results.json",
        as_of=as_of.date() if as_of else None,
        today=datetime.now(UTC).date() if today else None,
    )
    stdout.print(render(alerts), markup=False, soft_wrap=True, end="")
    if output is not None:
        _write(output, payload.as_json(alerts))
    if address and alerts.findings:
        webhook.post(address, FORMATS[form](alerts))
        stderr.print(f"posted to {webhook.check(address)}", markup=False)
    context.exit(FOUND if alerts.findings else 0)


def _look(
    target: str, rules: Rules, *, run_results: Path, as_of: date | None, today: date | None
) -> Alerts:
    connection = connect(database_path(target), read_only=True)
    try:
        world = collect(connection, as_of)
        failed, note = last_build(connection, run_results, target)
    finally:
        connection.close()
    return look(world.ended(failed, note), rules, target=target, as_of=as_of, today=today)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MarketingAnalyticsError(f"cannot write {path}: {error.strerror}") from error
