"""What the trap sets share: raw data loaded into a folder, built, compared with worked answers."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from conftest import DATA, PROJECT
from marketing_analytics.commands.load import load
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker

TRAPS = DATA / "traps"


def money(amount: str) -> Decimal:
    return Decimal(amount)


def amounts(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def near(*values: float | None) -> Any:
    """Return what compares as equal to rows of these, floats to eight digits."""
    return tuple(v if v is None else pytest.approx(v, rel=1e-8, abs=1e-12) for v in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """A folder with local.duckdb and dbt's artifacts."""

    folder: Path
    worker: DbtWorker

    @property
    def database(self) -> Path:
        return self.folder / "local.duckdb"

    def load_traps(self, source: str) -> None:
        """Load tests/python/data/traps/SOURCE as `mktg load` does."""
        arguments = [source, "--from", str(TRAPS / source), "--database", str(self.database)]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(PROJECT)
            result = CliRunner().invoke(load, arguments)
        assert result.exit_code == 0, result.output

    def dbt(self, *arguments: str) -> DbtRun:
        return self.worker.run(
            *arguments,
            *("--target", "local", "--quiet", "--target-path", str(self.folder)),
            *("--log-path", str(self.folder / "logs")),
            environment={"MKTG_DATABASE_DIR": str(self.folder)},
        )

    def statuses(self, *wanted: str) -> list[str]:
        """Return what ended in one of the states, by the part of its id that names it."""
        artifact = self.folder / "run_results.json"
        if not artifact.exists():  # dbt ended before its first node
            return []
        results = json.loads(artifact.read_text())["results"]
        found = [r["unique_id"].split(".")[2] for r in results if r["status"] in wanted]
        return sorted(found)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = connect(self.database, read_only=True)
        rows = connection.execute(query).fetchall()
        connection.close()
        return rows

    def by_key(self, query: str, key: int = 1) -> dict[Any, Any]:
        """Return the columns after the first `key` ones, by those."""
        return {r[0] if key == 1 else r[:key]: r[key:] for r in self.rows(query)}

    def columns(self, relation: str) -> list[str]:
        return [r[0] for r in self.rows(f"describe {relation}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedAnswers:
    """A CSV file with the columns and rows that a mart must hold; 1/3 is a number, too."""

    path: Path

    def read(self) -> tuple[list[str], list[tuple[str | None, ...]]]:
        with self.path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return header, [tuple(cell or None for cell in row) for row in rows]

    def differences(self, warehouse: Warehouse, relation: str, *, key: int) -> list[str]:
        """Return one line per cell that differs and per row that only one side has."""
        header, expected_rows = self.read()
        found_rows = warehouse.rows(f"select {', '.join(header)} from {relation}")
        expected = {row[:key]: row for row in expected_rows}
        found = {tuple(map(_text, row[:key])): row for row in found_rows}
        assert len(expected) == len(expected_rows), f"{self.path} repeats a key"
        if len(found) != len(found_rows):
            return [f"{relation} repeats a key"]
        lines = [f"{k} is missing" for k in expected.keys() - found.keys()]
        lines += [f"{k} should not be there" for k in found.keys() - expected.keys()]
        lines += [
            f"{k} {column}: {value!r}, worked out {cell}"
            for k in expected.keys() & found.keys()
            for column, cell, value in zip(header, expected[k], found[k], strict=True)
            if not _same(cell, value)
        ]
        return sorted(lines)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(cell: str | None, value: Any) -> bool:
    """Tell whether a value is what the cell says: money and counts to the digit, floats nearly."""
    if cell is None or value is None or isinstance(value, str | bool | date):
        return cell == _text(value)
    if isinstance(value, float):
        return bool(value == pytest.approx(float(Fraction(cell)), rel=1e-8, abs=1e-12))
    return bool(Fraction(cell) == Fraction(value))
