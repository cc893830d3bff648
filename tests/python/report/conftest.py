"""The report of the built sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.report.collect import collect

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.report.facts import Report


@pytest.fixture(scope="session")
def sample_report(sample: DuckDBPyConnection, sample_folder: Path) -> Report:
    return collect(
        sample,
        project=PROJECT,
        target="sample",
        currency="$",
        run_results=sample_folder / "run_results.json",
    )


@pytest.fixture(scope="session")
def sample_page(sample_report: Report) -> str:
    # Not before a test needs it: the extra `report` may not be installed.
    from marketing_analytics.report.page.html import render  # noqa: PLC0415

    return render(sample_report)
