"""The project integration_tests, copied to a folder, with settings of its own."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from conftest import PROJECT
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker

INTEGRATION_TESTS = PROJECT / "integration_tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A folder with a dbt project that has marketing_analytics installed, and its database."""

    folder: Path
    worker: DbtWorker
    target: str = "dev"
    environment: dict[str, str]

    def dbt(self, *arguments: str) -> DbtRun:
        """Run a dbt command in the project."""
        for name in ("run_results.json", "logs/dbt.log"):
            (self.folder / "target" / name).unlink(missing_ok=True)
        return self.worker.run(
            *arguments,
            *("--project-dir", str(self.folder), "--profiles-dir", str(self.folder)),
            *("--target", self.target, "--quiet", "--log-format-file", "json"),
            *("--log-path", str(self.folder / "target" / "logs")),
            environment={"MKTG_DATABASE_DIR": str(self.folder / "target"), **self.environment},
        )

    def built(self, *arguments: str) -> Installed:
        """Build without an error and without a warning, and return the project."""
        run = self.dbt("build", *arguments)
        assert run.success, (run.error, self.statuses("fail", "error"))
        assert self.warnings() == []
        return self

    def statuses(self, *wanted: str) -> list[str]:
        """Return the nodes of the last run that ended in one of the states."""
        artifact = self.folder / "target" / "run_results.json"
        if not artifact.exists():  # dbt ended before its first node
            return []
        results = json.loads(artifact.read_text())["results"]
        return sorted(r["unique_id"] for r in results if r["status"] in wanted)

    def manifest(self) -> dict[str, Any]:
        """Return what dbt knew in the last run."""
        loaded: dict[str, Any] = json.loads((self.folder / "target" / "manifest.json").read_text())
        return loaded

    def nodes(self, *kinds: str) -> set[str]:
        """Return the names of what the last run knew of marketing_analytics, of some kinds."""
        manifest = self.manifest()
        everything = [*manifest["nodes"].values(), *manifest["sources"].values()]
        everything += [*manifest["exposures"].values(), *manifest["unit_tests"].values()]
        return {
            node["name"]
            for node in everything
            if node["package_name"] == "marketing_analytics"
            and node["resource_type"] in kinds
            and node["config"].get("enabled", True)  # a test of a disabled model is listed, too
        }

    def warnings(self) -> list[str]:
        """Return what the last run warned of, the parser and the tests alike."""
        log = (self.folder / "target" / "logs" / "dbt.log").read_text().splitlines()
        events = [json.loads(line)["info"] for line in log]
        return [event["msg"] for event in events if event["level"] == "warn"]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = connect(self.folder / "target" / "dev.duckdb", read_only=True)
        rows = connection.execute(query).fetchall()
        connection.close()
        return rows

    def schemas(self) -> set[str]:
        """Return the schemas in which something is."""
        query = "select distinct table_schema from information_schema.tables"
        return {schema for (schema,) in self.rows(query)}


def installed(
    folder: Path,
    worker: DbtWorker,
    *,
    target: str = "dev",
    settings: dict[str, Any] | None = None,
    variables: dict[str, Any] | None = None,
    leave_out: Iterable[str] = (),
    environment: dict[str, str] | None = None,
) -> Installed:
    """Copy integration_tests and install marketing_analytics in it.

    `settings` are merged into its dbt_project.yml, `variables` become the vars of
    marketing_analytics, `leave_out` names files that are not copied.
    """
    shutil.copytree(
        INTEGRATION_TESTS,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("dbt_packages", "target", "logs"),
    )
    for name in leave_out:
        (folder / name).unlink()
    packages = (folder / "packages.yml").read_text()
    assert "local: ../\n" in packages
    (folder / "packages.yml").write_text(packages.replace("local: ../", f"local: {PROJECT}"))
    project = yaml.safe_load((folder / "dbt_project.yml").read_text())
    project |= settings or {}
    project["vars"] = {"marketing_analytics": variables or {}}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    (folder / "target").mkdir()
    project_installed = Installed(
        folder=folder, worker=worker, target=target, environment=environment or {}
    )
    assert project_installed.dbt("deps").success
    return project_installed
