"""Every model computes its rule, to its edges: the unit tests, run by dbt."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import yaml

from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker


def test_every_unit_test_passes(worker: DbtWorker, sample_folder: Path, tmp_path: Path) -> None:
    # They look up the types of their inputs' columns, and write nothing.
    shutil.copy(sample_folder / "sample.duckdb", tmp_path)
    run = worker.run(
        *("test", "--select", "test_type:unit", "--target", "sample", "--quiet"),
        *("--target-path", str(tmp_path), "--log-path", str(tmp_path / "logs")),
        environment={"MKTG_DATABASE_DIR": str(tmp_path)},
    )
    assert run.success, (run.error, [test.name for test in run.failed])
    results = json.loads((tmp_path / "run_results.json").read_text())["results"]
    assert {result["status"] for result in results} == {"pass"}
    written = {
        test["name"]
        for path in (PROJECT / "tests" / "unit_tests").rglob("*.yml")
        for test in yaml.safe_load(path.read_text())["unit_tests"]
    }
    assert {result["unique_id"].split(".")[-1] for result in results} == written
