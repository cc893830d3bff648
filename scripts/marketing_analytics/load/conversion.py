"""SQL that turns what a file says into a declared type, and says why it cannot.

Every conversion gives null where the value does not fit; a value that is there and gives null is
an error. Blank text is null before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketing_analytics.load import sql
from marketing_analytics.load.model import ColumnRule, ValueOptions
from marketing_analytics.raw_schema import RawColumn

NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
# 1.000 is 1 where people write 1.5, and 1000 where they write 1,5.
AMBIGUOUS = r"[+-]?[1-9]\d{0,2}\.\d{3}"
DECIMAL_COMMA = r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))"
SETTLE = "set `decimal` and `thousands` in the mapping"
WHOLE = r"[+-]?\d+(\.0*)?"
DAY = r"\d{4}-\d{1,2}-\d{1,2}"
CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
ZONE = r" ?([Zz]|UTC|[+-]\d{2}(:?\d{2})?)"
NO_SECONDS = r"^([^ T]+[ T]\d{1,2}:\d{2})( ?[Z+-].*)$"
NARROW_SPACES = "\u00a0\u202f"
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
UNSIGNED = ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
FLOATS = ("FLOAT", "DOUBLE")
ZONED = "TIMESTAMP WITH TIME ZONE"

KINDS = {
    "bigint": "a whole number",
    "integer": "a whole number",
    "decimal": "a number",
    "double": "a number",
    "date": "a date (YYYY-MM-DD)",
    "timestamp": "a time (YYYY-MM-DD HH:MM:SS)",
    "boolean": "true or false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One raw column: the text or value that comes in, what it becomes, and what is wrong with it.

    `difference` is the rounding of an amount, null where nothing was rounded. `point` is true where
    the point of a number may separate thousands, false where it cannot, null where there is none.
    """

    column: RawColumn
    incoming: str
    value: str
    problem: str
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
    shift = str(rule.divide_by).count("0") if rule else 0
    kind = base_type(column.data_type)
    number = _number_text(incoming, options) if is_text else f"cast({incoming} as varchar)"
    difference: str | None = None
    if kind == "varchar":
        converted = incoming if is_text else _as_text(incoming, data_type)
    elif kind in ("bigint", "integer"):
        converted = _whole(incoming, number, data_type, kind, shift)
    elif kind == "decimal":
        converted, difference = _amount(number, column.data_type, shift)
    elif kind == "double":
        converted = _double(number, shift)
    elif kind == "boolean":
        converted = _boolean(incoming)
    else:
        # A day alone is midnight in the zone as a time, but stays that day as a date.
        day_zone = options.time_zone if kind == "timestamp" else "UTC"
        moment = _moment(incoming, data_type, formats, options.time_zone, day_zone)
        converted = f"cast({moment} as {kind})"
    return Conversion(
        column=column,
        incoming=expression,
        value=converted,
        problem=_problem(column, incoming, value, formats, options if is_text else None),
        difference=difference,
        point=_point(incoming, options) if kind in ("decimal", "double") and is_text else None,
    )


def _is_unsettled(options: ValueOptions) -> bool:
    return options.decimal is None and options.thousands is None


def _point(incoming: str, options: ValueOptions) -> str:
    if not _is_unsettled(options):
        return "cast(null as boolean)"
    matches = f"regexp_full_match({incoming}, '{AMBIGUOUS}')"
    return f"case when contains({incoming}, '.') then {matches} end"


def blank_to_null(expression: str, empty: tuple[str, ...] = ()) -> str:
    """Return a text without blanks around it; null where nothing is left or `empty` lists it."""
    blanks = " \t\r\n" + NARROW_SPACES[0]
    trimmed = f"nullif(trim({expression}, '{blanks}'), '')"
    if not empty:
        return trimmed
    listed = ", ".join(sql.text(value.strip()) for value in empty)
    return f"case when {trimmed} not in ({listed}) then {trimmed} end"


def _as_text(value: str, data_type: str) -> str:
    if data_type in FLOATS:  # an id that some tool kept as 12.0 is 12
        return (
            f"case when {value} = trunc({value}) and abs({value}) < 1e15 "
            f"then cast(cast({value} as bigint) as varchar) else cast({value} as varchar) end"
        )
    return f"nullif(trim(cast({value} as varchar)), '')"


def _number_text(value: str, options: ValueOptions) -> str:
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


def _exact(number: str, shift: int) -> str:
    """Return the number as an exact decimal, divided by a power of ten."""
    guarded = f"case when regexp_full_match({number}, '{NUMBER}') then {number} end"
    if shift == 0:
        return f"try_cast({guarded} as decimal(38, 12))"
    factor = "0." + "1".rjust(shift, "0")
    return f"(try_cast({guarded} as decimal(24, 6)) * cast({factor} as decimal(7, 6)))"


def _whole(incoming: str, number: str, data_type: str, kind: str, shift: int) -> str:
    if shift:
        exact = _exact(number, shift)
        return f"case when {exact} = trunc({exact}) then try_cast({exact} as {kind}) end"
    if data_type in INTEGERS + UNSIGNED:
        return f"try_cast({incoming} as {kind})"
    if data_type in FLOATS:
        return f"case when {incoming} = trunc({incoming}) then try_cast({incoming} as {kind}) end"
    return f"case when regexp_full_match({number}, '{WHOLE}') then try_cast({number} as {kind}) end"


