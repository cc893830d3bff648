"""SQL that makes one row of the lines of a group: what `one_row_per` and `take` ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marketing_analytics.load import sql
from marketing_analytics.load.conversion import (
    NUMBERS,
    Conversion,
    base_type,
    boolean,
    conversion,
    exact,
    floating,
    moment_as,
    number_text,
    point,
    reason_case,
    unreadable,
)
from marketing_analytics.load.model import ColumnRule, LoadError, ValueOptions
from marketing_analytics.load.values import as_text
from marketing_analytics.raw_schema import RawColumn

# The place of a line as one number: its file, then its line in it.
LINES_PER_FILE = 1 << 44
SHOWN_LINES = 20
SEVERAL = "different values in one group; choose with `take`, or add a column to `one_row_per`"
EXACT = "DECIMAL(38,12)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How the lines of a group give a column's value; each part is SQL, None where not needed.

    `line` is a line's value over the file's columns, `read` that value in a type that can be
    compared or added, `unreadable` the reason why it is none. The others are aggregates: the
    value, why a group has none, the text to blame, and the point of its numbers.
    """

    value: str
    data_type: str
    line: str | None = None
    read: str | None = None
    unreadable: str | None = None
    problem: str | None = None
    culprit: str | None = None
    point: str | None = None


def taken(
    column: RawColumn,
    *,
    line: str,
    data_type: str,
    rule: ColumnRule | None,
    options: ValueOptions,
    position: int,
) -> Taken:
    """Return how the value of a column comes from the values of a group's lines.

    Raises:
        LoadError: it cannot be taken that way.
    """
    take = (rule.take if rule else None) or "only"
    value = _x(position)
    if take in ("sum", "min", "max"):
        return _computed(
            column,
            take,
            line=line,
            data_type=data_type,
            rule=rule,
            options=options,
            position=position,
        )
    if take == "count":
        return Taken(value=f"count({value})", data_type="BIGINT", line=line)
    if take == "only":
        pair = f"{as_text(f'min({value})', data_type)}, {as_text(f'max({value})', data_type)}"
        return Taken(
            value=f"min({value})",
            data_type=data_type,
            line=line,
            problem=f"case when min({value}) <> max({value}) then {sql.text(SEVERAL)} end",
            culprit=f"case when min({value}) <> max({value}) then concat_ws(' / ', {pair}) end",
        )
    chosen = {
        "first": f"arg_min({value}, {sql.POSITION})",
        "last": f"arg_max({value}, {sql.POSITION})",
        # Unlike mode(), the smallest of those that are equally frequent.
        "most": f"list_sort(list_transform(map_entries(histogram({value})), lambda e: "
        "struct_pack(n := -cast(e.value as bigint), v := e.key)))[1].v",
    }[take]
    return Taken(value=chosen, data_type=data_type, line=line)


def _computed(
    column: RawColumn,
    take: str,
    *,
    line: str,
    data_type: str,
    rule: ColumnRule | None,
    options: ValueOptions,
    position: int,
) -> Taken:
    """Return a sum or an extreme: every line has to be readable as what the column holds."""
    kind = base_type(column.data_type)
    where = rule.where if rule else ""
    if take == "sum" and kind not in NUMBERS:
        raise LoadError(f"{where}.take: sum gives a number, and {column.name} holds {kind}")
    value, read = _x(position), sql.name(f"mktg:y{position}")
    is_text = data_type == "VARCHAR"
    formats = rule.formats if rule else ()
    reading, result = _reading(
        kind, value, data_type, is_sum=take == "sum", formats=formats, options=options
    )
    # A sum of whole numbers may have lines with decimals; the sum itself is checked.
    reads_as = kind if kind not in NUMBERS or not (rule and rule.shift > 0) else "decimal"
    cases = unreadable(reads_as, value, read, formats, options if is_text else None)
    reason = sql.name(f"mktg:z{position}")
    has_point = is_text and reads_as in ("decimal", "double")
    return Taken(
        value=f"{take}({read})",
        data_type=result,
        line=line,
        read=reading,
        unreadable=reason_case(cases) if cases else None,
        problem=f"arg_min({reason}, {sql.POSITION})" if cases else None,
        culprit=f"arg_min({as_text(value, data_type)}, {sql.POSITION}) "
        f"filter (where {reason} is not null)"
        if cases
        else None,
        point=f"bool_and({point(value, options)})" if has_point else None,
    )


def _reading(
    kind: str,
    value: str,
    data_type: str,
    *,
    is_sum: bool,
    formats: tuple[str, ...],
    options: ValueOptions,
) -> tuple[str, str]:
    """Return a line's value as what can be added or compared, and the type of that."""
    is_text = data_type == "VARCHAR"
    if kind in NUMBERS:
        number = number_text(value, options) if is_text else f"cast({value} as varchar)"
        # Doubles are compared as they are, but added as decimals: their sum depends on the order.
        is_floating = kind == "double" and not is_sum
        return (floating(number), "DOUBLE") if is_floating else (exact(number), EXACT)
    if kind == "boolean":
        return boolean(value, data_type), "BOOLEAN"
    if kind == "varchar":
        return (value if is_text else as_text(value, data_type)), "VARCHAR"
    return moment_as(kind, value, data_type, formats, options.time_zone), kind.upper()


