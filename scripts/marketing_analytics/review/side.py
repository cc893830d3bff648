"""One side of a review: its project, its database, and where dbt writes."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import yaml

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.data.raw_views import RAW
from marketing_analytics.review.read_artifacts import read_build

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from marketing_analytics.review.artifacts import Build

COMPILED = "compiled.json"  # the manifest in which every model is compiled
RESULTS = "results.json"  # the results of all runs of a side together


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the raw data of both sides are: in a database, or in the project's own seeds."""

    project: Path
    target: str
    database: Path | None
    folder: Path  # of the review

    def prefix(self, side: str) -> str:
        """Return what the schemas of a side begin with, where both are in one database.

        It is this folder's on this machine, so that the next review finds what a killed one left.
        """
        place = f"{socket.gethostname()}:{self.folder.resolve()}"
        return f"review_{sha256(place.encode()).hexdigest()[:8]}_{side}_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side: `project` is what dbt reads, `folder` where it writes."""

    name: str
    project: Path
    folder: Path
    database: Path
    target: str
    variables: dict[str, Any] = field(default_factory=lambda: {"record_builds": False})

    def arguments(self, *command: str) -> tuple[str, ...]:
        """Return a dbt command for this side, which prints nothing."""
        return (
            *command,
            *("--project-dir", str(self.project), "--profiles-dir", str(self.folder)),
            *("--target", self.target, "--target-path", str(self.folder / "target")),
            *("--log-path", str(self.folder / "logs"), "--log-level", "none"),
            *("--log-level-file", "info", "--vars", json.dumps(self.variables)),
        )

    def artifact(self, name: str) -> Path:
        """Return the path of what dbt wrote last."""
        return self.folder / "target" / name

    def keep_compiled(self) -> None:
        """Keep the manifest of the last command, and when that began: see read_artifacts."""
        manifest, ran = (
            json.loads(self.artifact(name).read_text(encoding="utf-8"))
            for name in ("manifest.json", "run_results.json")
        )
        manifest["metadata"] |= {
            "invocation_started_at": ran["metadata"].get("invocation_started_at")
        }
        (self.folder / COMPILED).write_text(json.dumps(manifest), encoding="utf-8")

    def compiled(self) -> Build:
        """Return all models as they were compiled."""
        return read_build(self.folder / COMPILED, None)

    def keep_results(self, not_run: Collection[str] = ()) -> None:
        """Add the results of the last run to those before, and what could not run."""
        path = self.folder / RESULTS
        last = json.loads(self.artifact("run_results.json").read_text(encoding="utf-8"))
        before = json.loads(path.read_text(encoding="utf-8"))["results"] if path.is_file() else []
        skipped = [
            {"unique_id": id_, "status": "skipped", "execution_time": 0} for id_ in sorted(not_run)
        ]
        arguments = {**last["args"], "which": "build"}
        together = {"args": arguments, "results": [*before, *last["results"], *skipped]}
        path.write_text(json.dumps(together), encoding="utf-8")

    def built(self) -> Build:
        """Return the same with the results of the build; there are none where nothing was built."""
        results = self.folder / RESULTS
        build = read_build(self.folder / COMPILED, results if results.is_file() else None)
        return replace(build, target=self.target)

    def raw_schemas(self) -> set[str]:
        """Return the schemas in which the project looks for raw tables."""
        manifest = json.loads((self.folder / COMPILED).read_text(encoding="utf-8"))
        return {source["schema"] for source in manifest["sources"].values()}


def new_side(name: str, checked_out: Path, folder: Path, given: Origin) -> Side:
    """Write a profile for a side: as the project's own, but for the database."""
    folder.mkdir(parents=True, exist_ok=True)
    side = Side(
        name=name,
        project=checked_out,
        folder=folder,
        database=folder / f"{name}.duckdb",
        target=given.target,
    )
    path = given.project / "profiles.yml"
    profiles = _yaml(path)
    wanted = _yaml(checked_out / "dbt_project.yml")["profile"]
    try:
        output = dict(profiles[wanted]["outputs"][given.target])
    except KeyError as error:
        raise MarketingAnalyticsError(
            f"{path} has no target {given.target!r} in profile {wanted!r}"
        ) from error
    if output["type"] == "duckdb":
        output["path"] = str(side.database)
    else:
        output["schema"] = given.prefix(name) + output["schema"]
    if given.database is not None:
        output["attach"] = [{"path": str(given.database), "alias": RAW, "read_only": True}]
    (folder / "profiles.yml").write_text(
        yaml.safe_dump({wanted: {"target": given.target, "outputs": {given.target: output}}}),
        encoding="utf-8",
    )
    return side


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
