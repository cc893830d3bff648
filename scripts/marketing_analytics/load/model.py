"""Facts that the steps of a load hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from marketing_analytics.errors import MarketingAnalyticsError


class LoadError(MarketingAnalyticsError):
    """Something in the files, the mapping or the call that the user can put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How a file is to be read; None means: find out from the file."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    fill_short_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOptions:
    """How the text in a file's columns is to be understood; a decimal of None is a point."""

    decimal: str | None = None
    thousands: str | None = None
    time_zone: str = "UTC"
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """How one raw column comes about: exactly one of `source`, `constant` and `sql` is given."""

    where: str
    source: str | None = None
    constant: str | None = None
    sql: str | None = None
    formats: tuple[str, ...] = ()
    divide_by: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Files that feed one raw table in one way; a rule of None leaves that column empty."""

    table: str
    files: tuple[Path, ...]
    where: str
    read: ReadOptions = field(default_factory=ReadOptions)
    values: ValueOptions = field(default_factory=ValueOptions)
    filter_sql: str | None = None
    rules: dict[str, ColumnRule | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFile:
    """A file that the engine can read: `relation` yields LINE and then the file's columns."""

    path: Path
    relation: str
    columns: tuple[tuple[str, str], ...]
    row_count: int
    broken: Path | None = None
    broken_count: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that was not loaded, and why."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Amounts that had more decimals than the column: how many, and what rounding them added."""

    column: str
    value_count: int
    net_difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """What became of the rows of one raw table."""

    table: str
    file_count: int
    row_count: int
    loaded_count: int
    left_out_count: int
    reasons: tuple[tuple[str, int], ...]
    first_rejects: tuple[Reject, ...]
    roundings: tuple[Rounding, ...]
    is_over_limit: bool
    notes: tuple[str, ...] = ()

    @property
    def rejected_count(self) -> int:
        """Return how many rows were rejected, for whatever reason."""
        return sum(count for _, count in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What a load did; `failed` says that too many rows were rejected and nothing was loaded."""

    source: str
    schema: str
    tables: tuple[TableResult, ...]
    tables_without_file: tuple[str, ...]
    notes: tuple[str, ...]
    database: Path
    is_dry_run: bool
    limit: str

    @property
    def failed(self) -> bool:
        """Return whether a table had more rejected rows than the call allows."""
        return any(table.is_over_limit for table in self.tables)
