"""How the last build ended, by the run_results.json that dbt leaves, for pages and alerts alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.read_artifacts import BUILDS

if TYPE_CHECKING:
    from pathlib import Path

TESTS = ("test", "unit_test")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResult:
    """How a model, a seed or a test ended."""

    name: str
    is_test: bool
    status: str
    failures: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResults:
    """How all nodes of a build ended, in the order of their ids."""

    invocation: str
    nodes: tuple[NodeResult, ...]


def read_run_results(path: Path, target: str, invocation: str | None) -> RunResults | None:
    """Return what a file says of a build; None where it is of another target, command or build."""
    try:
        ran = json.loads(path.read_text(encoding="utf-8"))
        arguments, found = ran.get("args") or {}, str(ran["metadata"]["invocation_id"])
        nodes = tuple(
            NodeResult(
                name=_name(result["unique_id"]),
                is_test=result["unique_id"].split(".")[0] in TESTS,
                status=str(result["status"]),
                failures=result.get("failures"),
                message=" ".join(str(result.get("message") or "").split()),
            )
            for result in sorted(ran["results"], key=lambda result: str(result["unique_id"]))
            if not result["unique_id"].startswith("operation.")
        )
        is_of_it = (
            str(arguments.get("which") or "build") in BUILDS
            and arguments.get("target") in (None, target)
            and invocation in (None, found)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return RunResults(invocation=found, nodes=nodes) if is_of_it else None


def _name(unique_id: str) -> str:
    """Return the name of a node: `test.project.name.hash` and `model.project.name` alike."""
    parts = unique_id.split(".")
    return parts[2] if len(parts) > 2 else unique_id  # noqa: PLR2004
