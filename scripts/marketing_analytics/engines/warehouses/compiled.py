"""The project's SQL in a warehouse's dialect, as `dbt compile` writes it without any connection."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker

# Nobody answers to these; compiling asks nobody.
CREDENTIALS = {
    "MKTG_HOST": "nowhere.invalid",
    "MKTG_USER": "nobody",
    "MKTG_PASSWORD": "none",
    "MKTG_HTTP_PATH": "/none",
    "MKTG_DATABASE": "warehouse",
    "MKTG_BIGQUERY_METHOD": "oauth-secrets",
}
INCREMENTAL_VARS = '{"orders_materialized": "incremental"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A model or a data test, compiled."""

    name: str
    is_test: bool
    warns: bool  # a test whose rows are to be looked at, not to be put right
    path: str  # of its file in the project
    written: str  # the file's text; of a generic test the call
    sql: str
    reads: tuple[str, ...]  # tables, as schema.name
    table: str  # a model's own, as schema.name
    is_filled_by_queries: bool  # that run while it is built; only compiled, it has no rows

    def line(self, compiled_line: int) -> int:
        """Return the line of the file that a line of the compiled SQL comes from, as near as known.

        A line that stands in both is told by its text and its surroundings; any other one comes
        from a macro or a loop and gets the line of the last that is told.
        """
        lines = _written_lines(self.written.splitlines(), self.sql.splitlines())
        return lines[min(compiled_line, len(lines)) - 1]

    @property
    def is_generic(self) -> bool:
        """Return whether it is a test that a macro writes for a line of YAML."""
        return not self.path.endswith(".sql")

    @property
    def has_incremental_branch(self) -> bool:
        """Return whether the model asks if it is built incrementally."""
        return not self.is_test and "is_incremental()" in self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """All nodes in an order in which each comes after what it reads."""

    nodes: tuple[Node, ...]
    # dbt's way of writing a table in this dialect -> schema.name
    relations: Mapping[str, str]

    @property
    def models(self) -> tuple[Node, ...]:
        """Return the models alone."""
        return tuple(node for node in self.nodes if not node.is_test)


def compile_project(
    worker: DbtWorker,
    target: str,
    folder: Path,
    *,
    incremental: Sequence[str] = (),
    variables: str = INCREMENTAL_VARS,
) -> Compiled:
    """Compile every model and data test for a target of profiles.yml, into a folder.

    `incremental` names models: those alone are compiled, in their branch for an incremental build.
    `variables` is what dbt's `--vars` gets, as JSON or YAML.

    Raises:
        MarketingAnalyticsError: the project does not compile, or the adapter is not installed.
    """
    chosen = ("--select", *incremental) if incremental else ()
    run = worker.run(
        *("compile", "--target", target, "--no-introspect", "--no-populate-cache"),
        *("--vars", variables, "--target-path", str(folder)),
        # dbt prints the SQL of chosen models, whatever else it is told.
        *("--log-level", "none", "--log-path", str(folder / "logs"), *chosen),
        environment=CREDENTIALS | {"MKTG_ASSUME_INCREMENTAL": str(bool(incremental)).lower()},
    )
    if not run.success:
        raise MarketingAnalyticsError(
            f"the project does not compile for {target}: "
            f"{run.error or 'a model failed'}; see {folder / 'logs' / 'dbt.log'}"
        )
    return read_manifest(json.loads((folder / "manifest.json").read_text()))


def read_manifest(manifest: Mapping[str, Any]) -> Compiled:
    """Return the compiled nodes of dbt's manifest."""
    entries = manifest["nodes"] | manifest["sources"]
    tables = {key: _table(entry) for key, entry in entries.items() if entry.get("relation_name")}
    found = {
        key: entry
        for key, entry in manifest["nodes"].items()
        if entry["resource_type"] in ("model", "test") and entry.get("compiled_code")
    }
    order = TopologicalSorter({key: entry["depends_on"]["nodes"] for key, entry in found.items()})
    return Compiled(
        nodes=tuple(_node(found[key], tables) for key in order.static_order() if key in found),
        relations={entries[key]["relation_name"]: table for key, table in tables.items()},
    )


def _table(entry: Mapping[str, Any]) -> str:
    return f"{entry['schema']}.{entry.get('alias') or entry['identifier']}"


def _node(entry: Mapping[str, Any], tables: Mapping[str, str]) -> Node:
    is_test = entry["resource_type"] == "test"
    return Node(
        name=entry["name"],
        is_test=is_test,
        warns=entry["config"].get("severity", "").lower() == "warn",
        path=entry["original_file_path"],
        written=entry["raw_code"],
        sql=entry["compiled_code"],
        reads=_existing(entry["depends_on"]["nodes"], tables),
        table="" if is_test else _table(entry),
        is_filled_by_queries=bool(entry["config"].get("meta", {}).get("is_filled_by_queries")),
    )


def _existing(keys: Iterable[str], tables: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(tables[key] for key in keys if key in tables)


def _written_lines(written: Sequence[str], compiled: Sequence[str]) -> list[int]:
    """Return for each compiled line the number of the written one."""
    ours, theirs = [line.strip() for line in written], [line.strip() for line in compiled]
    patterns = [_pattern(line) for line in ours]
    found = []
    last = 0
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, start, end, start_compiled, end_compiled in matcher.get_opcodes():
        for place in range(start_compiled, end_compiled):
            if kind == "equal":
                last = start + place - start_compiled
            else:
                near = (n for n in range(start, end) if n >= last)
                last = next((n for n in near if patterns[n].fullmatch(theirs[place])), last)
            found.append(last + 1)
    return found


def _pattern(line: str) -> re.Pattern[str]:
    """Return what a line may become: anything may stand for an expression of Jinja."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{\{.*?\}\}", line)))
