"""The database work of a load: stage, reject, drop duplicates, put into place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_analytics.load import sql
from marketing_analytics.load.model import Reject, Rounding
from marketing_analytics.load.plan import Plan
from marketing_analytics.load.prepare import broken_relation
from marketing_analytics.raw_schema import RawTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DUPLICATE = "duplicate key, a later row replaced it"
DUPLICATE_CODE = 65535
LEFT_OUT_CODE = 65534
FIRST_REJECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A raw table being loaded, and the temporary table of its rejected rows."""

    connection: DuckDBPyConnection
    schema: str
    table: RawTable
    number: int

    @property
    def name(self) -> str:
        """Return the staged table's name."""
        return f"{sql.name(self.schema)}.{sql.name('mktg:stage:' + self.table.name)}"

    @property
    def final(self) -> str:
        """Return the raw table's name."""
        return f"{sql.name(self.schema)}.{sql.name(self.table.name)}"

    @property
    def rejects(self) -> str:
        """Return the name of the temporary table of rejects."""
        return f"temp.mktg_rejects_{self.number}"

    def fill(self, plans: list[Plan]) -> None:
        """Read every input into the staged table and every refused row into the rejects."""
        self._run(f"create schema if not exists {sql.name(self.schema)}")
        self._run(
            f"create or replace temp table {self.rejects.removeprefix('temp.')} (input integer, "
            "file_number integer, file varchar, line bigint, column_name varchar, "
            "value varchar, reason varchar, row_content varchar)"
        )
        for position, plan in enumerate(plans):
            begin = (
                f"create table {self.name} as " if position == 0 else f"insert into {self.name} "
            )
            self._run(begin + self._staged(plan, plans))
            self._reject_broken(plan)
        self._mark_duplicates()
        for plan in plans:
            self._reject_failed(plan)

    def _staged(self, plan: Plan, plans: list[Plan]) -> str:
        parts = list(enumerate(plan.conversions))
        values = ", ".join(f"p{i} as {sql.name(part.column.name)}" for i, part in parts)
        by_name = {part.column.name: part for part in plan.conversions}
        # All inputs of a table give the same columns.
        values += "".join(
            f", cast({by_name[name].difference or 'null'} as decimal(38, 12)) as {_rounding(name)}"
            for name in rounded_columns(plans)
        )
        values += "".join(
            f", cast({by_name[name].point or 'null'} as boolean) as {point_column(name)}"
            for name in pointed_columns(plans)
        )
        if any(other.grouping for other in plans):
            values += f", {sql.LINES if plan.grouping else 1} as {sql.LINES}"
        code = " ".join(f"when e{i} is not null then {i}" for i, _ in parts)
        if plan.grouping:
            code = f"when not {sql.KEPT} then {LEFT_OUT_CODE} {code}"
        # Rows keep the order of the files; windows and groups alone would shuffle them.
        order = f" order by {sql.FILE}, {sql.LINE}" if plan.has_window or plan.grouping else ""
        return (
            f"{plan.checked_sql()} select {values}, "
            f"cast({plan.number} as usmallint) as {sql.INPUT}, {sql.FILE}, {sql.LINE}, "
            f"cast(case {code} end as usmallint) as {sql.ERROR} from checked{order}"
        )

    def _reject_broken(self, plan: Plan) -> None:
        for number, file in enumerate(plan.files):
            if file.broken is not None:
                self._run(
                    f"insert into {self.rejects} select {plan.number}, {number}, "
                    f"{sql.text(str(file.path))}, cast(line as bigint), null, null, reason, "
                    f"raw from {broken_relation(file)}"
                )

    def _mark_duplicates(self) -> None:
        keys = [sql.name(column) for column in self.table.key]
        good = f"from {self.name} where {sql.ERROR} is null"
        repeated = f"select {', '.join(keys)} {good} group by all having count(*) > 1"
        if self._run(f"{repeated} limit 1") == []:
            return
        same = " and ".join(f"staged.{key} is not distinct from repeated.{key}" for key in keys)
        order = f"{sql.INPUT} desc, {sql.FILE} desc, {sql.LINE} desc"
        partition = ", ".join(f"staged.{key}" for key in keys)
        self._run(
            f"update {self.name} set {sql.ERROR} = {DUPLICATE_CODE} where rowid in ("
            "select id from (select staged.rowid as id, row_number() over "
            f"(partition by {partition} order by {order}) as age from {self.name} as staged "
            f"inner join ({repeated}) as repeated on {same} "
            f"where staged.{sql.ERROR} is null) where age > 1)"
        )

    def _reject_failed(self, plan: Plan) -> None:
        failed = (
            f"{self.name} where {sql.ERROR} is not null and {sql.ERROR} <> {LEFT_OUT_CODE} "
            f"and {sql.INPUT} = {plan.number}"
        )
        if self._run(f"select 1 from {failed} limit 1") == []:
            return
        parts = list(enumerate(plan.conversions))
        positions = {part.column.name: i for i, part in parts}
        key = ", ".join(plan.conversions[positions[column]].shown for column in self.table.key)

        def chosen(per_column: list[str], duplicate: str) -> str:
            cases = " ".join(f"when {i} then {case}" for i, case in enumerate(per_column))
            return f"case failed.code {cases} when {DUPLICATE_CODE} then {duplicate} end"

        column = chosen(
            [sql.text(part.column.name) for _, part in parts], sql.text(", ".join(self.table.key))
        )
        value = chosen([part.shown for _, part in parts], f"concat_ws(', ', {key})")
        reason = chosen([f"e{i}" for i, _ in parts], sql.text(DUPLICATE))
        paths = sql.texts([str(file.path) for file in plan.files])
        self._run(
            f"insert into {self.rejects} "
            + plan.checked_sql(f"select {sql.FILE}, {sql.LINE}, {sql.ERROR} as code from {failed}")
            + f"select {plan.number}, {sql.FILE}, {paths}[{sql.FILE} + 1], {sql.LINE}, "
            f"{column}, {value}, {reason}, row_content "
            f"from checked inner join failed using ({sql.FILE}, {sql.LINE})"
        )

    def loaded_count(self) -> int:
        """Return how many staged rows are good."""
        return int(self._run(f"select count(*) from {self.name} where {sql.ERROR} is null")[0][0])

    def staged_count(self, plan: Plan) -> int:
        """Return how many rows an input gave, good or not, left-out ones not counted."""
        return int(self._run(f"select count(*) from {self.name} where {_of(plan)}")[0][0])

    def group_counts(self, plan: Plan) -> tuple[int, int, int, int]:
        """Return the rows and lines of an input's groups, and those that `having` left out."""
        left_out = f"{sql.ERROR} is not distinct from {LEFT_OUT_CODE}"
        lines = f"cast(coalesce(sum({sql.LINES}) filter (where"
        row = self._run(
            f"select count(*) filter (where not ({left_out})), "
            f"{lines} not ({left_out})), 0) as bigint), count(*) filter (where {left_out}), "
            f"{lines} {left_out}), 0) as bigint) from {self.name} where {_of(plan)}"
        )[0]
        return int(row[0]), int(row[1]), int(row[2]), int(row[3])

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Return how many rows were refused for each reason, the most frequent first."""
        # The line of a value inside of a group would make every reason another one.
        reason = r"regexp_replace(reason, ' \(in .*:\d+\)$', '')"
        rows = self._run(
            f"select case when column_name is null then {reason} else column_name || ': ' || "
            f"{reason} end, count(*) from {self.rejects} group by 1 order by 2 desc, 1"
        )
        return tuple((str(row[0]), int(row[1])) for row in rows)

    def first_rejects(self) -> tuple[Reject, ...]:
        """Return the first rejects in the order of the files."""
        rows = self._run(
            f"select file, line, column_name, value, reason from {self.rejects} "
            f"order by input, file_number, line limit {FIRST_REJECTS}"
        )
        return tuple(
            Reject(file=row[0], line=row[1], column=row[2], value=row[3], reason=row[4])
            for row in rows
        )

    def roundings(self, plans: list[Plan]) -> tuple[Rounding, ...]:
        """Return what rounding amounts to the columns' decimals changed."""
        found = []
        for name in rounded_columns(plans):
            column = _rounding(name)
            count, net = self._run(
                f"select count({column}), cast(coalesce(sum({column}), 0) as varchar) "
                f"from {self.name} where {sql.ERROR} is null"
            )[0]
            if count:
                net_text = str(net).rstrip("0").rstrip(".")
                found.append(Rounding(column=name, value_count=count, net_difference=net_text))
        return tuple(found)

    def put_into_place(self, *, append: bool) -> None:
        """Make the staged good rows the raw table, or add them to it by key."""
        self._run(f"delete from {self.name} where {sql.ERROR} is not null")
        declared = {column.name for column in self.table.columns}
        for column, *_ in self._run(f"describe {self.name}"):
            if column not in declared:
                self._run(f"alter table {self.name} drop column {sql.name(column)}")
        if append:
            keys = [sql.name(column) for column in self.table.key]
            same = " and ".join(f"kept.{key} is not distinct from staged.{key}" for key in keys)
            columns = ", ".join(sql.name(column.name) for column in self.table.columns)
            self._run(f"delete from {self.final} as kept using {self.name} as staged where {same}")
            self._run(f"insert into {self.final} ({columns}) select {columns} from {self.name}")
            self._run(f"drop table {self.name}")
        else:
            self._run(f"drop table if exists {self.final}")
            self._run(f"alter table {self.name} rename to {sql.name(self.table.name)}")

    def keep_rejects(self) -> None:
        """Write this load's rejects for people to look at, in place of the last load's."""
        schema = f"{self.schema}_rejected"
        self._run(f"create schema if not exists {sql.name(schema)}")
        self._run(
            f"create or replace table {sql.name(schema)}.{sql.name(self.table.name)} as "
            f"select file, line, column_name, value, reason, row_content from {self.rejects} "
            "order by input, file_number, line"
        )

    def discard(self) -> None:
        """Drop the staged table."""
        self._run(f"drop table {self.name}")

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return rows


def _of(plan: Plan) -> str:
    return f"{sql.INPUT} = {plan.number}"


def _rounding(column: str) -> str:
    return sql.name(f"mktg:difference:{column}")


def rounded_columns(plans: Sequence[Plan]) -> list[str]:
    """Return the columns that an input may round."""
    return _with([[part.difference for part in plan.conversions] for plan in plans], plans[0])


def pointed_columns(plans: Sequence[Plan]) -> list[str]:
    """Return the columns that an input reads from numbers that may have a point."""
    return _with([[part.point for part in plan.conversions] for plan in plans], plans[0])


def _with(found: list[list[str | None]], plan: Plan) -> list[str]:
    return [
        column.name
        for column, parts in zip(plan.table.columns, zip(*found, strict=True), strict=True)
        if any(part is not None for part in parts)
    ]


def point_column(column: str) -> str:
    """Return the staged table's column that says what the points in a column's numbers may be."""
    return sql.name(f"mktg:point:{column}")
