"""What dbt has compiled: models, data tests and unit tests, as SQL that runs without dbt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "marketing_analytics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model's query, and what it reads."""

    schema: str
    name: str
    sql: str
    parents: frozenset[str]
    has_contract: bool

    @property
    def relation(self) -> str:
        """The name as other models write it."""
        return f'"{self.schema}"."{self.name}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTest:
    """A query for the rows that break a promise."""

    name: str
    sql: str
    parents: frozenset[str]
    is_warning: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTest:
    """The model's query on the rows of the test, and the whole one with the expected rows."""

    name: str
    model: str
    model_sql: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    """A compilation of the project: models, each after those it reads, and their tests."""

    models: Mapping[str, Model]
    data_tests: tuple[DataTest, ...]
    unit_tests: Mapping[str, tuple[UnitTest, ...]]


def read_artifacts(folder: Path, unit_tests: Path | None = None) -> Artifacts:
    """Read the target folder of a `dbt compile` or a `dbt build`, and that of its unit tests."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    nodes = [node for node in manifest["nodes"].values() if node.get("compiled_code")]
    models = [_model(node) for node in nodes if node["resource_type"] == "model"]
    tests = [
        DataTest(
            name=node["name"],
            sql=node["compiled_code"],
            parents=_parents(node),
            is_warning=node["config"]["severity"].lower() == "warn",
        )
        for node in nodes
        if node["resource_type"] == "test"
    ]
    return Artifacts(
        models=_in_order({model.name: model for model in models}),
        data_tests=tuple(tests),
        unit_tests=_unit_tests(unit_tests or folder, manifest["unit_tests"].values()),
    )


def _parents(node: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        key.split(".")[2] for key in node["depends_on"]["nodes"] if key.startswith("model.")
    )


def _model(node: dict[str, Any]) -> Model:
    return Model(
        schema=node["schema"],
        name=node["name"],
        sql=node["compiled_code"],
        parents=_parents(node),
        has_contract=node["config"]["contract"]["enforced"],
    )


def _in_order(models: Mapping[str, Model]) -> dict[str, Model]:
    ordered: dict[str, Model] = {}

    def add(name: str) -> None:
        if name not in ordered:
            for parent in sorted(models[name].parents):
                add(parent)
            ordered[name] = models[name]

    for name in sorted(models):
        add(name)
    return ordered


def _unit_tests(folder: Path, declared: Any) -> dict[str, tuple[UnitTest, ...]]:
    """Read the unit tests as they ran; a compilation alone has none."""
    results = folder / "run_results.json"
    ran = json.loads(results.read_text(encoding="utf-8"))["results"] if results.exists() else []
    code = {result["unique_id"]: result.get("compiled_code") for result in ran}
    found: dict[str, list[UnitTest]] = {}
    for test in declared:
        if not code.get(test["unique_id"]):
            continue
        path = test["original_file_path"]
        whole = folder / "run" / PACKAGE / path / path.rpartition("/")[0] / f"{test['name']}.sql"
        found.setdefault(test["model"], []).append(
            UnitTest(
                name=test["name"],
                model=test["model"],
                model_sql=code[test["unique_id"]],
                sql=whole.read_text(encoding="utf-8"),
            )
        )
    return {model: tuple(tests) for model, tests in found.items()}
