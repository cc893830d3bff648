"""Runs every compiled model and data test on an engine, and compares the models with DuckDB's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from marketing_analytics.engines.compare import Row, Table, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from marketing_analytics.engines.warehouses.compiled import Compiled, Node

BUILT = "built"  # the database that DuckDB has built, attached under this name
# A part of an amount, computed as a double: engines round its last digits in their own ways.
SHARE = re.compile(r"DECIMAL\(38,1\d\)")
BATCH = 30  # tests in one query


class RefusedError(Exception):
    """An engine refuses a query or fails in it."""

    def __init__(self, message: str, line: int = 1) -> None:
        """Keep what the engine says, in one line, and the line of the SQL that it means."""
        super().__init__(" ".join(message.split()))
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """Something that a dialect does not allow or that it does in another way."""

    path: str
    line: int
    dialect: str
    message: str

    def __str__(self) -> str:
        """Return it as one line that editors can follow to the file."""
        return f"{self.path}:{self.line}: {self.dialect}: {self.message}"


class Engine(Protocol):
    """What runs SQL of one dialect over tables that it is given."""

    def add(self, table: str) -> None:
        """Take a table as DuckDB's own build has it, in place of any other."""

    def run(self, node: Node, relations: Mapping[str, str]) -> Table:
        """Run a node over the tables it reads; keep a model's rows for those that read it.

        Raises:
            RefusedError: the engine refuses the query or fails in it.
        """

    def run_branch(self, node: Node, relations: Mapping[str, str]) -> Table | None:
        """Run a model's branch for an incremental build over the full tables; keep nothing.

        None stands for rows that it would take too long to compute.

        Raises:
            RefusedError: the engine refuses the query or fails in it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """An engine, what is to run on it, and DuckDB's own build to compare with."""

    dialect: str
    compiled: Compiled
    engine: Engine
    connection: DuckDBPyConnection

    def findings(self) -> Iterator[Finding]:
        """Run every model and then every test; yield what is refused or differs."""
        made = {node.table for node in self.compiled.models}
        read = {table for node in self.compiled.nodes for table in node.reads}
        for table in sorted(read - made):
            self.engine.add(table)
        for node in self.compiled.models:
            yield from self._model_findings(node)
        for tests in _batches(node for node in self.compiled.nodes if node.is_test):
            yield from self._test_findings(tests)

    def _model_findings(self, node: Node) -> Iterator[Finding]:
        """Compare a model; one that is wrong is handed on as DuckDB has it, to be found once."""
        try:
            found = self.engine.run(node, self.compiled.relations)
        except RefusedError as error:
            self.engine.add(node.table)
            yield self._finding(node, str(error), error.line)
            return
        columns, rows = read_built(self.connection, node.table)
        if node.is_filled_by_queries:
            rows = ()
        expected = Table(columns=tuple(name for name, _ in columns), rows=rows)
        shares = [place for place, (_, kind) in enumerate(columns) if SHARE.fullmatch(kind)]
        lines = differences(
            {node.name: with_doubles(expected, shares)}, {node.name: with_doubles(found, shares)}
        )
        if lines or node.is_filled_by_queries:
            self.engine.add(node.table)
        for line in lines:
            yield self._finding(node, line)

    def incremental_findings(
        self, incremental: Compiled, expected: Mapping[str, Table]
    ) -> Iterator[Finding]:
        """Run the branches for an incremental build over the full tables, compare their rows."""
        for node in incremental.models:
            try:
                found = self.engine.run_branch(node, incremental.relations)
            except RefusedError as error:
                yield self._finding(node, f"incrementally: {error}", error.line)
                continue
            if found is None:
                continue
            for line in differences({node.name: expected[node.name]}, {node.name: found}):
                yield self._finding(node, f"incrementally: {line}")

    def _test_findings(self, tests: Sequence[Node]) -> Iterator[Finding]:
        """Run tests of the same tables in one query; one by one where some find something."""
        counted = "\nunion all\n".join(
            f"select {place} as test, count(*) as row_count from (\n{test.sql}\n) as test_{place}"
            for place, test in enumerate(tests)
        )
        try:
            batch = self.engine.run(replace(tests[0], sql=counted), self.compiled.relations)
            chosen = [tests[_integer(row[0])] for row in batch.rows if row[1]]
        except RefusedError:
            chosen = list(tests)
        for test in chosen:
            try:
                found = self.engine.run(test, self.compiled.relations)
            except RefusedError as error:
                yield self._finding(test, str(error), error.line)
                continue
            if found.rows and not test.warns:
                message = f"finds {len(found.rows)} rows, such as {found.rows[0]}"
                yield self._finding(test, f"test {test.name} {message}")

    def _finding(self, node: Node, message: str, line: int = 1) -> Finding:
        return Finding(path=node.path, line=node.line(line), dialect=self.dialect, message=message)


def with_doubles(table: Table, places: Sequence[int]) -> Table:
    """Return a table with the values at some places of its rows as doubles."""
    if not places:
        return table

    def changed(row: Row) -> Row:
        values = list(row)
        for place in places:
            value = values[place]
            values[place] = float(value) if isinstance(value, Decimal) else value
        return tuple(values)

    return Table(columns=table.columns, rows=tuple(map(changed, table.rows)))


def read_built(
    connection: DuckDBPyConnection, table: str
) -> tuple[tuple[tuple[str, str], ...], tuple[Row, ...]]:
    """Return names and types of the columns, and the rows, of a table that DuckDB has built."""
    rows = connection.execute(f"from {BUILT}.{table}")
    columns = tuple((column[0], str(column[1])) for column in rows.description)
    return columns, tuple(rows.fetchall())


def _batches(tests: Iterable[Node]) -> Iterator[Sequence[Node]]:
    """Yield the tests by the tables they read."""
    by_tables: dict[tuple[str, ...], list[Node]] = {}
    for test in tests:
        by_tables.setdefault(tuple(sorted(test.reads)), []).append(test)
    for same in by_tables.values():
        for start in range(0, len(same), BATCH):
            yield same[start : start + BATCH]


def _integer(value: object) -> int:
    assert isinstance(value, int)
    return value
