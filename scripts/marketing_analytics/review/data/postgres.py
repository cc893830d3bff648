"""Both builds in one PostgreSQL database, which does the comparing itself."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.data.session import by_table, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from marketing_analytics.engines.marts import Cursor

NAME = "n.nspname::text || '.' || c.relname::text"
OF_USERS = "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSession:
    """A PostgreSQL database in which base and head stand in schemas of their own."""

    cursor: Cursor

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        self.cursor.execute(sql)
        return self.cursor.fetchall()

    def run(self, sql: str) -> None:
        """Run a statement."""
        self.cursor.execute(sql)

    def types(self, side: str) -> dict[str, dict[str, str]]:
        """Return the columns and types of every table and view of a side, by schema.table."""
        return by_table(
            self.rows(
                f"select {NAME}, a.attname, format_type(a.atttypid, a.atttypmod) "
                "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not attisdropped "
                f"where c.relkind in ('r', 'v', 'm', 'p', 'f') and {OF_USERS} "
                "order by 1, a.attnum"
            )
        )

    def views(self, side: str) -> frozenset[str]:
        """Return the views of a side, as schema.table."""
        found = self.rows(
            f"select {NAME} from pg_class c join pg_namespace n "
            f"on n.oid = c.relnamespace where c.relkind = 'v' and {OF_USERS}"
        )
        return frozenset(name for (name,) in found)

    def relation(self, side: str, name: str) -> str:
        """Return schema.table as a query of that side writes it."""
        schema, _, table = name.partition(".")
        return quoted(schema, table)

    def row_hash(self, expressions: Sequence[str]) -> str:
        """Return an expression that is never null: a number of 64 bits for these values."""
        return f"hashtextextended(row({', '.join(expressions)})::text, 0)"

    def in_sample(self, expressions: Sequence[str], share: int) -> str:
        """Return a condition that holds for one in `share` of all values of a key."""
        return f"mod({self.row_hash(expressions)}, {share}) = 0"

    def significant(self, expression: str, digits: int) -> str:
        """Return an expression that rounds a double to so many digits, whatever its size."""
        number = f"cast({expression} as numeric)"
        places = f"{digits - 1} - cast(floor(log(abs({number}))) as integer)"
        return (
            f"case when abs({expression}) > 1e-290 and abs({expression}) < 1e290 "
            f"then cast(round({number}, {places}) as double precision) else {expression} end"
        )

    def quantiles(self, expression: str, fractions: Sequence[float]) -> str:
        """Return an aggregate: a list of interpolated quantiles."""
        listed = ", ".join(map(str, fractions))
        return (
            f"percentile_cont(array[{listed}]) "
            f"within group (order by cast({expression} as double precision))"
        )

    def as_text(self, expression: str) -> str:
        """Return the value as text."""
        return f"cast({expression} as text)"


@contextmanager
def postgres_session() -> Iterator[PostgresSession]:
    """Connect to the server that the target postgres of profiles.yml names.

    Raises:
        MarketingAnalyticsError: the driver is not installed, or the server does not answer.
    """
    try:
        import psycopg2  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MarketingAnalyticsError(
            "the driver for PostgreSQL is missing; pip install 'marketing-analytics[postgres]'"
        ) from error
    from marketing_analytics.engines.postgres import Server, connected  # noqa: PLC0415

    server = Server(
        host=os.environ.get("MKTG_HOST", "localhost"),
        user=os.environ.get("MKTG_USER", "dbt"),
        database=os.environ.get("MKTG_DATABASE", "marketing"),
    )
    try:
        with connected(server) as cursor:
            yield PostgresSession(cursor=cursor)
    except psycopg2.OperationalError as error:
        raise MarketingAnalyticsError(
            f"PostgreSQL does not answer; set MKTG_HOST, MKTG_USER and the like ({error})"
        ) from error


def drop_schemas(prefix: str) -> None:
    """Drop every schema whose name begins so, with all that is in it."""
    with postgres_session() as session:
        found = session.rows(
            f"select nspname from pg_namespace where left(nspname, {len(prefix)}) = '{prefix}'"
        )
        for (schema,) in found:
            session.run(f"drop schema {quoted(schema)} cascade")
