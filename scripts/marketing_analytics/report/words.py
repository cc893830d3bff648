"""Numbers as the page writes them; the shared ones are those of a review."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.words import count, listed, money

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketing_analytics.report.facts import Row, Unit

__all__ = ["amount", "change", "count", "currency_of", "listed", "out_of", "percent", "shown"]
HUNDRED = 100
NOTHING = "\N{EN DASH}"
SMALL = 0.1  # share below which percent has two digits


def shown(value: Any, unit: Unit, currency: str = "") -> str:
    """Return the text of a cell."""
    if value is None:
        return NOTHING
    if unit == "money":
        return amount(value, currency)
    return WRITTEN[unit](value) if unit in WRITTEN else str(value)


def amount(value: Any, currency: str = "") -> str:
    """Return money: whole from 100 on, with cents below; in the project's currency without one."""
    size = abs(float(value))
    if not currency:
        return f"{float(value):,.0f}" if size >= HUNDRED else f"{float(value):,.2f}"
    if size >= HUNDRED:
        return money(round(float(value)), currency).replace(".00", "")
    return money(float(value), currency)


def currency_of(row: Row, column: str, currency: str) -> str:
    """Return in what a column of a row is: the lottery's money is in dollars."""
    return "$" if "usd" in column or row.get("domain") == "gaming" else currency


def percent(share: Any) -> str:
    """Return 0.2714 as "27.1 %" and 0.0054 as "0.54 %": small rates need their digits."""
    value = float(share)
    return f"{value * HUNDRED:,.{1 if abs(value) >= SMALL or value == 0 else 2}f} %"


def change(value: float | None, previous: float | None) -> str:
    """Return "+12.3 %"; words where there is nothing to compare with."""
    if value is None or previous is None:
        return "not to compare"
    if previous == 0:
        return "as before: none" if value == 0 else "none before"
    return f"{(value - previous) / abs(previous) * HUNDRED:+,.1f} %"


def out_of(part: int, whole: int) -> str:
    """Return a share as people count it: "9 of 10"; never all or none of them where it is not so.

    Takes the least of 10, 100 and 1,000 that tells the share to half a percent of the whole.
    """
    share = Fraction(part, whole)
    if share in (0, 1):
        return f"{count(part)} of {count(whole)}"
    for base in (10, 100, 1000):
        near = round(share * base)
        if (
            whole > base
            and 0 < near < base
            and abs(share - Fraction(near, base)) <= Fraction(1, 200)
        ):
            return f"{near} of {base:,}"
    return f"{count(part)} of {count(whole)}"


def _whole(value: Any) -> str:
    return count(round(value))


WRITTEN: dict[Unit, Callable[[Any], str]] = {
    "count": _whole,
    "days": _whole,
    "months": _whole,
    "estimate": lambda value: f"{float(value):,.1f}",
    "rate": percent,
    "ratio": lambda value: f"{float(value):,.2f}",
    "month": lambda value: f"{value:%Y-%m}",
    "flag": lambda value: "yes" if value else "no",
}
