"""What dbt's artifacts say of a build: manifest.json and the run_results.json of that build."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["model", "seed", "snapshot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A documented column."""

    name: str
    data_type: str | None
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A model, seed or snapshot."""

    unique_id: str
    name: str
    kind: Kind
    path: str  # in the project
    schema: str
    relation: str  # schema.table, as it stands in the database
    compiled_code: str | None  # None for a seed, and for what was not compiled
    checksum: str
    materialized: str
    config: Mapping[str, Any] = field(default_factory=dict)  # all of dbt's settings of it
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]  # from its tests and constraints, empty where there is none
    is_contracted: bool
    access: str
    group: str | None
    tags: tuple[str, ...]
    meta: Mapping[str, Any]
    description: str
    depends_on: tuple[str, ...]  # unique ids
    raw_code: str | None = None  # as written, to name lines of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A data test or a unit test."""

    unique_id: str
    name: str
    kind: Literal["data", "unit"]
    test: str  # the generic test's name, such as not_null; else the test's own
    tested: tuple[str, ...]  # unique ids of what it reads
    column: str | None
    arguments: Mapping[str, Any]
    severity: str
    path: str
    description: str
    settings: Mapping[str, Any] = field(
        default_factory=dict
    )  # where, error_if, … where they are set


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A dashboard or another use of the marts."""

    unique_id: str
    name: str
    label: str
    type: str
    url: str | None
    owner: str
    email: str | None
    approvals: tuple[str, ...]  # meta.approvals: teams who must agree
    meta: Mapping[str, Any]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one node of a build ended."""

    status: str
    seconds: float
    failures: int | None
    message: str | None
    bytes_billed: int | None  # where the warehouse says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One side of a review."""

    project: str
    target: str
    adapter: str
    nodes: Mapping[str, Node]
    tests: Mapping[str, Test]
    exposures: Mapping[str, Exposure]
    metrics: Mapping[str, tuple[str, ...]]  # unique id, and what it depends on
    children: Mapping[str, tuple[str, ...]]  # unique id, and who reads it
    results: Mapping[str, Result] = field(default_factory=dict)
    moments: tuple[str, ...] = ()  # when it may have begun, as "2024-01-31 10:20:30"
    databases: frozenset[str] = frozenset()  # where its nodes are, which their SQL may spell out
