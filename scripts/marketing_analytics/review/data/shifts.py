"""What changed rows do to a column: nulls, totals, quantiles, samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.data.session import first_row
from marketing_analytics.review.findings import Numbers, Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from marketing_analytics.review.data.columns import Column
    from marketing_analytics.review.data.keyed import Differences
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.data.sides import Side, Sides

SAMPLES = 5  # rows shown per column
QUANTILES = (0.25, 0.5, 0.75)
QUANTILE_ROWS = 1_000_000  # above so many rows quantiles are those of a sample of keys
EXACT_BELOW = 1e15  # doubles below it are summed as decimals, whose sum knows no order
NUMERIC = ("integer", "decimal", "double")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """One column of one side."""

    nulls: int
    count: int = 0  # values that are not null
    total: Any = None  # int, Decimal or float, as the column; None without values
    low: float | None = None
    high: float | None = None


def is_number(column: Column) -> bool:
    """Is it a quantity? The number of an id is none."""
    name = column.name.lower()
    return column.family in NUMERIC and name != "id" and not name.endswith("_id")


def marginals(
    session: Session, side: Side, columns: Sequence[Column], places: Iterable[int]
) -> dict[int, Marginal]:
    """Sum up some columns of a side in one pass."""
    chosen = list(places)
    if not chosen:
        return {}
    parts: list[str] = []
    for place in chosen:
        parts += _sums(f"v{place}", columns[place])
    row = first_row(session, f"select {', '.join(parts)} from {side.sql} as side")
    found, start = {}, 0
    for place in chosen:
        size = len(_sums("", columns[place]))
        found[place] = _marginal(columns[place], side.rows, row[start : start + size])
        start += size
    return found


def _sums(value: str, column: Column) -> list[str]:
    if not is_number(column):
        return [f"count({value})"]
    found = [f"count({value})", f"min({value})", f"max({value})"]
    if column.family != "double":
        return [*found, f"sum({value})"]
    is_exact = f"abs({value}) < {EXACT_BELOW}"
    return [
        *found,
        f"sum(case when {is_exact} then cast({value} as decimal(38, 12)) end)",
        f"sum(case when not {is_exact} then {value} end)",
    ]


def _marginal(column: Column, rows: int, values: Sequence[Any]) -> Marginal:
    count = values[0]
    if not is_number(column):
        return Marginal(nulls=rows - count, count=count)
    total = values[3]
    if column.family == "integer" and total is not None:
        total = int(total)
    if column.family == "double" and count:
        total = float(total or 0)
        if values[4] is not None:
            total = _finite(float(f"{total + values[4]:.12g}"))
    return Marginal(
        nulls=rows - count,
        count=count,
        total=total,
        low=_finite(values[1]),
        high=_finite(values[2]),
    )


def is_shifted(base: Marginal, head: Marginal) -> bool:
    """Did rows that came or went change what the column adds up to?"""
    shown = ("nulls", "total", "low", "high")
    return any(getattr(base, name) != getattr(head, name) for name in shown)


def _finite(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def numbers(
    base: Marginal, head: Marginal, base_middle: Sequence[Any], head_middle: Sequence[Any]
) -> Numbers:
    """Put a numeric column's two sides together."""
    return Numbers(
        base_total=base.total,
        head_total=head.total,
        base_mean=_mean(base),
        head_mean=_mean(head),
        base_nulls=base.nulls,
        head_nulls=head.nulls,
        base_quantiles=(base.low, *map(_finite, base_middle), base.high),
        head_quantiles=(head.low, *map(_finite, head_middle), head.high),
        total_change=_change(base.total, head.total),
    )


def _mean(marginal: Marginal) -> float | None:
    if marginal.total is None or not marginal.count:
        return None
    return float(marginal.total / marginal.count)


def _change(base: Any, head: Any) -> float | None:
    """Return by how much a total grew, as a share of what it was."""
    if base is None or head is None or not base:
        return None
    exact = isinstance(base, int | Decimal) and isinstance(head, int | Decimal)
    return float(Decimal(head) / Decimal(base) - 1) if exact else float(head / base - 1)


def quantiles(
    session: Session, sides: Sides, side: Side, places: Sequence[int]
) -> dict[int, Sequence[Any]]:
    """Return the quartiles of some columns of a side, interpolated, in one pass."""
    if not places:
        return {}
    parts = [session.quantiles(f"v{place}", QUANTILES) for place in places]
    condition = "true"
    share = max(sides.base.rows, sides.head.rows) // QUANTILE_ROWS
    if share > 1:
        condition = session.in_sample(sides.key_names or sides.value_names, share)
    row = first_row(session, f"select {', '.join(parts)} from {side.sql} as side where {condition}")
    nothing = (None,) * len(QUANTILES)
    return {place: found or nothing for place, found in zip(places, row, strict=True)}


def samples(
    session: Session, sides: Sides, differences: Differences, place: int
) -> tuple[Sample, ...]:
    """Return the first rows, by key, in which a column differs."""
    if differences.changed is None or not differences.by_column.get(place):
        return ()
    keys = sides.key_names
    base, head = f"b{place}", f"h{place}"
    rows = session.rows(
        f"select {', '.join(keys)}, {base}, {head} from {differences.changed} as changed "
        f"where {sides.values[place].differs(base, head)} "
        f"order by {_ordered(keys)} limit {SAMPLES}"
    )
    return tuple(Sample(key=tuple(row[:-2]), base=row[-2], head=row[-1]) for row in rows)


def whole_rows(session: Session, sides: Sides, query: str) -> tuple[Mapping[str, Any], ...]:
    """Return the first rows of those that came or went, by key, under their columns' names."""
    names = [*sides.key_names, *sides.value_names]
    columns = [column.name for column in (*sides.key, *sides.values)]
    if not names:
        return ()
    order = _ordered(sides.key_names or [session.as_text(name) for name in names])
    rows = session.rows(
        f"select {', '.join(names)} from {query} as differing order by {order} limit {SAMPLES}"
    )
    return tuple(dict(zip(columns, row, strict=True)) for row in rows)


def _ordered(expressions: Iterable[str]) -> str:
    return ", ".join(f"{expression} asc nulls last" for expression in expressions)
