"""The jobs of CI that share the tests."""

from __future__ import annotations

from typing import Any

import yaml

from conftest import PROJECT

CI: dict[Any, Any] = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text())


def test_every_folder_of_tests_is_in_just_one_job() -> None:
    jobs = CI["jobs"]["test"]["strategy"]["matrix"]["tests"]

    shared = [folder for job in jobs for folder in job.split()]

    there = {file.parent.name for file in (PROJECT / "tests" / "python").rglob("test_*.py")}
    assert sorted(shared) == sorted(there)
