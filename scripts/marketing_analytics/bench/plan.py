"""What the project runs for a mart alone, read from dbt's manifest of a compiled project."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.read_artifacts import read_build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.review.artifacts import Node

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
        MarketingAnalyticsError: there is no manifest, or it has no compiled SQL.
    """
    nodes = read_build(artifacts / "manifest.json", None).nodes
    models = {id_: node for id_, node in nodes.items() if node.kind == "model"}
    plans = [
        MartPlan(
            name=node.name,
            domain=parts[2],
            key=node.primary_key,
            steps=tuple(_step(models[one]) for one in _in_order(models, id_)),
        )
        for id_, node in models.items()
        if (parts := PurePosixPath(node.path).parts)[:2] == ("models", "marts")
    ]
    return {plan.name: plan for plan in sorted(plans, key=lambda plan: (plan.domain, plan.name))}


def all_steps(plans: list[MartPlan]) -> tuple[Step, ...]:
    """Return the steps of several marts, each model once."""
    return tuple({step.name: step for plan in plans for step in plan.steps}.values())


def _step(node: Node) -> Step:
    if node.compiled_code is None:
        raise MarketingAnalyticsError(f"{node.name} is not compiled; run `dbt compile` first")
    return Step(
        name=node.name,
        schema=node.schema,
        is_view=node.materialized == "view",
        sql=node.compiled_code,
    )


def _in_order(models: Mapping[str, Node], name: str) -> list[str]:
    """Return a model and all models that it needs, each after those that it needs itself."""
    ordered: dict[str, None] = {}

    def add(one: str) -> None:
        for needed in models[one].depends_on:
            if needed in models and needed not in ordered:
                add(needed)
        ordered[one] = None

    add(name)
    return list(ordered)
