"""Registers the commands and turns errors into exit codes.

0 done, 1 findings, 2 cannot do, 130 stopped by the user.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from importlib.metadata import version
from io import StringIO

import click
from rich.text import Text

from marketing_analytics.commands.alert import alert
from marketing_analytics.commands.answers import answers
from marketing_analytics.commands.bench import bench
from marketing_analytics.commands.build import build
from marketing_analytics.commands.docs import docs
from marketing_analytics.commands.generate import generate
from marketing_analytics.commands.load import load
from marketing_analytics.commands.report import report
from marketing_analytics.commands.review import review
from marketing_analytics.console import printable, stderr
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.private import close_folder
from marketing_analytics.project import project_dir

CANNOT_DO = 2
STOPPED = 130  # as a shell reports a Ctrl-C
ADDRESS = re.compile(r"\b(https?://)[^\s'\"]+", re.I)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("marketing-analytics"), prog_name="mktg")
def cli() -> None:
    """Marketing and customer analytics on dbt and DuckDB."""
    with suppress(MarketingAnalyticsError):  # a command that needs the project says so itself
        close_folder(project_dir() / "target")


cli.add_command(alert)
cli.add_command(answers)
cli.add_command(bench)
cli.add_command(build)
cli.add_command(docs)
cli.add_command(generate)
cli.add_command(load)
cli.add_command(report)
cli.add_command(review)


def main() -> None:
    """Run the command line and exit: errors are one message each, never a traceback."""
    try:
        sys.exit(cli(prog_name="mktg", standalone_mode=False))
    except MarketingAnalyticsError as error:
        # Not as markup: a path or a value of the user's may hold [brackets].
        message = "\n".join(map(printable, str(error).splitlines()))
        stderr.print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)
        sys.exit(CANNOT_DO)
    except click.ClickException as error:
        # What was typed may be a secret, such as the address of a webhook without its option.
        shown = StringIO()
        error.show(file=shown)
        click.echo(ADDRESS.sub(r"\1…", shown.getvalue()), err=True, nl=False)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        stderr.print("stopped")
        sys.exit(STOPPED)
