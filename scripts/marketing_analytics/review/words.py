"""Numbers, names and sentences as a report says them; plain text, escaped by who renders it."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketing_analytics.review.findings import NodeReview

MAX_DIGITS = 6
HOUR = 3600
MINUTE = 60


def short_name(unique_id: str) -> str:
    """Return a node's name; of a version also its number."""
    parts = unique_id.split(".")
    return ".".join(parts[2:]) if len(parts) > 2 else unique_id  # noqa: PLR2004


def exact(value: Any) -> Fraction | None:
    """Return a number as it is written; None for what is none, or not finite."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return Fraction(number) if number.is_finite() else None


def relative(base: Fraction | None, head: Fraction | None) -> Fraction | None:
    """Return by which share of the base a number has grown; None where that says nothing."""
    if base is None or head is None or base == 0:
        return None
    return (head - base) / abs(base)


def percent(
    share: Fraction | float, *, beside: Fraction | None = None, is_change: bool = False
) -> str:
    """Return 0.27 as "27.0 %", with the digits it takes to differ from the limit beside it."""
    value = share if isinstance(share, Fraction) else exact(share)
    if value is None:
        return "unknown"
    sign = "+" if is_change else ""
    digits = 1
    if beside is not None and abs(value) != beside:
        while digits < MAX_DIGITS and _rounded(abs(value), digits) == _rounded(beside, digits):
            digits += 1
    written = f"{_rounded(value, digits):{sign},.{digits}f}"
    return f"{written} %"


def limit(share: Fraction) -> str:
    """Return a limit as its rule writes it: 10 %."""
    return f"{plain(share * 100)} %"


def plain(value: Fraction | Decimal | float) -> str:
    """Return a number without digits that say nothing: 10, 0.5, 2.25."""
    written = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def amount(value: Any) -> str:
    """Return a total or a mean: 12,345.60; whole numbers without decimals."""
    if value is None:
        return "none"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.{2 if abs(value) >= 1 or value == 0 else 4}f}"
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def count(value: int, noun: str = "") -> str:
    """Return "1,234 rows"; one row of them is "1 row"."""
    if not noun:
        return f"{value:,}"
    return f"{value:,} {noun if value != 1 else _singular(noun)}"


def signed(value: int) -> str:
    """Return a difference with its sign."""
    return "0" if value == 0 else f"{value:+,}"


def seconds(value: float | None) -> str:
    """Return a duration: 9.4 s, 3 min 20 s, 2 h 5 min."""
    if value is None:
        return "unknown"
    if value < MINUTE:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def money(value: float | Decimal | None, currency: str) -> str:
    """Return $4.85; a currency of several letters stands behind the amount."""
    if value is None:
        return "unknown"
    written = f"{abs(value):,.2f}"
    sign = "-" if value < 0 else ""
    return f"{sign}{currency}{written}" if len(currency) == 1 else f"{sign}{written} {currency}"


def size(value: int | None) -> str:
    """Return bytes: 1.5 GiB."""
    if value is None:
        return "unknown"
    amount_left = float(value)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount_left < 1024:  # noqa: PLR2004
            return f"{amount_left:.0f} {unit}" if unit == "B" else f"{amount_left:.1f} {unit}"
        amount_left /= 1024
    return f"{amount_left:.1f} TiB"


def shown(value: Any) -> str:
    """Return the value of a cell or a category."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return repr(value)
    return str(value)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return "a, b and c"; of many the first, and how many more there are."""
    every = list(names)
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most:,} more"
    if len(every) > 1:
        return f"{', '.join(every[:-1])} and {every[-1]}"
    return every[0] if every else "none"


def cut(value: str, most: int) -> str:
    """Return a text, or as much of it as may stand there."""
    return value if len(value) <= most else f"{value[: most - 1]}…"


def must_agree(teams: Iterable[str]) -> str:
    """Return the sentence that asks teams, with a space before it; nothing without any."""
    names = list(teams)
    return f" {listed(names)} must agree." if names else ""


def rows_of(node: NodeReview) -> str:
    """Return what a row of a table is, as its key says: "customers" of customer_id, else rows."""
    key = node.data.key if node.data else ()
    if len(key) != 1 or not key[0].endswith("_id") or len(key[0]) <= len("_id"):
        return "rows"
    stem = key[0].removesuffix("_id").replace("_", " ")
    if stem.endswith("y") and stem[-2:-1] not in "aeiou":
        return f"{stem[:-1]}ies"
    return f"{stem}es" if stem.endswith(("s", "x", "ch", "sh")) else f"{stem}s"


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun.endswith(("ses", "xes", "ches", "shes")):
        return noun[:-2]
    return noun.removesuffix("s")


def _rounded(share: Fraction, digits: int) -> Decimal:
    """Return a share in percent, half of the last digit away from zero."""
    scaled = abs(share) * 100 * 10**digits
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if share >= 0 else -whole).scaleb(-digits)
