"""Where things are: the dbt project's folder, its database files, its raw schema."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from marketing_analytics.errors import MarketingAnalyticsError


def project_dir() -> Path:
    """Return the folder that holds dbt_project.yml: the working directory or one above it.

    Raises:
        MarketingAnalyticsError: there is none, or it is that of another project, which may have
            installed this one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        declaration = folder / "dbt_project.yml"
        if declaration.is_file():
            if not re.search(r"^name: *['\"]?marketing_analytics\b", declaration.read_text(), re.M):
                raise MarketingAnalyticsError(
                    f"{declaration} is another project's; mktg works in marketing_analytics. "
                    "Where that is installed as a package, dbt does everything: see "
                    "docs/as-a-package.md"
                )
            return folder
    raise MarketingAnalyticsError(
        f"no dbt_project.yml in {here} or above it; change into the project's folder first"
    )


TARGETS = ("sample", "local")


def database_path(target: str) -> Path:
    """Return the DuckDB file of a target, as profiles.yml names it; it need not exist yet."""
    folder = Path(os.environ.get("MKTG_DATABASE_DIR", "target"))
    return project_dir() / folder / f"{target}.duckdb"


def git_commit(project: Path) -> str:
    """Return the commit that is checked out, with `-dirty` after local changes; '' without git."""
    given = os.environ.get("MKTG_GIT_COMMIT")
    if given is not None:
        return given
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return described.stdout.strip()
