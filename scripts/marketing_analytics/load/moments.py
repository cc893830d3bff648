"""SQL that turns dates and times in any form into times in UTC."""

from __future__ import annotations

from marketing_analytics.load import sql

DAY = r"\d{4}-\d{1,2}-\d{1,2}"
CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
# No clock on earth is more than 14 hours off.
ZONE = r" ?([Zz]|UTC|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
NO_SECONDS = r"^([^ T]+[ T]\d{1,2}:\d{2})( ?[Z+-].*)$"
ZONED = "TIMESTAMP WITH TIME ZONE"


def moment(value: str, data_type: str, formats: tuple[str, ...], zone: str, day_zone: str) -> str:
    """Return a timestamp in UTC; `day_zone` is for values without a time of day."""
    if data_type == "DATE":
        return _from_zone(f"try_cast({value} as timestamp)", day_zone)
    if data_type == ZONED:
        return f"timezone('UTC', {value})"
    if data_type.startswith("TIMESTAMP"):
        return _from_zone(f"try_cast({value} as timestamp)", zone)
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
