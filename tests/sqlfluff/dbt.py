"""Stand-in for dbt's cross-database macros when sqlfluff renders a model: one form each."""

from __future__ import annotations


def current_timestamp() -> str:
    return "current_timestamp"


def date_trunc(datepart: str, date: str) -> str:
    return f"date_trunc('{datepart}', {date})"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def safe_cast(field: str, type: str) -> str:
    return f"cast({field} as {type})"


def type_bigint() -> str:
    return "bigint"


def type_int() -> str:
    return "integer"


def type_string() -> str:
    return "varchar"


def type_timestamp() -> str:
    return "timestamp"
