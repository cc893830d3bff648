"""Where things are: the dbt project's folder, its database files, its raw schema."""

from __future__ import annotations

import os
from pathlib import Path

from marketing_analytics.errors import MarketingAnalyticsError


def project_dir() -> Path:
    """Return the folder that holds dbt_project.yml: the working directory or one above it.

    Raises:
        MarketingAnalyticsError: there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise MarketingAnalyticsError(
        f"no dbt_project.yml in {here} or above it; change into the project's folder first"
    )


TARGETS = ("sample", "local")


def database_path(target: str) -> Path:
    """Return the DuckDB file of a target, as profiles.yml names it; it need not exist yet."""
    folder = Path(os.environ.get("MKTG_DATABASE_DIR", "target"))
    return project_dir() / folder / f"{target}.duckdb"
