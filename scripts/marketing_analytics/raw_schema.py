"""The declared raw schema, read from models/sources/*.yml: the only place where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path

# The parser in C takes a tenth of the time, where it was built.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawColumn:
    """A declared column: its SQL type, whether it may be empty, and what it means.

    `non_negative` and `positive` repeat its positive_value test, with and without `or_zero`;
    `accepted` repeats its accepted_values test, empty where it has none.
    """

    name: str
    data_type: str
    nullable: bool
    description: str
    non_negative: bool = False
    positive: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A declared raw table; `key` names the columns that make a row unique."""

    name: str
    columns: tuple[RawColumn, ...]
    key: tuple[str, ...]
    description: str

    def column(self, name: str) -> RawColumn:
        """Return the column of that name; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSource:
    """A declared raw source: its schema in the database and its tables in order."""

    name: str
    schema: str
    tables: tuple[RawTable, ...]

    def table(self, name: str) -> RawTable:
        """Return the table of that name; KeyError when the source has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


def raw_sources(project: Path) -> dict[str, RawSource]:
    """Return every declared source of the project by name.

    Raises:
        MarketingAnalyticsError: the folder models/sources declares none.
    """
    sources: dict[str, RawSource] = {}
    for path in sorted((project / "models" / "sources").glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        for declared in content.get("sources", []):
            sources[declared["name"]] = _source(declared)
    if not sources:
        raise MarketingAnalyticsError(f"{project / 'models' / 'sources'} declares no source")
    return sources


def raw_source(project: Path, name: str) -> RawSource:
    """Return one declared source.

    Raises:
        MarketingAnalyticsError: no source has that name.
    """
    sources = raw_sources(project)
    if name not in sources:
        raise MarketingAnalyticsError(
            f"unknown source {name!r}; the project declares {', '.join(sorted(sources))}"
        )
    return sources[name]


def _source(declared: dict[str, Any]) -> RawSource:
    return RawSource(
        name=declared["name"],
        schema=declared["name"],  # `schema:` is for warehouses that other loaders fill
        tables=tuple(_table(table) for table in declared["tables"]),
    )


def _table(declared: dict[str, Any]) -> RawTable:
    return RawTable(
        name=declared["name"],
        columns=tuple(_column(column) for column in declared["columns"]),
        key=tuple(declared["config"]["meta"]["key"]),
        description=" ".join(declared["description"].split()),
    )


def _column(declared: dict[str, Any]) -> RawColumn:
    tests = _tests(declared.get("data_tests", []))
    positive_value = tests.get("positive_value")
    or_zero = bool((positive_value or {}).get("arguments", {}).get("or_zero"))
    return RawColumn(
        name=declared["name"],
        data_type=declared["data_type"],
        nullable="not_null" not in tests,
        description=" ".join(declared["description"].split()),
        non_negative=positive_value is not None and or_zero,
        positive=positive_value is not None and not or_zero,
        accepted=_accepted(tests.get("accepted_values", {})),
    )


def _accepted(test: dict[str, Any]) -> tuple[str, ...]:
    """Return the values of an accepted_values test that every row has to pass."""
    config = test.get("config", {})
    if "where" in config or config.get("severity") == "warn":
        return ()
    values = test.get("arguments", test).get("values", [])
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def _tests(declared: list[Any]) -> dict[str, dict[str, Any]]:
    """Return the tests of a column by name, with what stands below each."""
    tests: dict[str, dict[str, Any]] = {}
    for test in declared:
        if isinstance(test, str):
            tests[test] = {}
        else:
            tests |= {name: body or {} for name, body in test.items()}
    return tests
