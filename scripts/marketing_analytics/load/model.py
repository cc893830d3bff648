"""Facts that the steps of a load hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from marketing_analytics.console import printable
from marketing_analytics.errors import MarketingAnalyticsError

LONGEST_MESSAGE = 2000


class LoadError(MarketingAnalyticsError):
    """Something in the files, the mapping or the call that the user can put right.

    The message is one line that can be read, whatever the files and their names hold.
    """

    def __init__(self, message: str) -> None:
        line = printable(message)
        super().__init__(line if len(line) <= LONGEST_MESSAGE else line[:LONGEST_MESSAGE] + " …")


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
class Translation:
    """What a file's texts become; others stay as they are, or become `otherwise`."""

    values: tuple[tuple[str, str | None], ...]
    keeps_others: bool = True
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """How one raw column comes about: one of `source`, `constant` and `sql` is given.

    `take` says how one value comes from the lines of a group; only a count needs none of the three.
    """

    where: str
    source: str | None = None
    constant: str | None = None
    sql: str | None = None
    formats: tuple[str, ...] = ()
    divide_by: int = 1
    multiply_by: int = 1
    take: str | None = None
    translation: Translation | None = None

    @property
    def shift(self) -> int:
        """Return the power of ten that the values are multiplied by; below zero divides."""
        return str(self.multiply_by).count("0") - str(self.divide_by).count("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Files that feed one raw table in one way; a rule of None leaves that column empty.

    With `one_row_per`, lines that agree in all of it become one row.
    """

    table: str
    files: tuple[Path, ...]
    where: str
    read: ReadOptions = field(default_factory=ReadOptions)
    values: ValueOptions = field(default_factory=ValueOptions)
    filter_sql: str | None = None
    one_row_per: tuple[ColumnRule, ...] = ()
    having_sql: str | None = None
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
class GroupCounts:
    """What `one_row_per` made of lines: `row_count` rows, and what `where` and `having` left out.

    `broken_count` lines could not be taken apart, so that they are in no group.
    """

    line_count: int
    row_count: int
    filtered_line_count: int
    dropped_row_count: int
    dropped_line_count: int
    broken_count: int

    @property
    def grouped_line_count(self) -> int:
        """Return how many lines are in the rows."""
        lost = self.filtered_line_count + self.dropped_line_count + self.broken_count
        return self.line_count - lost


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """What became of the rows of one raw table; `groups` is for inputs with `one_row_per`."""

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
    groups: GroupCounts | None = None

    @property
    def rejected_count(self) -> int:
        """Return how many rows were rejected, for whatever reason."""
        return sum(count for _, count in self.reasons)

    @property
    def candidate_count(self) -> int:
        """Return how many rows could have been loaded: lines, or groups and broken lines."""
        grouped = self.groups.grouped_line_count - self.groups.row_count if self.groups else 0
        return self.row_count - self.left_out_count - grouped


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
