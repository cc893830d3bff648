"""The hand-written queries, one per mart, and the marts that have none, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import duckdb
import yaml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from duckdb import DuckDBPyConnection

QUERIES = files("marketing_analytics.bench") / "queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandQuery:
    """A hand-written query: statements that prepare it, such as macros, and the query itself."""

    domain: str
    mart: str
    preparations: tuple[str, ...]
    query: str

    def prepare(self, connection: DuckDBPyConnection) -> None:
        """Run what comes before the query."""
        for statement in self.preparations:
            connection.execute(statement)


def hand_queries(folder: Traversable = QUERIES) -> dict[str, HandQuery]:
    """Return every hand-written query by its mart."""
    found = {}
    for domain in folder.iterdir():
        if domain.is_dir():
            for file in domain.iterdir():
                mart = file.name.removesuffix(".sql")
                found[mart] = _parsed(domain.name, mart, file.read_text(encoding="utf-8"))
    return dict(sorted(found.items()))


def left_out(folder: Traversable = QUERIES) -> dict[str, str]:
    """Return the marts without a hand-written query, each with the reason."""
    content: dict[str, str] = yaml.safe_load((folder / "left_out.yml").read_text(encoding="utf-8"))
    return content


def _parsed(domain: str, mart: str, text: str) -> HandQuery:
    *preparations, query = (statement.query for statement in duckdb.extract_statements(text))
    return HandQuery(
        domain=domain, mart=mart, preparations=tuple(preparations), query=query.rstrip("; \n")
    )
