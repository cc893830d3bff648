"""Decides, before any row is written, how each input becomes rows of its raw table."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.load import sql
from marketing_analytics.load.conversion import NUMBERS, Conversion, base_type, conversion
from marketing_analytics.load.expressions import (
    Expression,
    checked_expression,
    column_expression,
)
from marketing_analytics.load.fit import misfits, unknown_target
from marketing_analytics.load.groups import Grouping, Taken, group_conversion, taken
from marketing_analytics.load.model import (
    ColumnRule,
    Input,
    LoadError,
    PreparedFile,
    ValueOptions,
)
from marketing_analytics.load.plan import Plan
from marketing_analytics.load.values import translated
from marketing_analytics.raw_schema import RawColumn, RawTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEFT_EMPTY = Expression(sql="cast(null as varchar)", data_type="VARCHAR")


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
    keys = _keys(connection, source, columns)
    names = {column.name for column in table.columns}
    for unknown in source.rules.keys() - names:
        raise LoadError(unknown_target(unknown, table, source))
    _check_formats(connection, source)
    expressions = [
        _expression(connection, source, column, columns, declared=names, keys=keys)
        for column in table.columns
    ]
    grouping = None
    if keys:
        grouping = Grouping(
            keys=keys,
            having=_having(connection, source, columns, keys),
            taken=_taken(source, table, expressions, keys),
            file_names=tuple(file.path.name for file in files),
        )
    return Plan(
        number=number,
        input=source,
        table=table,
        files=tuple(files),
        columns=columns,
        filter_sql=_filter(connection, source, columns),
        conversions=_conversions(source, table, expressions, grouping),
        has_window=any(expression.has_window for expression in expressions),
        grouping=grouping,
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
    *,
    declared: set[str],
    keys: tuple[str, ...],
) -> Expression:
    rule = source.rules.get(column.name)
    found = LEFT_EMPTY
    if rule is not None and (rule.source is not None or rule.sql is not None):
        return _from_file(connection, rule, columns, keys)
    if rule is not None and rule.take is not None:
        return Expression(sql="count(*)", data_type="BIGINT", has_aggregate=True)
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


def _from_file(
    connection: DuckDBPyConnection,
    rule: ColumnRule,
    columns: Sequence[tuple[str, str]],
    keys: tuple[str, ...],
) -> Expression:
    if rule.source is not None:
        found = column_expression(rule.source, columns, rule.where)
    else:
        found = checked_expression(connection, rule.sql or "", columns, rule.where, keys or None)
    if found.has_aggregate and rule.take is not None:
        raise LoadError(
            f"{rule.where}: the expression has an aggregate, so it is one value per group already; "
            "leave out `take`, or the aggregate"
        )
    if rule.translation is None:
        return found
    text = translated(found.sql, found.data_type, rule.translation)
    return replace(found, sql=text, data_type="VARCHAR")


def _keys(
    connection: DuckDBPyConnection, source: Input, columns: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Return what the lines of a group have in common, as SQL; nothing without groups."""
    keys = []
    for rule in source.one_row_per:
        if rule.source is not None:
            keys.append(column_expression(rule.source, columns, rule.where).sql)
            continue
        found = checked_expression(connection, rule.sql or "", columns, rule.where, ())
        if found.has_aggregate or not found.has_column:
            raise LoadError(
                f"{rule.where}: must be one value per line, from columns of the file: {rule.sql}"
            )
        keys.append(found.sql)
    return tuple(keys)


def _filter(
    connection: DuckDBPyConnection, source: Input, columns: Sequence[tuple[str, str]]
) -> str | None:
    if source.filter_sql is None:
        return None
    where = f"{source.where}.where"
    no_keys = () if source.one_row_per else None  # lines are chosen before they are grouped
    found = checked_expression(connection, source.filter_sql, columns, where, no_keys)
    if found.has_aggregate:
        raise LoadError(f"{where}: chooses lines; conditions on a group go to `having`")
    if found.has_window or found.data_type != "BOOLEAN":
        raise LoadError(f"{where}: must be a condition on one row: {source.filter_sql}")
    return found.sql


def _having(
    connection: DuckDBPyConnection,
    source: Input,
    columns: Sequence[tuple[str, str]],
    keys: tuple[str, ...],
) -> str | None:
    if source.having_sql is None:
        return None
    where = f"{source.where}.having"
    found = checked_expression(connection, source.having_sql, columns, where, keys)
    if not found.has_aggregate or found.data_type != "BOOLEAN":
        raise LoadError(
            f"{where}: must be a condition on a group, such as count(*) > 1; conditions on a line "
            f"go to `where`: {source.having_sql}"
        )
    return found.sql


def _taken(
    source: Input, table: RawTable, expressions: Sequence[Expression], keys: tuple[str, ...]
) -> tuple[Taken, ...]:
    parts = []
    for position, (column, found) in enumerate(zip(table.columns, expressions, strict=True)):
        rule = source.rules.get(column.name)
        is_itself = found.sql in keys and (rule is None or rule.take is None)
        is_constant = rule is not None and rule.constant is not None
        if found is LEFT_EMPTY or found.has_aggregate or is_itself or is_constant:
            parts.append(Taken(value=found.sql, data_type=found.data_type))
        else:
            parts.append(
                taken(
                    column,
                    line=found.sql,
                    data_type=found.data_type,
                    rule=rule,
                    options=source.values,
                    position=position,
                )
            )
    return tuple(parts)


def _conversions(
    source: Input,
    table: RawTable,
    expressions: Sequence[Expression],
    grouping: Grouping | None,
) -> tuple[Conversion, ...]:
    parts = []
    for position, (column, found) in enumerate(zip(table.columns, expressions, strict=True)):
        rule = source.rules.get(column.name)
        is_number = base_type(column.data_type) in NUMBERS
        if rule is not None and rule.shift and not is_number:
            key = "multiply_by" if rule.shift > 0 else "divide_by"
            raise LoadError(f"{rule.where}.{key}: {column.name} holds no numbers")
        is_constant = rule is not None and rule.constant is not None
        options = ValueOptions() if is_constant else source.values
        if grouping is not None:
            parts.append(
                group_conversion(
                    column,
                    grouping.taken[position],
                    rule=rule,
                    options=options,
                    position=position,
                )
            )
        else:
            parts.append(
                conversion(
                    column,
                    expression=found.sql,
                    data_type=found.data_type,
                    rule=rule,
                    options=options,
                    position=position,
                )
            )
    return tuple(parts)
