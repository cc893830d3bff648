"""SQL that turns what a file says into a declared type, and says why it cannot.

Every conversion gives null where the value does not fit; a value that is there and gives null is
an error. Blank text is null before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketing_analytics.load import sql
from marketing_analytics.load.model import ColumnRule, ValueOptions
from marketing_analytics.load.moments import moment
from marketing_analytics.load.text_lines import BLANKS
from marketing_analytics.load.values import FLOATS, as_text, not_accepted
from marketing_analytics.raw_schema import RawColumn

NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
# 1.000 is 1 where people write 1.5, and 1000 where they write 1,5.
AMBIGUOUS = r"[+-]?[1-9]\d{0,2}\.\d{3}"
DECIMAL_COMMA = r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))"
SETTLE = "set `decimal` and `thousands` in the mapping"
WHOLE = r"[+-]?\d+(\.0*)?"
NARROW_SPACES = "\u00a0\u202f"
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
UNSIGNED = ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
WHOLE_NUMBERS = ("bigint", "integer")
NUMBERS = (*WHOLE_NUMBERS, "decimal", "double")
WHOLE_OR_NUMBER = {kind: WHOLE if kind in WHOLE_NUMBERS else NUMBER for kind in NUMBERS}

KINDS = {
    "bigint": "a whole number",
    "integer": "a whole number",
    "decimal": "a number",
    "double": "a number",
    "date": "a date (YYYY-MM-DD)",
    "timestamp": "a time (YYYY-MM-DD HH:MM:SS)",
    "boolean": "true or false (or yes, no, y, n, t, f, 1, 0)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One raw column: the text or value that comes in, what it becomes, and what is wrong with it.

    `shown` is the incoming value as text, for a reject. `difference` is the rounding of an amount,
    null where nothing was rounded. `point` is true where the point of a number may separate
    thousands, false where it cannot, null where there is none.
    """

    column: RawColumn
    incoming: str
    value: str
    problem: str
    shown: str
    difference: str | None
    point: str | None


def base_type(data_type: str) -> str:
    """Return a SQL type without its numbers, in lower case."""
    return data_type.split("(", maxsplit=1)[0].strip().lower()


def conversion(
    column: RawColumn,
    *,
    expression: str,
    data_type: str,
    rule: ColumnRule | None,
    options: ValueOptions,
    position: int,
) -> Conversion:
    """Return the conversion of an expression of that type into a column.

    The incoming value is to be selected under the name v<position>, the value under p<position>.
    """
    incoming, value = f"v{position}", f"p{position}"
    is_text = data_type == "VARCHAR"
    formats = rule.formats if rule else ()
    shift = rule.shift if rule else 0
    kind = base_type(column.data_type)
    number = number_text(incoming, options) if is_text else f"cast({incoming} as varchar)"
    difference: str | None = None
    if kind == "varchar":
        converted = incoming if is_text else as_text(incoming, data_type)
    elif kind in WHOLE_NUMBERS and shift > 0:
        converted, difference = _rounded(f"round({exact(number, shift)}, 0)", kind, number, shift)
    elif kind in WHOLE_NUMBERS:
        converted = _whole(incoming, number, data_type, kind, shift)
    elif kind == "decimal":
        converted, difference = _rounded(exact(number, shift), column.data_type, number, shift)
    elif kind == "double":
        converted = floating(number, shift)
    elif kind == "boolean":
        converted = boolean(incoming, data_type)
    else:
        converted = moment_as(kind, incoming, data_type, formats, options.time_zone)
    # Whole numbers of a smaller unit, such as cents, may come from a number with decimals.
    reads_as = "decimal" if kind in WHOLE_NUMBERS and shift > 0 else kind
    return Conversion(
        column=column,
        incoming=expression,
        value=converted,
        problem=reason_case(
            [
                *unreadable(
                    reads_as, incoming, value, formats, options if is_text else None, shift=shift
                ),
                *_unfit(column, value),
            ]
        ),
        shown=f"cast({incoming} as varchar)",
        difference=difference,
        point=point(incoming, options) if reads_as in ("decimal", "double") and is_text else None,
    )


def moment_as(kind: str, value: str, data_type: str, formats: tuple[str, ...], zone: str) -> str:
    """Return a value as a date or a timestamp of UTC."""
    # A day alone is midnight in the zone as a time, but stays that day as a date.
    day_zone = zone if kind == "timestamp" else "UTC"
    return f"cast({moment(value, data_type, formats, zone, day_zone)} as {kind})"


def _is_unsettled(options: ValueOptions) -> bool:
    return options.decimal is None and options.thousands is None


def point(incoming: str, options: ValueOptions) -> str:
    """Return whether the point of a number in a text may separate thousands."""
    if not _is_unsettled(options):
        return "cast(null as boolean)"
    matches = f"regexp_full_match({incoming}, '{AMBIGUOUS}')"
    return f"case when contains({incoming}, '.') then {matches} end"


def blank_to_null(expression: str, empty: tuple[str, ...] = ()) -> str:
    """Return a text without blanks around it; null where nothing is left or `empty` lists it."""
    trimmed = f"nullif(trim({expression}, '{BLANKS}'), '')"
    if not empty:
        return trimmed
    listed = ", ".join(sql.text(value.strip()) for value in empty)
    return f"case when {trimmed} not in ({listed}) then {trimmed} end"


