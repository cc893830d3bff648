"""What the project runs for a mart alone, read from dbt's manifest of a compiled project."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

ANSWERS = "bench_answers"  # schema of the hand-written answers, and of marts that are views


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A model: its table or view, and its compiled SQL."""

    name: str
    schema: str
    is_view: bool
    sql: str

    @property
    def relation(self) -> str:
        """The quoted name of the table or view."""
        return f'"{self.schema}"."{self.name}"'

    def run(self, connection: DuckDBPyConnection) -> None:
        """Create the table or view, as a build does."""
        kind = "view" if self.is_view else "table"
        connection.execute(f"create or replace {kind} {self.relation} as {self.sql}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MartPlan:
    """A mart: its domain, its key, and the models that it needs in order, itself the last."""

    name: str
    domain: str
    key: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def relation(self) -> str:
        """The quoted name of the mart itself."""
        return self.steps[-1].relation

    def create_schemas(self, connection: DuckDBPyConnection) -> None:
        """Create the schemas that the steps write into."""
        for schema in sorted({step.schema for step in self.steps} | {ANSWERS}):
            connection.execute(f'create schema if not exists "{schema}"')

    def build(self, connection: DuckDBPyConnection) -> None:
        """Build the mart with all that it needs."""
        for step in self.steps:
            step.run(connection)

    @property
    def is_view(self) -> bool:
        """Whether the mart costs nothing until it is read."""
        return self.steps[-1].is_view

    def with_sql(self, model: str, sql: str) -> MartPlan:
        """Return the same plan with other SQL for a model."""
        steps = (replace(one, sql=sql) if one.name == model else one for one in self.steps)
        return replace(self, steps=tuple(steps))

    def to_json(self) -> str:
        """Return the plan as text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> MartPlan:
        """Return the plan that to_json has written."""
        read = json.loads(text)
        steps = tuple(Step(**step) for step in read.pop("steps"))
        return cls(**{**read, "key": tuple(read["key"])}, steps=steps)


def read_plans(artifacts: Path) -> dict[str, MartPlan]:
    """Return the plan of every mart from a folder with the manifest of `dbt compile`.

    Raises:
        MarketingAnalyticsError: the manifest has no compiled SQL.
    """
    manifest = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
    nodes: dict[str, dict[str, Any]] = manifest["nodes"]
    models = {
        name: node
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["package_name"] == "marketing_analytics"
    }
    keys = _keys(nodes)
    plans = {}
    for name, node in models.items():
        parts = node["original_file_path"].replace("\\", "/").split("/")
        if parts[:2] == ["models", "marts"]:
            steps = tuple(_step(models[one]) for one in _in_order(models, name))
            plans[node["name"]] = MartPlan(
                name=node["name"], domain=parts[2], key=keys.get(name, ()), steps=steps
            )
    return dict(sorted(plans.items(), key=lambda item: (item[1].domain, item[0])))


def all_steps(plans: list[MartPlan]) -> tuple[Step, ...]:
    """Return the steps of several marts, each model once."""
    return tuple({step.name: step for plan in plans for step in plan.steps}.values())


def _step(node: dict[str, Any]) -> Step:
    sql = node.get("compiled_code")
    if sql is None:
        raise MarketingAnalyticsError(f"{node['name']} is not compiled; run `dbt compile` first")
    return Step(
        name=node["alias"],
        schema=node["schema"],
        is_view=node["config"]["materialized"] == "view",
        sql=sql,
    )


def _in_order(models: dict[str, dict[str, Any]], name: str) -> list[str]:
    """Return a model and all models that it needs, each after those that it needs itself."""
    ordered: dict[str, None] = {}

    def add(one: str) -> None:
        for needed in models[one]["depends_on"]["nodes"]:
            if needed in models and needed not in ordered:
                add(needed)
        ordered[one] = None

    add(name)
    return list(ordered)


def _keys(nodes: dict[str, dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return for each model the columns that a test calls unique."""
    return {model: key for model, key in _tested_keys(nodes) if model}


def _tested_keys(nodes: dict[str, dict[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "unique":
            yield node.get("attached_node") or "", (node["column_name"],)
        elif test.get("name") == "unique_combination":
            yield node.get("attached_node") or "", tuple(test["kwargs"]["columns"])
