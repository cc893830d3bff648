"""The summary of a load as text."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from marketing_analytics.console import printable
from marketing_analytics.load.model import GroupCounts, LoadResult, Reject, TableResult

WIDEST = 1000
SHORT = "fields, but the header has"


def render(result: LoadResult, console: Console) -> None:
    """Print what became of the rows of every table."""
    # Wider than a narrow terminal rather than cut: a number without its end is another number.
    counts = _counts(result, plain=not console.is_terminal)
    counts.width = console.measure(counts, options=console.options.update(width=WIDEST)).maximum
    console.print(counts, crop=False)
    for line in [*_details(result), *_verdict(result)]:
        console.print(printable(line), markup=False, soft_wrap=True)


def _counts(result: LoadResult, *, plain: bool) -> Table:
    table = Table(box=None if plain else box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("table", no_wrap=True)
    for heading in ("files", "rows in", "loaded", "rejected", "left out"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in result.tables:
        counts = (row.row_count, row.loaded_count, row.rejected_count, row.left_out_count)
        table.add_row(row.table, str(row.file_count), *(f"{count:,}" for count in counts))
    return table


def _details(result: LoadResult) -> list[str]:
    lines = []
    for table in result.tables:
        lines += [f"{table.table}: rejected {count:,}: {reason}" for reason, count in table.reasons]
        if table.groups is not None:
            lines.append(_groups(table.table, table.groups))
        if (left_out := _left_out_rows(table)) > 0:
            lines.append(f"{table.table}: {left_out:,} rows left out by the mapping")
        lines += [
            f"{table.table}: {rounding.column} rounded in {rounding.value_count:,} rows, "
            f"the sum changed by {rounding.net_difference}"
            for rounding in table.roundings
        ]
    if result.tables_without_file:
        lines.append(
            f"no file for: {', '.join(result.tables_without_file)} (kept as they are, empty if new)"
        )
    return lines + [f"note: {note}" for note in result.notes]


def _left_out_rows(table: TableResult) -> int:
    """Return how many rows were left out of the inputs that make a row of every line."""
    groups = table.groups
    of_groups = groups.filtered_line_count + groups.dropped_line_count if groups else 0
    return table.left_out_count - of_groups


def _groups(table: str, groups: GroupCounts) -> str:
    parts = []
    if groups.filtered_line_count:
        parts.append(f"{groups.filtered_line_count:,} lines left out by `where`")
    if groups.dropped_row_count:
        parts.append(
            f"{groups.dropped_row_count:,} rows of {groups.dropped_line_count:,} lines left out "
            "by `having`"
        )
    left_out = f"; {', '.join(parts)}" if parts else ""
    return f"{table}: {groups.line_count:,} lines -> {groups.row_count:,} rows{left_out}"


def _verdict(result: LoadResult) -> list[str]:
    lines = [""]
    for table in result.tables:
        if table.is_over_limit or (result.is_dry_run and table.first_rejects):
            lines.append(f"{table.table}: the first rejected rows")
            lines += [f"  {_reject(reject)}" for reject in table.first_rejects]
    if result.failed:
        over = [table for table in result.tables if table.is_over_limit]
        lines += [_over_limit(table, result) for table in over]
        if any(SHORT in reason for table in over for reason, _ in table.reasons):
            lines.append("lines that are merely short: `fill_short_rows: true` in a mapping")
        lines.append("nothing was loaded; the tables are as they were")
    elif result.is_dry_run:
        lines.append("dry run: nothing was written")
    else:
        lines.append(f"loaded into {result.database}")
        if any(table.rejected_count for table in result.tables):
            lines.append(f"rejected rows are in {result.schema}_rejected, one table per table")
    return lines


def _reject(reject: Reject) -> str:
    place = reject.file if reject.line is None else f"{reject.file}:{reject.line}"
    value = "" if reject.value is None else f" {reject.value!r}"
    column = "" if reject.column is None else f" {reject.column}"
    return f"{place}{column}{value}: {reject.reason}"


def _over_limit(table: TableResult, result: LoadResult) -> str:
    kept = "" if result.is_dry_run else f"; see {result.schema}_rejected.{table.table}"
    return (
        f"{table.table}: {table.rejected_count:,} of {table.candidate_count:,} "
        f"rows rejected, more than --max-rejected {result.limit} allows{kept}"
    )
