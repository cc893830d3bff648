"""Decides, before any row is written, how each input becomes rows of its raw table."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.conversion import Conversion, blank_to_null, conversion
from marketing_analytics.load.expressions import (
    Expression,
    checked_expression,
    column_expression,
)
from marketing_analytics.load.fit import misfits, unknown_target
from marketing_analytics.load.model import Input, LoadError, PreparedFile, ValueOptions
from marketing_analytics.raw_schema import RawColumn, RawTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEFT_EMPTY = Expression(sql="cast(null as varchar)", data_type="VARCHAR")


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
    notes: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """Return how many rows the files hold, the broken ones included."""
        return sum(file.row_count + file.broken_count for file in self.files)

    def checked_sql(self, failed: str | None = None) -> str:
        """Return CTEs; the last, `checked`, has v<i> as read, value p<i> and problem e<i>.

        `failed` is a query for the file and line of some rows: `checked` then has only these, and
        their content as JSON.
        """
        indices = range(len(self.conversions))
        raw = ", ".join(f"{sql.name(c)} := {sql.name(c)}" for c, _ in self.columns)
        content = f"cast(to_json(struct_pack({raw})) as varchar) as row_content"
        incoming = ", ".join(f"{part.incoming} as v{i}" for i, part in enumerate(self.conversions))
        values = ", ".join(f"{part.value} as p{i}" for i, part in enumerate(self.conversions))
        problems = ", ".join(f"{part.problem} as e{i}" for i, part in enumerate(self.conversions))
        row = f"{sql.FILE}, {sql.LINE}{', row_content' if failed else ''}"
        rest = row + "".join(f", v{i}" for i in indices)
        pick = f" semi join failed using ({sql.FILE}, {sql.LINE})" if failed else ""
        # A window function needs the other rows; else the sooner they are gone the better.
        early, late = ("", pick) if self.has_window else (pick, "")
        return (
            f"with {f'failed as ({failed}), ' if failed else ''}"
            f"written as (select * from ({self._written()}){early}), "
            f"source as ({self._source(content if failed else None)}), "
            f"kept as (select * from source {self._where}), "
            f"incoming as (select {row}, {incoming} from kept), "
            f"converted as (select {rest}, {values} from incoming{late}), "
            f"checked as (select *, {problems} from converted) "
        )

    @property
    def _where(self) -> str:
        return f"where cast({self.filter_sql} as boolean)" if self.filter_sql else ""

    def probes(self) -> Iterator[tuple[str, str]]:
        """Yield the key of every expression and a query that fails when it fails on a row."""
        source = f"with written as ({self._written()}), source as ({self._source()}) select count"
        if self.filter_sql:
            yield f"{self.input.where}.where", f"{source}(*) from source {self._where}"
        for part in self.conversions:
            rule = self.input.rules.get(part.column.name)
            if rule is not None and rule.sql is not None:
                query = f"select {part.incoming} as probed from source {self._where}"
                yield rule.where, f"{source}(probed) from ({query})"

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


def plan(
    connection: DuckDBPyConnection,
    *,
    number: int,
    table: RawTable,
    source: Input,
    files: Sequence[PreparedFile],
) -> Plan:
    """Return how an input becomes rows of its table.

    Raises:
        LoadError: the mapping names what is not there, or a needed column comes from nowhere.
    """
    columns = _columns(files)
    _check_zone(connection, source)
    filter_sql = None
    if source.filter_sql is not None:
        where = f"{source.where}.where"
        checked = checked_expression(connection, source.filter_sql, columns, where)
        if checked.has_window or checked.data_type != "BOOLEAN":
            raise LoadError(f"{where}: must be a condition on one row: {source.filter_sql}")
        filter_sql = checked.sql
    names = {column.name for column in table.columns}
    for unknown in source.rules.keys() - names:
        raise LoadError(unknown_target(unknown, table, source))
    _check_formats(connection, source)
    expressions = [
        _expression(connection, source, column, columns, names) for column in table.columns
    ]
    return Plan(
        number=number,
        input=source,
        table=table,
        files=tuple(files),
        columns=columns,
        filter_sql=filter_sql,
        conversions=tuple(
            _conversion(source, column, expression, position)
            for position, (column, expression) in enumerate(
                zip(table.columns, expressions, strict=True)
            )
        ),
        has_window=any(expression.has_window for expression in expressions),
        notes=() if source.rules else misfits(source, table, columns),
    )


def _columns(files: Sequence[PreparedFile]) -> tuple[tuple[str, str], ...]:
    """Return the columns of all files together, in the order in which they first come."""
    names: dict[str, str] = {}
    kinds: dict[str, set[str]] = {}
    for file in files:
        for column, kind in file.columns:
            names.setdefault(column.lower(), column)
            kinds.setdefault(column.lower(), set()).add(kind)
    return tuple(
        (name, next(iter(kinds[key])) if len(kinds[key]) == 1 else "VARCHAR")
        for key, name in names.items()
    )


def _check_zone(connection: DuckDBPyConnection, source: Input) -> None:
    zone = source.values.time_zone
    try:
        query = f"select cast(timezone({sql.text(zone)}, timestamp '2020-01-01') as varchar)"
        connection.execute(query).fetchone()
    except duckdb.Error as error:
        raise LoadError(
            f"{source.where}.time_zone: unknown time zone {zone!r}; "
            "write it as in Europe/Berlin or America/New_York"
        ) from error


def _check_formats(connection: DuckDBPyConnection, source: Input) -> None:
    for rule in source.rules.values():
        for form in rule.formats if rule else ():
            try:
                connection.execute(f"select try_strptime('x', {sql.text(form)})").fetchone()
            except duckdb.Error as error:
                where = rule.where if rule else source.where
                raise LoadError(
                    f"{where}.format: {form!r} is no format of a date or time; "
                    "write it as in %d.%m.%Y or %Y-%m-%d %H:%M:%S"
                ) from error


def _expression(
    connection: DuckDBPyConnection,
    source: Input,
    column: RawColumn,
    columns: Sequence[tuple[str, str]],
    declared: set[str],
) -> Expression:
    rule = source.rules.get(column.name)
    found = LEFT_EMPTY
    if rule is not None and rule.source is not None:
        return column_expression(rule.source, columns, rule.where)
    if rule is not None and rule.sql is not None:
        return checked_expression(connection, rule.sql, columns, rule.where)
    if rule is not None and rule.constant is not None:
        if not rule.constant.strip() and not column.nullable:
            raise LoadError(
                f"{rule.where}.value: is blank, but {source.table}.{column.name} needs a value"
            )
        if not rule.constant.strip():
            return LEFT_EMPTY
        return Expression(sql=sql.text(rule.constant), data_type="VARCHAR")
    if column.name not in source.rules and column.name in {name.lower() for name, _ in columns}:
        found = column_expression(column.name, columns, source.where)
    if found is LEFT_EMPTY and not column.nullable:
        # A column that feeds another one by its own name is no misspelling of this one.
        spare = [name for name, _ in columns if name.lower() not in declared]
        close = difflib.get_close_matches(column.name, spare, n=1)
        hint = f" (it has {close[0]!r})" if close else ""
        raise LoadError(
            f"{source.where}: {source.table}.{column.name} needs a value, and the file has no "
            f"column of that name{hint}; say in a mapping where it comes from. "
            f"The file has: {', '.join(name for name, _ in columns)}"
        )
    return found


def _conversion(
    source: Input, column: RawColumn, expression: Expression, position: int
) -> Conversion:
    rule = source.rules.get(column.name)
    is_constant = rule is not None and rule.constant is not None
    return conversion(
        column,
        expression=expression.sql,
        data_type=expression.data_type,
        rule=rule,
        options=ValueOptions() if is_constant else source.values,
        position=position,
    )
