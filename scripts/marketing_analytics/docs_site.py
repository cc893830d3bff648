"""Writes the docs site: tables, columns, lineage and tests in one HTML file that opens offline."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from marketing_analytics.dbt import run_dbt
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import database_path
from marketing_analytics.warehouse import connect

PARSED = "partial_parse.msgpack"


def write_docs_site(project: Path, target: str, output: Path) -> None:
    """Write the docs site of a built target; an older file stays until the new one is whole.

    Raises:
        MarketingAnalyticsError: the target is not built, its file is open in another program,
            dbt has stopped, or the output cannot be written.
    """
    # Says in one line what is wrong with the file; dbt would make an empty one, or a traceback.
    connect(database_path(target), read_only=True).close()
    # In a folder of its own: dbt would write over what the last build has left in target.
    with TemporaryDirectory() as folder:
        if (project / "target" / PARSED).is_file():  # saves dbt reading every file anew
            shutil.copy(project / "target" / PARSED, folder)
        run = run_dbt(
            project,
            (
                *("docs", "generate", "--static", "--quiet"),
                *("--target", target, "--target-path", folder),
            ),
        )
        if not run.success:
            raise MarketingAnalyticsError(f"dbt docs generate failed: {run.error or 'see above'}")
        _replace(output, Path(folder) / "static_index.html")


def _replace(output: Path, site: Path) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        unfinished = output.with_name(f".{output.name}.unfinished")
        shutil.copyfile(site, unfinished)
        unfinished.replace(output)
    except OSError as error:
        raise MarketingAnalyticsError(
            f"cannot write {output} ({error.strerror}); give another file with --output"
        ) from error
