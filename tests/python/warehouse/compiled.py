"""Runs the compiled models on any raw rows, in memory: in milliseconds, not seconds.

The models are those of one `dbt compile`, in the order of their dependencies; only the raw rows
change. What dbt itself does (tests, contracts, hooks) is left to the builds of other tests.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

from marketing_analytics.raw_schema import RawSource, raw_source
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

AS_OF_MODEL = "int_marketing_as_of_date"


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


def compiled_models(target_folder: Path) -> list[CompiledModel]:
    """Return the models of a `dbt compile`, each after those it reads."""
    manifest = json.loads((target_folder / "manifest.json").read_text(encoding="utf-8"))
    models = {k: v for k, v in manifest["nodes"].items() if v["resource_type"] == "model"}
    ordered: dict[str, CompiledModel] = {}

    def add(key: str) -> None:
        node = models.get(key)
        if node is None or key in ordered:
            return
        for parent in node["depends_on"]["nodes"]:
            add(parent)
        sql = node["compiled_code"]
        if node["name"] == AS_OF_MODEL:
            sql = (
                "select coalesce((select as_of_date from main.given_as_of_date), as_of_date) "
                f"as as_of_date from ({sql}) as found"
            )
        ordered[key] = CompiledModel(schema=node["schema"], name=node["name"], sql=sql)

    for key in models:
        add(key)
    return list(ordered.values())


class CompiledMarts:
    """The project's models over raw tables in memory that can be replaced at will."""

    def __init__(self, project: Path, target_folder: Path) -> None:
        self._source: RawSource = raw_source(project, "marketing_raw")
        self._models = compiled_models(target_folder)
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
        self._connection.execute("begin")
        for table in self._source.tables:
            self._connection.execute(f'delete from marketing_raw."{table.name}"')
            self._insert(table.name, getattr(world, table.name))
        self._connection.execute("delete from given_as_of_date")
        if as_of_date is not None:
            self._connection.execute("insert into given_as_of_date values (?)", [as_of_date])
        for model in self._models:
            self._connection.execute(f"delete from {model.relation}")
            self._connection.execute(f"execute build_{model.name}")
        self._connection.execute("commit")

    def rows(self, mart: str) -> list[dict[str, Any]]:
        """Return a mart's rows by column name."""
        result = self._connection.execute(f"select * from marketing.{mart}")
        columns = [column[0] for column in result.description or []]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def _insert(self, table: str, rows: Sequence[Any]) -> None:
        if not rows:
            return
        columns = ", ".join(f'"{field.name}"' for field in fields(rows[0]))
        one = "(" + ", ".join("?" for _ in fields(rows[0])) + ")"
        self._connection.execute(
            f'insert into marketing_raw."{table}" ({columns}) values '
            + ", ".join([one] * len(rows)),
            [value for row in rows for value in astuple(row)],
        )

    def _create_raw_tables(self) -> None:
        self._connection.execute("create schema marketing_raw")
        for table in self._source.tables:
            columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
            self._connection.execute(f'create table marketing_raw."{table.name}" ({columns})')

    def _create_rules(self, folder: Path) -> None:
        self._connection.execute("create schema rules")
        for path in sorted(folder.glob("*.csv")):
            self._connection.read_csv(str(path)).to_table(f"rules.{path.stem}")

    def _prepare_models(self) -> None:
        run = self._connection.execute
        run("create table given_as_of_date (as_of_date date)")
        for model in self._models:
            run(f'create schema if not exists "{model.schema}"')
            run(f"create table {model.relation} as {model.sql}")
            run(f"prepare build_{model.name} as insert into {model.relation} {model.sql}")
