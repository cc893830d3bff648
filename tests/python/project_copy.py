"""A copy of the dbt project that a test may change."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def copied_project(folder: Path) -> Path:
    """Copy what dbt reads into a new folder and return it."""
    for part in ("macros", "models", "seeds", "tests/data_tests", "tests/unit_tests"):
        shutil.copytree(PROJECT / part, folder / part)
    for part in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / part, folder)
    return folder


def in_copy(folder: Path) -> tuple[str, ...]:
    """Return the arguments with which dbt works in that copy."""
    return ("--project-dir", str(folder), "--profiles-dir", str(folder))


def with_broken_contract(folder: Path) -> Path:
    """Copy the project; its `customers` promise a date where the model gives a number."""
    copy = copied_project(folder)
    contract = copy / "models" / "marts" / "shop" / "customers.yml"
    kept = "- name: number_of_orders\n        data_type: "
    text = contract.read_text()
    assert f"{kept}bigint" in text
    contract.write_text(text.replace(f"{kept}bigint", f"{kept}date"))
    return copy
