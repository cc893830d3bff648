"""`mktg report` from its arguments to the file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("altair", reason="the extra `report` is not installed")


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def test_it_writes_the_page_and_says_where(
    sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKTG_DATABASE_DIR", str(sample_folder))
    output = tmp_path / "made" / "report.html"
    done = CliRunner().invoke(
        cli,
        ["report", "--output", str(output), "--artifacts", str(sample_folder), "--currency", "EUR"],
        catch_exceptions=False,
    )
    assert (done.exit_code, done.output.strip()) == (0, str(output))
    page = output.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Amounts in EUR." in page


def test_without_a_build_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKTG_DATABASE_DIR", str(tmp_path))
    with pytest.raises(MarketingAnalyticsError, match="mktg build --target local"):
        CliRunner().invoke(cli, ["report", "--target", "local"], catch_exceptions=False)


def test_a_file_that_cannot_be_written_is_named(
    sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKTG_DATABASE_DIR", str(sample_folder))
    with pytest.raises(MarketingAnalyticsError, match="cannot write"):
        CliRunner().invoke(cli, ["report", "--output", str(tmp_path)], catch_exceptions=False)


def test_without_the_chart_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("marketing_analytics.report.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MarketingAnalyticsError, match=r"altair.*marketing-analytics\[report\]"):
        CliRunner().invoke(cli, ["report"], catch_exceptions=False)
