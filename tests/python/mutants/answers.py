"""Tests of the suite that take a built warehouse, called with one in memory."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from duckdb import DuckDBPyConnection

from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from marketing_analytics.dbt import DbtWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseInMemory(Warehouse):
    """What the tests of the trap sets read, without a file."""

    connection: DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(query).fetchall()


def in_memory_warehouse(connection: DuckDBPyConnection) -> WarehouseInMemory:
    """Return a warehouse that only reads."""
    no_worker = cast("DbtWorker", None)
    return WarehouseInMemory(folder=Path(), worker=no_worker, connection=connection)


def answers_of(
    module: ModuleType, given: Mapping[str, object], left_out: tuple[str, ...] = ()
) -> dict[str, Callable[[], None]]:
    """Return the tests of a module that need no more than what is given, by name and parameters."""
    found: dict[str, Callable[[], None]] = {}
    for name, test in vars(module).items():
        if not name.startswith("test_") or name in left_out or not inspect.isfunction(test):
            continue
        wanted = set(inspect.signature(test).parameters)
        for case, arguments in _cases(test):
            fixtures = wanted - arguments.keys()
            if fixtures and fixtures <= given.keys():
                values = {fixture: given[fixture] for fixture in fixtures}
                found[f"{name}{case}"] = partial(test, **values, **arguments)
    return found


def _cases(test: Callable[..., None]) -> Iterator[tuple[str, dict[str, Any]]]:
    marks = [m for m in getattr(test, "pytestmark", []) if m.name == "parametrize"]
    for values in product(*(mark.args[1] for mark in marks)):
        arguments: dict[str, Any] = {}
        for mark, value in zip(marks, values, strict=True):
            names = mark.args[0]
            several = isinstance(names, tuple)
            pairs = zip(names, value, strict=True) if several else [(names, value)]
            arguments.update(pairs)
        yield "".join(f"[{value}]" for value in values), arguments