def number_text(value: str, options: ValueOptions) -> str:
    """Return the text of a number without marks of thousands and with a decimal point."""
    decimal, thousands = options.decimal or ".", options.thousands
    if thousands is not None:
        if thousands == " ":
            for space in NARROW_SPACES:
                value = f"replace({value}, '{space}', ' ')"
        grouped = rf"[+-]?\d{{1,3}}([{thousands}]\d{{3}})+([{decimal}]\d*)?"
        # "1,23" is no grouping of thousands: it stays as it is and is refused as no number.
        value = (
            f"case when regexp_full_match({value}, {sql.text(grouped)}) "
            f"then replace({value}, {sql.text(thousands)}, '') else {value} end"
        )
    if decimal == ",":
        value = f"replace(replace({value}, '.', '?'), ',', '.')"
    return value


def exact(number: str, shift: int = 0) -> str:
    """Return the number as an exact decimal, multiplied by a power of ten; below 0 divides."""
    guarded = _guarded(number)
    if shift == 0:
        return f"try_cast({guarded} as decimal(38, 12))"
    if shift > 0:
        return f"(try_cast({guarded} as decimal(31, 12)) * cast(1e{shift} as decimal(7, 0)))"
    factor = "0." + "1".rjust(-shift, "0")
    return f"(try_cast({guarded} as decimal(24, 6)) * cast({factor} as decimal(7, 6)))"


def _guarded(number: str) -> str:
    return f"case when regexp_full_match({number}, '{NUMBER}') then {number} end"


def _whole(incoming: str, number: str, data_type: str, kind: str, shift: int) -> str:
    if shift:
        divided = exact(number, shift)
        return f"case when {divided} = trunc({divided}) then try_cast({divided} as {kind}) end"
    if data_type in INTEGERS + UNSIGNED:
        return f"try_cast({incoming} as {kind})"
    if data_type in FLOATS:
        return f"case when {incoming} = trunc({incoming}) then try_cast({incoming} as {kind}) end"
    return f"case when regexp_full_match({number}, '{WHOLE}') then try_cast({number} as {kind}) end"


def _rounded(amount: str, data_type: str, number: str, shift: int) -> tuple[str, str]:
    """Return an amount in its type, and what rounding added to it."""
    rounded = f"try_cast({amount} as {data_type})"
    added = f"cast({rounded} as decimal(38, 12)) - {exact(number, shift)}"
    return rounded, f"nullif({added}, 0)"


def floating(number: str, shift: int = 0) -> str:
    """Return the number as a double, multiplied by a power of ten; below 0 divides."""
    operator = "*" if shift > 0 else "/"
    return f"(try_cast({_guarded(number)} as double) {operator} 1e{abs(shift)})"


def boolean(value: str, data_type: str) -> str:
    """Return a value as true or false, null where it is neither."""
    lowered = f"lower({as_text(value, data_type)})"
    return (
        f"case when {lowered} in ('true', 't', 'yes', 'y', '1') then true "
        f"when {lowered} in ('false', 'f', 'no', 'n', '0') then false end"
    )


def unreadable(
    kind: str,
    incoming: str,
    value: str,
    formats: tuple[str, ...],
    options: ValueOptions | None,
    *,
    shift: int = 0,
) -> list[tuple[str, str]]:
    """Return conditions and reasons for what is there and does not fit the kind.

    `options` are those of text, None for another type.
    """
    if kind == "varchar":
        return []
    expected = KINDS.get(kind, kind)
    if formats:
        expected = f"{expected.split(' (')[0]} in the format {' or '.join(formats)}"
    cases = [] if options is None else _unclear_numbers(kind, incoming, value, options)
    # A whole number that was divided may be none any more.
    if options is not None and kind in NUMBERS and not (shift < 0 and kind in WHOLE_NUMBERS):
        digits = f"regexp_full_match({number_text(incoming, options)}, '{WHOLE_OR_NUMBER[kind]}')"
        cases.append((f"{value} is null and {digits}", "too large a number"))
    return [*cases, (f"{incoming} is not null and {value} is null", f"not {expected}")]


def _unfit(column: RawColumn, value: str) -> list[tuple[str, str]]:
    """Return conditions and reasons for values that the column does not take."""
    kind = base_type(column.data_type)
    cases: list[tuple[str, str]] = []
    if not column.nullable:
        cases.append((f"{value} is null", "empty, but the column needs a value"))
    if kind == "varchar":
        cases.append((f"contains({value}, chr(0))", "holds a zero byte"))
    if kind in ("date", "timestamp"):
        span = f"{value} < date '1900-01-01' or {value} >= date '2201-01-01'"
        cases.append((span, "outside the years 1900 to 2200"))
    if kind == "double":
        cases.append((f"not isfinite({value})", "not a finite number"))
    if column.positive:
        cases.append((f"{value} <= 0", "not above zero"))
    elif column.non_negative:
        cases.append((f"{value} < 0", "negative"))
    return cases + not_accepted(column, value)


def reason_case(cases: list[tuple[str, str]]) -> str:
    """Return a case expression: the first reason that holds, null when none does."""
    if not cases:
        return "cast(null as varchar)"
    return "case " + " ".join(f"when {c} then {sql.text(r)}" for c, r in cases) + " end"


def _unclear_numbers(
    kind: str, incoming: str, value: str, options: ValueOptions
) -> list[tuple[str, str]]:
    """Return conditions and reasons for numbers that seem to be written in another way."""
    cases = []
    if kind in WHOLE_NUMBERS and _is_unsettled(options):
        unclear = f"regexp_full_match({incoming}, '{AMBIGUOUS}')"
        cases.append((unclear, f"not certain: 1.000 may be 1 or 1000; {SETTLE}"))
    if kind in NUMBERS and options.decimal is None and options.thousands != ",":
        comma = f"{value} is null and regexp_full_match({incoming}, '{DECIMAL_COMMA}')"
        hint = 'where the comma is the decimal sign, set `decimal: ","` in the mapping'
        cases.append((comma, f"not {KINDS[kind]}; {hint}"))
    return cases
