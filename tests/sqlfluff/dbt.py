"""Stand-in for dbt's cross-database macros when sqlfluff renders a model: one form each."""

from __future__ import annotations


def concat(fields: list[str]) -> str:
    return " || ".join(fields)


def current_timestamp() -> str:
    return "current_timestamp"


def dateadd(datepart: str, interval: object, from_date_or_timestamp: str) -> str:
    return f"({from_date_or_timestamp} + to_{datepart}s({interval}))"


def date_trunc(datepart: str, date: str) -> str:
    return f"date_trunc('{datepart}', {date})"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def escape_single_quotes(expression: object) -> str:
    return str(expression).replace("'", "''")


def generate_series(upper_bound: object) -> str:
    return "select 1 as generated_number"


def hash(field: str) -> str:
    return f"md5({field})"


def last_day(date: str, datepart: str) -> str:
    return f"last_day({date}, '{datepart}')"


def position(substring: str, string: str) -> str:
    return f"position({substring} in {string})"


def safe_cast(field: str, type: str) -> str:
    return f"cast({field} as {type})"


def type_bigint() -> str:
    return "bigint"


def type_boolean() -> str:
    return "boolean"


def type_int() -> str:
    return "integer"


def type_string() -> str:
    return "varchar"


def type_timestamp() -> str:
    return "timestamp"
