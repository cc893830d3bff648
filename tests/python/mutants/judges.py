"""Who catches a fault: unit tests, data tests, worked answers, plain Python references."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import duckdb

from mutants.scene import RefusedError, Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from mutants.artifacts import Artifacts, DataTest, UnitTest
    from mutants.faults import Fault


class Judge(Protocol):
    """Looks at a fault and says what of the tests fails."""

    @property
    def name(self) -> str:
        """The kind of tests that judge."""

    def caught_by(self, fault: Fault, original: str) -> str | None:
        """Return the name of a test that fails with the fault, and not without; None if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTests:
    """The dbt unit tests of the model, each on its own rows, compared as dbt does: as text."""

    connection: DuckDBPyConnection  # with the rules
    tests: Mapping[str, Sequence[UnitTest]]
    name: str = "unit tests"

    def caught_by(self, fault: Fault, original: str) -> str | None:
        """Return the first unit test of the model that fails, or else that the database refuses."""
        refusal = None
        for test in self.tests.get(fault.model, ()):
            sql = fault.planted(original, test.model_sql)
            try:
                if sql is not None and not self.passes(test, sql):
                    return test.name
            except duckdb.Error as error:
                refusal = f"refused: {str(error).splitlines()[0]}"
        return refusal

    def passes(self, test: UnitTest, model_sql: str | None = None) -> bool:
        """Tell whether a test passes, with the model's query or another one in its place."""
        assert test.sql.count(test.model_sql) == 1
        sql = test.sql if model_sql is None else test.sql.replace(test.model_sql, model_sql)
        result = self.connection.execute(sql)
        columns = [column[0] for column in result.description]
        side = columns.index("actual_or_expected")
        found: dict[str, Counter[tuple[str, ...]]] = {"actual": Counter(), "expected": Counter()}
        for row in result.fetchall():
            found[row[side]][tuple(map(str, row[:side] + row[side + 1 :]))] += 1
        return found["actual"] == found["expected"]


@dataclass(slots=True, kw_only=True)
class InScene:
    """Tests of the tables of a scene: which of them fail once a model is replaced?"""

    name: str
    scene: Scene
    compiled: Artifacts
    _statuses: dict[str, bool] = field(default_factory=dict)

    def caught_by(self, fault: Fault, original: str) -> str | None:
        """Return a test of the scene that fails with the fault."""
        model = self.scene.models.get(fault.model)
        sql = fault.planted(original, model.sql) if model is not None else None
        if sql is None:
            return None
        try:
            if not self.scene.outcome(fault.model, sql):
                return None
            with self.scene.replaced(fault.model, sql) as changed:
                return self.failing(changed)
        except RefusedError as refused:
            return f"refused: {str(refused).splitlines()[0]}"

    def failing(self, changed: Collection[str]) -> str | None:
        """Return a test that fails now, of those that read a changed model."""
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class DataTests(InScene):
    """The data tests of dbt."""

    def __post_init__(self) -> None:
        """Note which tests fail as things are: the traps call for some warnings."""
        for test in self._tests():
            self._statuses[test.name] = self._holds(test)

    def _tests(self) -> list[DataTest]:
        return [
            t for t in self.compiled.data_tests if t.parents and t.parents <= set(self.scene.models)
        ]

    def failed_before(self) -> list[str]:
        """Return the tests that fail without any fault."""
        return sorted(name for name, holds in self._statuses.items() if not holds)

    def _holds(self, test: DataTest) -> bool:
        return (
            self.scene.connection.execute(f"select 1 from ({test.sql}) limit 1").fetchone() is None
        )

    def failing(self, changed: Collection[str]) -> str | None:
        """Return a test whose status has changed."""
        for test in self._tests():
            if test.parents & set(changed) and self._holds(test) != self._statuses[test.name]:
                return test.name
        return None


@dataclass(slots=True, kw_only=True)
class Answers(InScene):
    """Tests of the suite that read a built warehouse, run on the scene instead."""

    answers: Mapping[str, Callable[[], None]]

    def failing(self, changed: Collection[str]) -> str | None:
        """Return a test that fails now."""
        return next((name for name in self.answers if not self.holds(name)), None)

    def holds(self, name: str) -> bool:
        """Tell whether a test passes on the scene as it is."""
        try:
            self.answers[name]()
        except (AssertionError, duckdb.Error, KeyError, ValueError, TypeError):
            return False
        return True
