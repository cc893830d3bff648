"""`mktg review` from argv to exit code; what it finds is tested beside this."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from marketing_analytics.commands import review as command
from marketing_analytics.errors import MarketingAnalyticsError
from review.artifacts_made import written

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = {"metadata": {"adapter_type": "duckdb"}, "nodes": {}}


def finished(folder: Path, adapter: str = "duckdb") -> list[str]:
    """Return the arguments for two finished builds without a model."""
    arguments = []
    for side in ("base", "head"):
        artifacts = folder / side
        artifacts.mkdir()
        written(artifacts / "manifest.json", {**EMPTY, "metadata": {"adapter_type": adapter}})
        arguments += [f"--{side}-artifacts", str(artifacts)]
    return arguments


@pytest.mark.parametrize(
    ("verdict", "on_approval", "on_unsafe"),
    [
        ("SAFE", 0, 0),
        ("NEEDS APPROVAL", 1, 0),
        ("NOT SAFE TO MERGE", 1, 1),
        ("NO EVIDENCE", 2, 2),
    ],
)
def test_the_verdict_is_the_exit_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verdict: str,
    on_approval: int,
    on_unsafe: int,
) -> None:
    def write_report(_built: Any, options: Any) -> SimpleNamespace:
        assert options.output == tmp_path / "out"
        return SimpleNamespace(verdict=verdict, markdown="# [report]\n")

    monkeypatch.setattr("marketing_analytics.review.report.write_report", write_report)
    databases = [f"--{side}-db={tmp_path / side}.duckdb" for side in ("base", "head")]
    arguments = [*finished(tmp_path), *databases, "--out", str(tmp_path / "out")]
    for limit, code in (("approval", on_approval), ("unsafe", on_unsafe)):
        run = CliRunner().invoke(command.review, [*arguments, "--fail-on", limit])
        assert (run.exit_code, run.stdout) == (code, "# [report]\n")


def test_asks_for_one_of_both_ways_to_name_the_base(tmp_path: Path) -> None:
    run = CliRunner().invoke(command.review, [])
    assert run.exit_code == 2
    assert "give --base REF, or a finished build" in run.stderr
    both = [*finished(tmp_path, "postgres"), "--base", "main"]
    assert "give --base REF, or a finished build" in CliRunner().invoke(command.review, both).stderr


@pytest.mark.parametrize("given", ["--base-db=base.duckdb", "--head-artifacts=target"])
def test_a_finished_build_has_a_database_and_artifacts(given: str) -> None:
    run = CliRunner().invoke(command.review, [given])
    assert isinstance(run.exception, MarketingAnalyticsError)
    assert "--base-artifacts" in str(run.exception)


def test_only_postgresql_has_both_builds_in_one_database(tmp_path: Path) -> None:
    run = CliRunner().invoke(command.review, finished(tmp_path))
    assert isinstance(run.exception, MarketingAnalyticsError)
    assert "--base-db and --head-db" in str(run.exception)
