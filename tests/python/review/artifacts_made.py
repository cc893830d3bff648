"""Artifacts written by hand: as little of dbt's as a test needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.artifacts import Build, Exposure, Node, Result, Test

if TYPE_CHECKING:
    from pathlib import Path

P = "marketing_analytics"


def model(name: str, *parents: str, **changed: Any) -> Node:
    """Return a model; `parents` are names of models."""
    facts: dict[str, Any] = {
        "unique_id": f"model.{P}.{name}",
        "name": name,
        "kind": "model",
        "path": f"models/{name}.sql",
        "schema": "marts",
        "relation": f"marts.{name}",
        "compiled_code": "select 1 as id",
        "checksum": name,
        "materialized": "table",
        "columns": {},
        "primary_key": ("id",),
        "is_contracted": False,
        "access": "public",
        "group": None,
        "tags": (),
        "meta": {},
        "description": "",
        "depends_on": tuple(f"model.{P}.{parent}" for parent in parents),
    }
    return Node(**{**facts, **changed})


def data_test(name: str, tested: str, **changed: Any) -> Test:
    """Return a data test of a model."""
    facts: dict[str, Any] = {
        "unique_id": f"test.{P}.{name}",
        "name": name,
        "kind": "data",
        "test": name,
        "tested": (f"model.{P}.{tested}",),
        "column": None,
        "arguments": {},
        "severity": "error",
        "path": "models/models.yml",
        "description": "",
    }
    return Test(**{**facts, **changed})


def exposure(name: str, *parents: str, approvals: tuple[str, ...] = ()) -> Exposure:
    """Return a dashboard."""
    return Exposure(
        unique_id=f"exposure.{P}.{name}",
        name=name,
        label=name.title(),
        type="dashboard",
        url=None,
        owner="Finance team",
        email=None,
        approvals=approvals,
        meta={},
        depends_on=tuple(f"model.{P}.{parent}" for parent in parents),
    )


def result(status: str, seconds: float = 0.1, **changed: Any) -> Result:
    """Return how a node ended."""
    facts: dict[str, Any] = {"failures": None, "message": None, "bytes_billed": None}
    return Result(status=status, seconds=seconds, **{**facts, **changed})


def build(*parts: Node | Test | Exposure, results: dict[str, Result] | None = None) -> Build:
    """Return a build of these; results are by name, such as `model.orders`."""
    children: dict[str, list[str]] = {}
    for part in parts:
        for parent in part.tested if isinstance(part, Test) else part.depends_on:
            children.setdefault(parent, []).append(part.unique_id)
    return Build(
        project=P,
        target="sample",
        adapter="duckdb",
        nodes={part.unique_id: part for part in parts if isinstance(part, Node)},
        tests={part.unique_id: part for part in parts if isinstance(part, Test)},
        exposures={part.unique_id: part for part in parts if isinstance(part, Exposure)},
        metrics={},
        children={id_: tuple(found) for id_, found in children.items()},
        results={
            ".".join((name.split(".")[0], P, name.split(".")[1])): ended
            for name, ended in (results or {}).items()
        },
    )


def written(path: Path, content: object) -> Path:
    """Write JSON and return its path."""
    path.write_text(json.dumps(content))
    return path
