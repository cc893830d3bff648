"""The report of the built sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.report.facts import Report

pytest.importorskip("altair", reason="the extra `report` is not installed")
pytest.importorskip("vl_convert", reason="the extra `report` is not installed")


@pytest.fixture(scope="session")
def sample_report(sample: DuckDBPyConnection, sample_folder: Path) -> Report:
    from marketing_analytics.report.collect import collect  # noqa: PLC0415

    return collect(
        sample, target="sample", currency="$", run_results=sample_folder / "run_results.json"
    )


@pytest.fixture(scope="session")
def sample_page(sample_report: Report) -> str:
    from marketing_analytics.report.page.html import render  # noqa: PLC0415

    return render(sample_report)
