"""What a branch declares that it does to the numbers: expected.yml.

    mart_customer_revenue:
      cltv_segment: {High: "+20..35 %", Medium: new}
      net_revenue_90d: total -5..-1 %
      rows: 0 %
      columns_added: [cltv_segment]
      changed: all

docs/review.md has the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from marketing_analytics.review.settings import (
    SettingsError,
    mapping,
    read_yaml,
    text,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path

Measure = Literal["value", "total", "mean", "nulls", "modified", "rows", "added", "removed"]
OF_A_COLUMN = ("total", "mean", "nulls", "modified")
OF_A_MODEL = ("rows", "modified", "added", "removed")
UNSIGNED = ("modified", "added", "removed")  # rows that are counted, not a difference
COLUMN_LISTS = ("columns_added", "columns_removed")
Word = Literal["any", "new", "gone"]
WORDS: dict[str, Word] = {"any": "any", "new": "new", "gone": "gone"}
BAND = re.compile(
    r"(?P<low>[+-]?\d+(?:\.\d+)?)(?:\s*\.\.\s*(?P<high>[+-]?\d+(?:\.\d+)?))?\s*(?P<percent>%)?"
)
HOW = 'write "+20..35 %", "-5..-1 %", "+27 %" or, in rows or money, "+3..5"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From where to where a change may be: a share of the base, or as many as stand there."""

    low: Fraction
    high: Fraction
    is_share: bool
    text: str

    def holds(self, base: Fraction, head: Fraction) -> bool:
        """Is the change from base to head inside?"""
        if not self.is_share:
            return self.low <= head - base <= self.high
        if base == 0:
            return head == 0 and self.low <= 0 <= self.high
        return self.low <= (head - base) / abs(base) <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A change of one number: of a model's rows, of a column, of a value of a column."""

    model: str
    column: str | None
    value: str | None  # only where the measure is "value"; None is null
    measure: Measure
    band: Band | Word

    @property
    def text(self) -> str:
        """Return the band as it was written."""
        return self.band.text if isinstance(self.band, Band) else self.band


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedColumns:
    """Columns that come, that go, or in which rows differ."""

    model: str
    what: Literal["columns_added", "columns_removed", "changed"]
    columns: tuple[str, ...] | Literal["all", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """All that a branch declares."""

    numbers: tuple[Wanted, ...]
    columns: tuple[WantedColumns, ...]
    reasons: tuple[tuple[str, str], ...]  # model, why


def read_expected(path: Path) -> Expected:
    """Return what a file declares.

    Raises:
        SettingsError: it cannot be read as the grammar says; the message names file, key and value.
    """
    numbers: list[Wanted] = []
    columns: list[WantedColumns] = []
    reasons: list[tuple[str, str]] = []
    for model, value in mapping(read_yaml(path), f"{path}").items():
        where = f"{path}: {model}"
        keys = dict(mapping(value, where))
        if not keys:
            raise SettingsError(f"{where}: says nothing; name rows, a column or `changed`")
        for name, item in mapping(keys.pop("columns", ""), f"{where}.columns").items():
            numbers.extend(_column(model, name, item, f"{where}.columns.{name}"))
        for name, item in keys.items():
            place = f"{where}.{name}"
            if name == "reason":
                reasons.append((model, text(item, place)))
            elif name in OF_A_MODEL:
                numbers.append(_wanted(model, None, name, item, place))
            elif name in COLUMN_LISTS or name == "changed":
                columns.append(_columns(model, name, item, place))
            else:
                numbers.extend(_column(model, name, item, place))
    return Expected(numbers=tuple(numbers), columns=tuple(columns), reasons=tuple(reasons))


def read_band(value: Any, where: str, *, is_signed: bool = True) -> Band:
    """Return a band; a number alone stands for all that round to it."""
    written = " ".join(str(value).replace("\u2212", "-").split())
    found = BAND.fullmatch(written) if isinstance(value, str) else None
    if not found:
        raise SettingsError(f"{where} is {value!r}; {HOW}")
    low, high = found["low"], found["high"]
    if is_signed and low[0] not in "+-" and Fraction(low) != 0:
        raise SettingsError(f"{where} is {value!r}; begin with + or -: it is a change, {HOW}")
    half = Fraction(0)
    if high is None:
        digits = len(low.partition(".")[2])
        half = Fraction(1, 2 * 10**digits) if found["percent"] and Fraction(low) != 0 else half
        high = low
    unit = 100 if found["percent"] else 1
    band = Band(
        low=(Fraction(low) - half) / unit,
        high=(Fraction(high) + half) / unit,
        is_share=bool(found["percent"]),
        text=written,
    )
    if band.low > band.high:
        raise SettingsError(f"{where} is {value!r}; write the lower end first: {high}..{low}")
    return band


def _wanted(model: str, column: str | None, measure: str, value: Any, where: str) -> Wanted:
    return Wanted(
        model=model,
        column=column,
        value=None,
        measure=measure,  # type: ignore[arg-type]  # one of the lists above
        band="any"
        if value == "any"
        else read_band(value, where, is_signed=measure not in UNSIGNED),
    )


def _column(model: str, column: str, value: Any, where: str) -> list[Wanted]:
    """Return what is declared of a column: bands of its values, or of its measures."""
    if isinstance(value, dict):
        return [_category(model, column, name, band, where) for name, band in value.items()]
    wanted = []
    for item in texts(value, where):
        measure, _, band = item.partition(" ")
        if measure not in OF_A_COLUMN:
            raise SettingsError(
                f"{where} is {item!r}; begin with one of {', '.join(OF_A_COLUMN)}, such as "
                '"total -5..-1 %", or name values: {High: "+20..35 %"}'
            )
        wanted.append(_wanted(model, column, measure, band.strip(), where))
    if not wanted:
        raise SettingsError(f"{where}: says nothing; write for example total -5..-1 %")
    return wanted


def _category(model: str, column: str, name: str, value: Any, where: str) -> Wanted:
    return Wanted(
        model=model,
        column=column,
        value=None if name == "null" else name,
        measure="value",
        band=WORDS[value] if value in tuple(WORDS) else read_band(value, f"{where}.{name}"),
    )


def _columns(model: str, what: str, value: Any, where: str) -> WantedColumns:
    if what == "changed" and value in ("all", "none"):
        return WantedColumns(model=model, what="changed", columns=value)
    names = texts(value, where)
    if not names:
        raise SettingsError(f"{where}: name the columns, or leave the key out")
    return WantedColumns(model=model, what=what, columns=names)  # type: ignore[arg-type]
