"""One input, ready to run, and the SQL that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marketing_analytics.load import sql
from marketing_analytics.load.conversion import Conversion, blank_to_null
from marketing_analytics.load.groups import Grouping
from marketing_analytics.load.model import Input, PreparedFile
from marketing_analytics.raw_schema import RawTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One input, ready to run: its files, its filter and a conversion for every raw column."""

    number: int
    input: Input
    table: RawTable
    files: tuple[PreparedFile, ...]
    columns: tuple[tuple[str, str], ...]
    filter_sql: str | None
    conversions: tuple[Conversion, ...]
    has_window: bool
    grouping: Grouping | None
    notes: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """Return how many rows the files hold, the broken ones included."""
        return sum(file.row_count + file.broken_count for file in self.files)

    def checked_sql(self, failed: str | None = None) -> str:
        """Return CTEs; the last, `checked`, has v<i> as read, value p<i> and problem e<i>.

        `failed` is a query for the file and line of some rows, of groups their first line:
        `checked` then has only these, and their content as JSON.
        """
        indices = range(len(self.conversions))
        raw = ", ".join(f"{sql.name(c)} := {sql.name(c)}" for c, _ in self.columns)
        content = f"cast(to_json(struct_pack({raw})) as varchar) as row_content"
        values = ", ".join(f"{part.value} as p{i}" for i, part in enumerate(self.conversions))
        problems = ", ".join(f"{part.problem} as e{i}" for i, part in enumerate(self.conversions))
        row = f"{sql.FILE}, {sql.LINE}{', row_content' if failed else ''}"
        beside = self.grouping.names() if self.grouping else []
        rest = ", ".join([row, *beside, *(f"v{i}" for i in indices)])
        pick = f" semi join failed using ({sql.FILE}, {sql.LINE})" if failed else ""
        # Windows and groups need the other rows; else the sooner they are gone the better.
        early, late = ("", pick) if self.has_window or self.grouping else (pick, "")
        return (
            f"with {f'failed as ({failed}), ' if failed else ''}"
            f"written as (select * from ({self._written()}){early}), "
            f"source as ({self._source(content if failed else None)}), "
            f"kept as (select * from source {self._where}), "
            f"{self._incoming(row, only_failed=failed is not None)}"
            f"converted as (select {rest}, {values} from incoming{late}), "
            f"checked as (select *, {problems} from converted) "
        )

    def _incoming(self, row: str, *, only_failed: bool) -> str:
        if self.grouping is not None:
            return self.grouping.ctes(only_failed=only_failed)
        incoming = ", ".join(f"{part.incoming} as v{i}" for i, part in enumerate(self.conversions))
        return f"incoming as (select {row}, {incoming} from kept), "

    @property
    def _where(self) -> str:
        return f"where cast({self.filter_sql} as boolean)" if self.filter_sql else ""

    def probes(self) -> Iterator[tuple[str, str]]:
        """Yield the key of every expression and a query that fails when it fails on a row."""
        source = f"with written as ({self._written()}), source as ({self._source()}) select count"
        if self.filter_sql:
            yield f"{self.input.where}.where", f"{source}(*) from source {self._where}"
        for where, expression, is_aggregate in self._expressions():
            group_by = ""
            if is_aggregate and self.grouping is not None:
                group_by = f" group by {', '.join(self.grouping.keys)}"
            query = f"select {expression} as probed from source {self._where}{group_by}"
            yield where, f"{source}(probed) from ({query})"

    def _expressions(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the key of every expression, its SQL, and whether it is one of a group."""
        if self.grouping is not None:
            for key in self.grouping.keys:
                yield f"{self.input.where}.one_row_per", key, False
            if self.grouping.having:
                yield f"{self.input.where}.having", self.grouping.having, True
        for i, part in enumerate(self.conversions):
            rule = self.input.rules.get(part.column.name)
            if rule is not None and rule.sql is not None:
                line = self.grouping.taken[i].line if self.grouping else None
                is_aggregate = self.grouping is not None and line is None
                yield rule.where, line or part.incoming, is_aggregate

    def _source(self, content: str | None = None) -> str:
        """Return a query for the rows of the CTE `written` without blank text."""
        cleaned = ", ".join(
            f"{blank_to_null(sql.name(column), self.input.values.empty)} as {sql.name(column)}"
            if kind == "VARCHAR"
            else sql.name(column)
            for column, kind in self.columns
        )
        row = f"{sql.FILE}, {sql.LINE}" + (f", {content}" if content else "")
        return f"select {row}, {cleaned} from written"

    def _written(self) -> str:
        """Return a query for the rows of all files as they are."""
        parts = []
        for number, file in enumerate(self.files):
            own = {column.lower(): kind for column, kind in file.columns}
            picked = ", ".join(
                f"cast({sql.name(column) if column.lower() in own else 'null'} as {kind}) "
                f"as {sql.name(column)}"
                if own.get(column.lower()) != kind
                else sql.name(column)
                for column, kind in self.columns
            )
            parts.append(
                f"select cast({number} as usmallint) as {sql.FILE}, {sql.LINE}, {picked} "
                f"from ({file.relation})"
            )
        return " union all ".join(parts)
