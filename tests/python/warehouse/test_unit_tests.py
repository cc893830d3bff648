"""Every model computes its rule, to its edges: the unit tests, run by dbt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def test_every_unit_test_passes(unit_tests_folder: Path) -> None:
    artifact = json.loads((unit_tests_folder / "run_results.json").read_text())
    results = [one for one in artifact["results"] if one["unique_id"].startswith("unit_test.")]
    assert [
        (result["unique_id"], result["message"]) for result in results if result["status"] != "pass"
    ] == []
    written = {
        test["name"]
        for path in (PROJECT / "tests" / "unit_tests").rglob("*.yml")
        for test in yaml.safe_load(path.read_text())["unit_tests"]
    }
    assert {result["unique_id"].split(".")[-1] for result in results} == written
