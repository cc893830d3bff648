"""The two ways to a mart's answer: what the project runs, and the query by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.bench.plan import ANSWERS
from marketing_analytics.bench.same import difference

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from marketing_analytics.bench.plan import MartPlan
    from marketing_analytics.bench.queries import HandQuery

BY_HAND = f"{ANSWERS}.by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A mart beside the query by hand for the same question.

    Where the mart is a table both write their rows; where it is a view both are read to the end.
    """

    plan: MartPlan
    hand: HandQuery

    def by_project(self, connection: DuckDBPyConnection) -> None:
        """Build the mart alone with all that it needs; read it where it is a view."""
        self.plan.build(connection)
        self._read_view(connection)

    def last_step(self, connection: DuckDBPyConnection) -> None:
        """Build the mart itself, where all that it needs is built; read it where it is a view."""
        self.plan.steps[-1].run(connection)
        self._read_view(connection)

    def by_hand(self, connection: DuckDBPyConnection) -> None:
        """Answer by the hand-written query."""
        self.hand.prepare(connection)
        if self.plan.is_view:
            _read(connection, f"({self.hand.query})")
        else:
            connection.execute(f"create or replace table {BY_HAND} as {self.hand.query}")

    def difference(self, connection: DuckDBPyConnection) -> str | None:
        """Return in words how the two answers differ; None where they are the same."""
        self.plan.create_schemas(connection)
        self.by_project(connection)
        if not self.plan.is_view:
            self.by_hand(connection)
            return difference(connection, self.plan.relation, BY_HAND, self.plan.key)
        self.hand.prepare(connection)
        return difference(connection, self.plan.relation, f"({self.hand.query})", self.plan.key)

    def _read_view(self, connection: DuckDBPyConnection) -> None:
        if self.plan.is_view:
            _read(connection, self.plan.relation)


def _read(connection: DuckDBPyConnection, relation: str) -> None:
    """Read every row and every column, and keep nothing."""
    connection.execute(f"select bit_xor(hash(answer)) from {relation} as answer").fetchall()
