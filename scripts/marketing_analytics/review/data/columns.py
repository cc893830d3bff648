"""The columns that both sides have, and the one type in which their values can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Family = Literal["integer", "decimal", "double", "text", "boolean", "time", "other"]

RELATIVE_TOLERANCE = 1e-9  # of doubles; everything else is compared exactly
ABSOLUTE_TOLERANCE = 1e-12
MOST_DIGITS = 38

_FAMILIES: tuple[tuple[str, Family], ...] = (
    (r"u?(tiny|small|big|huge)?int(eger)?(\d+)?$", "integer"),
    (r"(decimal|numeric)", "decimal"),
    (r"(double|real|float)", "double"),
    (r"(varchar|text|character|char|enum|string|uuid)", "text"),
    (r"bool", "boolean"),
    (r"(date|timestamp)", "time"),
)
_DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of both sides: its values are compared as `cast_to`, or as they are."""

    name: str
    family: Family
    cast_to: str | None

    def differs(self, base: str, head: str) -> str:
        """Return a condition: do these two expressions hold different values?"""
        distinct = f"{base} is distinct from {head}"
        if self.family != "double":
            return distinct
        largest = f"greatest(abs({base}), abs({head}))"
        near = (
            f"{largest} < 1e300 and abs({base} - {head}) "
            f"<= greatest({RELATIVE_TOLERANCE} * {largest}, {ABSOLUTE_TOLERANCE})"
        )
        return f"({distinct} and not coalesce({near}, false))"


def family(data_type: str) -> Family:
    """Return what kind of values a type holds; lists and structs are other, whatever is in them."""
    lowered = data_type.strip().lower()
    if lowered.endswith("]") or lowered.startswith(("struct", "map", "union")):
        return "other"
    for pattern, found in _FAMILIES:
        if re.match(pattern, lowered):
            return found
    return "other"


def common_columns(
    base: Mapping[str, str], head: Mapping[str, str], *, ignored: Collection[str], adapter: str
) -> tuple[Column, ...]:
    """Return the columns to compare, in the head's order."""
    return tuple(
        _column(name, base[name], head[name], adapter)
        for name in head
        if name in base and name not in ignored
    )


def _column(name: str, base: str, head: str, adapter: str) -> Column:
    if base.lower() == head.lower():
        return Column(name=name, family=family(head), cast_to=_comparable(head, adapter))
    families = {family(base), family(head)}
    if families == {"time"}:
        return Column(name=name, family="time", cast_to="timestamp")
    if base.lower() in _DIGITS and head.lower() in _DIGITS:
        return Column(name=name, family="integer", cast_to="bigint")
    if families <= {"integer", "decimal"}:
        wide = _wide_decimal(base, head)
        if wide is not None:
            kind: Family = "integer" if families == {"integer"} else "decimal"
            return Column(name=name, family=kind, cast_to=wide)
    if families <= {"integer", "decimal", "double"}:
        return Column(name=name, family="double", cast_to="double precision")
    return Column(name=name, family="text", cast_to="varchar")


def _comparable(data_type: str, adapter: str) -> str | None:
    """Return what a type is cast to because PostgreSQL cannot compare it, as json."""
    if adapter == "postgres" and data_type in {"json", "xml", "point", "polygon"}:
        return "text"
    return None


def _wide_decimal(base: str, head: str) -> str | None:
    """Return a decimal that holds the digits of both types, None where there is none."""
    sizes = [digits(base), digits(head)]
    if None in sizes:
        return None
    whole = max(size[0] for size in sizes if size)
    scale = max(size[1] for size in sizes if size)
    return f"decimal({whole + scale}, {scale})" if whole + scale <= MOST_DIGITS else None


def digits(data_type: str) -> tuple[int, int] | None:
    """Return the digits before and after the point."""
    lowered = data_type.lower()
    if family(lowered) == "integer":
        return _DIGITS.get(lowered, MOST_DIGITS), 0
    sized = re.search(r"\((\d+), *(\d+)\)", lowered)
    if sized is None:
        return None
    return int(sized[1]) - int(sized[2]), int(sized[2])
