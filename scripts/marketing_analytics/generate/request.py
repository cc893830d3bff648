"""What was asked for, and what a source has to offer so that it can be generated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row: TypeAlias = dict[str, object]

DEFAULT_SEED = 7
DEFAULT_AS_OF = date(2024, 6, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What decides the data: the same request gives the same rows."""

    seed: int = DEFAULT_SEED
    as_of: date = DEFAULT_AS_OF
    days: int
    scale: float = 1.0

    @property
    def first_day(self) -> date:
        """The first generated day."""
        return self.as_of - timedelta(days=self.days - 1)

    def period(self) -> list[date]:
        """Return the generated days in order."""
        return [self.first_day + timedelta(days=index) for index in range(self.days)]


class Generator(Protocol):
    """A raw source that can be generated."""

    default_days: int

    def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
        """Create the working tables that the queries read."""

    def query(self, table: str) -> str:
        """Return a query for the rows of a raw table, in order; columns in any order."""
