"""The judge of the forecasts' formulas: tests of single customers that read the models' files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from warehouse import test_forecasts, test_rate_comparisons

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker
    from mutants.faults import Fault

FOLDER = "compiled/marketing_analytics/models/intermediate/forecasts"
TESTS = (
    test_forecasts.test_a_hand_example,
    test_forecasts.test_a_year_of_single_customers_is_forecast_as_published,
    test_forecasts.test_a_segment_beside_changes_nothing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneFolder:
    """Stands in for pytest's factory of folders."""

    folder: Path

    def mktemp(self, _: str) -> Path:
        return self.folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulas:
    """Tests that read the compiled models from a folder, in which a fault is written."""

    folder: Path
    forecast: Callable[..., list[dict[str, float]]]
    name: str = "worked answers"

    def caught_by(self, fault: Fault, original: str) -> str | None:
        """Return a test that fails with the fault."""
        path = self.folder / FOLDER / f"{fault.model}.sql"
        if not path.exists():
            return None
        before = path.read_text(encoding="utf-8")
        sql = fault.planted(original, before)
        if sql is None:
            return None
        path.write_text(sql, encoding="utf-8")
        try:
            return self.failing()
        finally:
            path.write_text(before, encoding="utf-8")

    def failing(self) -> str | None:
        """Return a test that fails as the files are."""
        for test in TESTS:
            try:
                test(self.forecast)
            except (AssertionError, duckdb.Error, ValueError, TypeError):
                return test.__name__
        return None


def formulas(worker: DbtWorker, folder: Path) -> Formulas:
    """Compile the models into a folder, as the tests do."""
    made = test_forecasts.formulas._get_wrapped_function()
    judge = Formulas(folder=folder, forecast=made(worker, _OneFolder(folder=folder)))
    assert len(list((folder / FOLDER).glob("*.sql"))) == 3
    return judge


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedActions:
    """The test of the p-values of actions, which takes the model's query."""

    name: str = "worked answers"

    def caught_by(self, fault: Fault, original: str) -> str | None:
        """Return the test if it fails with the fault."""
        if fault.model != "next_best_action_results":
            return None
        sql = fault.planted(original, original)
        assert sql is not None
        try:
            test_rate_comparisons.check_actions(sql)
        except (AssertionError, duckdb.Error, TypeError):
            return "test_actions_are_compared_with_those_held_out"
        return None