def _x(position: int) -> str:
    return sql.name(f"mktg:x{position}")


def group_conversion(
    column: RawColumn,
    part: Taken,
    *,
    rule: ColumnRule | None,
    options: ValueOptions,
    position: int,
) -> Conversion:
    """Return the conversion of a group's value into its column."""
    if part.read is not None:  # the lines are read already
        options = ValueOptions()
        rule = replace(rule, formats=(), translation=None) if rule else None
    found = conversion(
        column,
        expression=part.value,
        data_type=part.data_type,
        rule=rule,
        options=options,
        position=position,
    )
    shown = found.shown
    if part.data_type == EXACT:
        shown = f"rtrim(rtrim({shown}, '0'), '.')"
    if part.problem is not None:
        found = replace(found, problem=f"coalesce(b{position}, {found.problem})")
        shown = f"coalesce(w{position}, {shown})"
    return replace(
        found, shown=shown, point=f"g{position}" if part.point is not None else found.point
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Which lines become one row, which groups stay, and how each column comes about."""

    keys: tuple[str, ...]
    having: str | None
    taken: tuple[Taken, ...]
    file_names: tuple[str, ...]

    def names(self) -> list[str]:
        """Return the columns of `incoming` that stand beside the values."""
        return [sql.LINES, sql.KEPT, *(name for name, _ in self._aggregates() if name[0] != "v")]

    def ctes(self, *, only_failed: bool) -> str:
        """Return CTEs from `kept`, the lines of the input, to `incoming`, its groups.

        With `only_failed`, `incoming` has the groups whose first lines are in `failed`, with the
        content of their first lines.
        """
        keys = [sql.name(f"mktg:k{i}") for i in range(len(self.keys))]
        named = ", ".join(f"{key} as {name}" for key, name in zip(self.keys, keys, strict=True))
        number = f"cast({sql.FILE} as bigint) * {LINES_PER_FILE} + {sql.LINE} as {sql.POSITION}"
        placed = f"placed as (select *, {number}, {named} from kept), "
        if only_failed:
            same = " and ".join(f"placed.{key} is not distinct from keyed.{key}" for key in keys)
            placed += (
                f"keyed as (select distinct {', '.join(keys)} from placed "
                f"semi join failed using ({sql.FILE}, {sql.LINE})), "
                f"members as (select placed.* from placed semi join keyed on ({same})), "
            )
        # No column of the file has these names: one of them may be called v0.
        values = ", ".join(f"{_inner(name)} as {name}" for name, _ in self._aggregates())
        content = ", row_content" if only_failed else ""
        return (
            placed + f"lined as (select *{self._lines()} from "
            f"{'members' if only_failed else 'placed'}), "
            f"reading as (select *{self._reads()} from lined), "
            f"judged as (select *{self._reasons()} from reading), "
            f"grouped as ({self._groups(content)}), "
            f"incoming as (select cast({sql.POSITION} // {LINES_PER_FILE} as usmallint) "
            f"as {sql.FILE}, {sql.POSITION} % {LINES_PER_FILE} as {sql.LINE}, "
            f"{sql.LINES}, {sql.KEPT}, {values}{content} from grouped), "
        )

    def _lines(self) -> str:
        parts = enumerate(self.taken)
        return "".join(f", {part.line} as {_x(i)}" for i, part in parts if part.line is not None)

    def _reads(self) -> str:
        return "".join(
            f", {part.read} as {sql.name(f'mktg:y{i}')}"
            for i, part in enumerate(self.taken)
            if part.read is not None
        )

    def _reasons(self) -> str:
        names = sql.texts(self.file_names)
        place = f"' (in ' || {names}[{sql.FILE} + 1] || ':' || {sql.LINE} || ')'"
        return "".join(
            f", {part.unreadable} || {place} as {sql.name(f'mktg:z{i}')}"
            for i, part in enumerate(self.taken)
            if part.unreadable is not None
        )

    def _aggregates(self) -> list[tuple[str, str]]:
        """Return the names and the SQL of a group's values and of what is said about them."""
        found = []
        for i, part in enumerate(self.taken):
            named = (("v", part.value), ("b", part.problem), ("w", part.culprit), ("g", part.point))
            found += [(f"{letter}{i}", text) for letter, text in named if text is not None]
        return found

    def _groups(self, content: str) -> str:
        values = [f"{text} as {_inner(name)}" for name, text in self._aggregates()]
        if content:
            first = f"arg_min(row_content, {sql.POSITION}, {SHOWN_LINES})"
            values.append(f"'[' || array_to_string({first}, ', ') || ']' as row_content")
        kept = f"coalesce(cast({self.having} as boolean), false)" if self.having else "true"
        return (
            f"select min({sql.POSITION}) as {sql.POSITION}, count(*) as {sql.LINES}, "
            f"{kept} as {sql.KEPT}, {', '.join(values)} from judged group by {', '.join(self.keys)}"
        )


def _inner(name: str) -> str:
    return sql.name(f"mktg:{name}")