def _amount(number: str, data_type: str, shift: int) -> tuple[str, str]:
    exact = _exact(number, shift)
    rounded = f"try_cast({exact} as {data_type})"
    return rounded, f"nullif(cast({rounded} as decimal(38, 12)) - {exact}, 0)"


def _double(number: str, shift: int) -> str:
    guarded = f"case when regexp_full_match({number}, '{NUMBER}') then {number} end"
    return f"(try_cast({guarded} as double) / 1e{shift})"


def _boolean(value: str) -> str:
    lowered = f"lower(cast({value} as varchar))"
    return (
        f"case when {lowered} in ('true', 't', 'yes', 'y', '1') then true "
        f"when {lowered} in ('false', 'f', 'no', 'n', '0') then false end"
    )


def _moment(value: str, data_type: str, formats: tuple[str, ...], zone: str, day_zone: str) -> str:
    """Return a timestamp in UTC; `day_zone` is for values without a time of day."""
    if data_type == "DATE":
        return _from_zone(f"cast({value} as timestamp)", day_zone)
    if data_type == ZONED:
        return f"timezone('UTC', {value})"
    if data_type.startswith("TIMESTAMP"):
        return _from_zone(f"cast({value} as timestamp)", zone)
    if data_type != "VARCHAR":
        value = f"cast({value} as varchar)"
    if formats:
        parsed = f"try_strptime({value}, {sql.texts(formats)})"
        if any("%z" in part.lower() for part in formats):
            return f"timezone('UTC', {parsed})"
        has_clock = any(part in form for form in formats for part in ("%H", "%I", "%X", "%c"))
        return _from_zone(parsed, zone if has_clock else day_zone)
    bare = f"replace(replace(replace(upper({value}), 'UTC', 'Z'), ' Z', 'Z'), ' +', '+')"
    # Older engines read an offset only after seconds.
    bare = f"regexp_replace({bare}, '{NO_SECONDS}', '\\1:00\\2')"
    naive = _from_zone(f"try_cast({value} as timestamp)", zone)
    day = _from_zone(f"try_cast({value} as timestamp)", day_zone)
    return (
        f"case when regexp_full_match({value}, '{DAY}') then {day} "
        f"when regexp_full_match({value}, '{DAY}[T ]{CLOCK}') then {naive} "
        f"when regexp_full_match({value}, '{DAY}[T ]{CLOCK}{ZONE}') "
        f"then timezone('UTC', try_cast(replace({bare}, ' -', '-') as timestamptz)) end"
    )


def _from_zone(value: str, zone: str) -> str:
    return value if zone == "UTC" else f"timezone('UTC', timezone({sql.text(zone)}, {value}))"


def _problem(
    column: RawColumn,
    incoming: str,
    value: str,
    formats: tuple[str, ...],
    options: ValueOptions | None,
) -> str:
    """Return a case expression: the reason why the row is refused, null when it is not.

    `options` are those of text, None for another type.
    """
    kind = base_type(column.data_type)
    cases: list[tuple[str, str]] = []
    expected = KINDS.get(kind, kind)
    if formats:
        expected = f"{expected.split(' (')[0]} in the format {' or '.join(formats)}"
    if options is not None:
        cases += _unclear_numbers(kind, incoming, value, options)
    if kind != "varchar":
        cases.append((f"{incoming} is not null and {value} is null", f"not {expected}"))
    if not column.nullable:
        cases.append((f"{value} is null", "empty, but the column needs a value"))
    if kind in ("date", "timestamp"):
        span = f"{value} < date '1900-01-01' or {value} >= date '2201-01-01'"
        cases.append((span, "outside the years 1900 to 2200"))
    if kind == "double":
        cases.append((f"not isfinite({value})", "not a finite number"))
    if column.positive:
        cases.append((f"{value} <= 0", "not above zero"))
    elif column.non_negative:
        cases.append((f"{value} < 0", "negative"))
    if not cases:
        return "cast(null as varchar)"
    return "case " + " ".join(f"when {c} then {sql.text(r)}" for c, r in cases) + " end"


def _unclear_numbers(
    kind: str, incoming: str, value: str, options: ValueOptions
) -> list[tuple[str, str]]:
    """Return conditions and reasons for numbers that seem to be written in another way."""
    cases = []
    if kind in ("bigint", "integer") and _is_unsettled(options):
        unclear = f"regexp_full_match({incoming}, '{AMBIGUOUS}')"
        cases.append((unclear, f"not certain: 1.000 may be 1 or 1000; {SETTLE}"))
    is_number = kind in ("bigint", "integer", "decimal", "double")
    if is_number and options.decimal is None and options.thousands != ",":
        comma = f"{value} is null and regexp_full_match({incoming}, '{DECIMAL_COMMA}')"
        hint = 'where the comma is the decimal sign, set `decimal: ","` in the mapping'
        cases.append((comma, f"not {KINDS[kind]}; {hint}"))
    return cases
