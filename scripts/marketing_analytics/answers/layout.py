"""What the sections share: a section, its table, and how numbers and long texts are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from rich.console import RenderableType

NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question and what to print below it."""

    question: str
    parts: tuple[RenderableType, ...]


def table(*headers: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table; the columns named in right hold numbers."""
    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        empty.add_column(header, justify="right" if header in right else "left")
    return empty


def whole(amount: Decimal | float) -> str:
    """Return an amount without cents; never -0."""
    return f"{round(amount):,}"


def number(value: float | None) -> str:
    """Return a number with two digits."""
    return NOTHING if value is None else f"{value:,.2f}"


def percent(share: float | None) -> str:
    """Return a share as a whole percentage; never -0%."""
    return NOTHING if share is None else f"{round(100 * share)}%"


def cut(text: str, length: int) -> str:
    """Return the first words of a text that is longer than length."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0][: length - 1].rstrip(" ,;:.") + "…"
