"""Runs the compiled models on any raw rows, in memory: in milliseconds, not seconds.

The models are those of one `dbt compile`, in the order of their dependencies; only the raw rows
change. What dbt itself does (tests, contracts, hooks) is left to the builds of other tests.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from marketing_analytics.raw_schema import RawSource, raw_source
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

# Settings that are not the project's own: low minimum volumes, so that small worlds have campaigns
# on both sides of each, the other choice where there are two, and other weights.
OTHER_CHOICES = (
    "{min_rated_impressions: 100, min_rated_clicks: 10, min_rated_sessions: 3,"
    " refund_basis: refund_date, expose_personal_data: true,"
    " high_jackpot_threshold_minor: 500, min_rated_tenure_days: 60,"
    " rfm_weight: 20, behavioral_weight: 30, predicted_ltv_weight: 50}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledModel:
    """A model's relation, without its database, and its query."""

    schema: str
    name: str
    sql: str

    @property
    def relation(self) -> str:
        """The name as other models write it."""
        return f'"{self.schema}"."{self.name}"'


def compiled_models(
    target_folder: Path, source: str, leave_out: Collection[str] = ()
) -> list[CompiledModel]:
    """Return the models of a `dbt compile` that read a source, each after those it reads.

    Models that `leave_out` names are left out, and with them what reads them; so is what reads
    another source as well, such as the forecasts.
    """
    manifest = json.loads((target_folder / "manifest.json").read_text(encoding="utf-8"))
    models = {k: v for k, v in manifest["nodes"].items() if v["resource_type"] == "model"}
    ordered: dict[str, CompiledModel] = {}

    @cache
    def ancestors(key: str) -> frozenset[str]:
        parents = models[key]["depends_on"]["nodes"] if key in models else ()
        return frozenset((key,)).union(*map(ancestors, parents))

    def add(key: str) -> None:
        node = models.get(key)
        if node is None or key in ordered:
            return
        for parent in node["depends_on"]["nodes"]:
            add(parent)
        ordered[key] = CompiledModel(schema=node["schema"], name=node["name"], sql=_sql(node))

    unwanted = {key for key, node in models.items() if node["name"] in leave_out}
    for key in models:
        above = ancestors(key)
        sources = {k.split(".")[2] for k in above if k.startswith("source.")}
        if not above & unwanted and sources == {source}:
            add(key)
    return list(ordered.values())


def _sql(node: dict[str, Any]) -> str:
    """Return a model's query; the day that now is can be given to the models that find it."""
    sql = str(node["compiled_code"])
    if not node["name"].endswith("_as_of_date"):
        return sql
    return (
        "select coalesce((select as_of_date from main.given_as_of_date), as_of_date) "
        f"as as_of_date from ({sql}) as found"
    )


class CompiledMarts:
    """The models over one raw source, whose tables in memory can be replaced at will."""

    def __init__(
        self,
        project: Path,
        target_folder: Path,
        source: str = "marketing_raw",
        leave_out: Collection[str] = (),
    ) -> None:
        self._source: RawSource = raw_source(project, source)
        self._models = compiled_models(target_folder, source, leave_out)
        self._relations = {model.name: model.relation for model in self._models}
        self._is_built = False
        self._connection: DuckDBPyConnection = in_memory()
        # Planning costs more than running on a few rows: prepared without the optimizer, a plan
        # holds for any rows, and an example takes a tenth of the time.
        self._connection.execute("set threads = 1")
        self._connection.execute("pragma disable_optimizer")
        self._create_raw_tables()
        self._create_rules(project / "seeds" / "rules")
        self._prepare_models()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def build(self, world: object, *, as_of_date: date | None = None) -> None:
        """Build all models on the rows of a World; without an as-of date the models find one."""
        # One transaction per build, never committed: rolling back is how the tables get empty.
        if self._is_built:
            self._connection.execute("rollback")
        self._connection.execute("begin")
        self._is_built = True
        for table in self._source.tables:
            self._insert(table.name, getattr(world, table.name))
        if as_of_date is not None:
            self._connection.execute("insert into given_as_of_date values (?)", [as_of_date])
        for model in self._models:
            self._connection.execute(f"execute build_{model.name}")

    def rows(self, mart: str) -> list[dict[str, Any]]:
        """Return a mart's rows by column name."""
        result = self._connection.execute(f"select * from {self._relations[mart]}")
        columns = [column[0] for column in result.description or []]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def _raw(self, table: str) -> str:
        return f'"{self._source.schema}"."{table}"'

    def _insert(self, table: str, rows: Sequence[Any]) -> None:
        if not rows:
            return
        columns = ", ".join(f'"{field.name}"' for field in fields(rows[0]))
        one = "(" + ", ".join("?" for _ in fields(rows[0])) + ")"
        self._connection.execute(
            f"insert into {self._raw(table)} ({columns}) values " + ", ".join([one] * len(rows)),
            [value for row in rows for value in astuple(row)],
        )

    def _create_raw_tables(self) -> None:
        self._connection.execute(f'create schema "{self._source.schema}"')
        for table in self._source.tables:
            columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
            self._connection.execute(f"create table {self._raw(table.name)} ({columns})")

    def _create_rules(self, folder: Path) -> None:
        self._connection.execute("create schema rules")
        for path in sorted(folder.glob("*.csv")):
            self._connection.read_csv(str(path)).to_table(f"rules.{path.stem}")

    def _prepare_models(self) -> None:
        run = self._connection.execute
        run("create table given_as_of_date (as_of_date date)")
        for model in self._models:
            run(f'create schema if not exists "{model.schema}"')
            run(f"create table {model.relation} as {model.sql} with no data")
            run(f"prepare build_{model.name} as insert into {model.relation} {model.sql}")
