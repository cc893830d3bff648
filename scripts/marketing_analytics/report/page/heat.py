"""Heat maps as tables: they are read, copied and filtered as any table is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_analytics.report.words import count, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketing_analytics.report.facts import Row, Table, Unit

HEATS = 5
FEW = 5  # customers below which a cell is not coloured
MATURE_MONTHS = 3  # months after which a cohort has had time to buy again


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value with its warmth from 0 to 5; greyed where it is not final."""

    text: str
    value: Any
    heat: int
    is_young: bool
    note: str  # for who asks: the sample size, and why it is grey


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """A line of cells; None where there is nothing."""

    label: str
    channel: str | None
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A heat map of a table."""

    query: str
    column: str
    title: str
    note: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_of(table: Table, currency: str) -> Heat | None:
    """Return the heat map of a table that has one."""
    if table.query.name == "cohort_value":
        return _pivot(
            table,
            down=("acquisition_channel", "text"),
            across=("cohort_month", "month"),
            shows=("revenue_per_customer", "money"),
            size="customer_count",
            is_young=lambda row: row["months_observed"] < MATURE_MONTHS,
            corner="channel",
            note=f"Grey: customers who came less than {MATURE_MONTHS} months ago, who have had "
            f"little time to buy again, and months with fewer than {FEW} customers.",
            currency=currency,
        )
    if table.query.name == "shop_retention":
        return _pivot(
            table,
            down=("cohort_month", "month"),
            across=("months_since_first_purchase", "count"),
            shows=("returning_rate", "rate"),
            size="cohort_size",
            is_young=lambda row: not row["is_complete"],
            corner="first order ↓ months since →",
            note=f"Share of those who first bought in a month who bought again later. Grey: months "
            f"that are not over, and cohorts of fewer than {FEW} customers.",
            currency=currency,
            left_out=lambda row: (
                row["months_since_first_purchase"] == 0
            ),  # all of them, by definition
        )
    return None


def _pivot(
    table: Table,
    *,
    down: tuple[str, Unit],
    across: tuple[str, Unit],
    shows: tuple[str, Unit],
    size: str,
    is_young: Callable[[Row], bool],
    corner: str,
    note: str,
    currency: str,
    left_out: Callable[[Row], bool] = lambda row: False,
) -> Heat | None:
    rows = [row for row in table.rows if not left_out(row)]
    final = [
        float(row[shows[0]])
        for row in rows
        if row[shows[0]] is not None and not is_young(row) and row[size] >= FEW
    ]
    if not rows:
        return None
    most = max(final, default=0)

    def cell(row: Row | None) -> Cell | None:
        if row is None or row[shows[0]] is None:
            return None
        young, few = is_young(row), row[size] < FEW
        value = row[shows[0]]
        warm = 0 if young or few or not most else max(0, math.ceil(HEATS * float(value) / most))
        return Cell(
            text=shown(value, shows[1], currency),
            value=value,
            heat=min(HEATS, warm),
            is_young=young or few,
            note=count(row[size], "customers") + (", not final" if young else ""),
        )

    by_place = {(row[down[0]], row[across[0]]): row for row in rows}
    columns = sorted({row[across[0]] for row in rows})
    return Heat(
        query=table.query.name,
        column=shows[0],
        title=table.query.title,
        note=note,
        corner=corner,
        columns=tuple(shown(name, across[1]) for name in columns),
        rows=tuple(
            HeatRow(
                label=shown(name, down[1]),
                channel=name if table.query.channel == down[0] else None,
                cells=tuple(cell(by_place.get((name, column))) for column in columns),
            )
            for name in sorted({row[down[0]] for row in rows})
        ),
    )
