"""Guesses how one file feeds one raw table."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from marketing_analytics.console import printable
from marketing_analytics.load import sql
from marketing_analytics.load.clues import Clues, clues
from marketing_analytics.load.conversion import base_type
from marketing_analytics.load.synonyms import PRICES, QUANTITY, plain, synonyms
from marketing_analytics.raw_schema import RawColumn, RawTable

TOTAL = r"^\s*(grand )?totals?\s*(:|$)"
CLOSE = 0.8
MOST_VALUES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file as a person would look at it: where the header is, and some values per column."""

    name: str
    path: Path
    header_row: int | None
    samples: dict[str, list[str]]
    total_column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The file's column that a raw column seems to come from, and why."""

    column: str
    reason: str


def guess(table: RawTable, column: RawColumn, look: Look) -> Guess | None:
    """Return the column of a file that a raw column seems to come from."""
    names = {plain(name): name for name in reversed(look.samples)}
    names = {
        re.sub("_(micros|cents|minor|in_minor|inminor)$", "", key): names[key] for key in names
    } | names
    if column.name in names:
        return Guess(column=names[column.name], reason="same name")
    for synonym in synonyms(table.name, column.name):
        if synonym in names:
            return Guess(column=names[synonym], reason="guess: a usual name for it")
    close = difflib.get_close_matches(column.name, names, n=1, cutoff=CLOSE)
    return Guess(column=names[close[0]], reason="guess: a similar name") if close else None


def is_total(column: str) -> str:
    """Return a condition on rows of which a column says that they are totals."""
    return f"regexp_matches(coalesce({sql.name(column)}, ''), {sql.text(TOTAL)}, 'i')"


def entry(table: RawTable, look: Look) -> list[str]:
    """Return the lines of a mapping's input that feeds a file into a table."""
    guesses = {column.name: guess(table, column, look) for column in table.columns}
    group = _group(table, guesses, look)
    found = {
        column.name: clues(column, known.column, look.samples[known.column])
        for column in table.columns
        if (known := guesses[column.name]) is not None
    }
    lines = [f"    - files: {json.dumps(look.name, ensure_ascii=False)}"]
    if look.header_row is not None and look.header_row > 1:
        lines.append(f"      header_row: {look.header_row}  # guess: titles stand above it")
    lines += _options(list(found.values()))
    if look.total_column is not None:
        condition = json.dumps(f"not {is_total(look.total_column)}", ensure_ascii=False)
        lines.append(f"      where: {condition}  # guess: leaves out lines of totals")
    if group is not None:
        key = json.dumps(group, ensure_ascii=False)
        lines.append(f"      one_row_per: {key}  # guess: it stands on several lines")
    lines.append("      columns:")
    for column in table.columns:
        known = guesses[column.name]
        line = _column_line(column, known, found.get(column.name), look, group)
        lines.append(f"        {line}")
    used = {known.column for known in guesses.values() if known}
    unused = [_shown(name, values) for name, values in look.samples.items() if name not in used]
    if unused:
        lines += ["      # columns of the file that nothing uses:"]
        lines += [f"      #   {text}" for text in unused]
    return lines


def _options(found: Sequence[Clues]) -> list[str]:
    lines = []
    if any(clue.decimal_comma for clue in found):
        lines.append('      decimal: ","  # guess: amounts look like 1.234,50')
        lines.append('      thousands: "."  # guess')
    elif any(clue.thousands_comma for clue in found):
        lines.append('      thousands: ","  # guess: numbers look like 1,234')
    empty = sorted({mark for clue in found for mark in clue.empty})
    if empty:
        lines.append(f"      empty: {json.dumps(empty)}  # guess: stands for no value")
    return lines


def _column_line(
    column: RawColumn,
    known: Guess | None,
    clue: Clues | None,
    look: Look,
    group: str | None,
) -> str:
    if known is None or clue is None:
        if column.nullable:
            return f"{column.name}: null  # nothing looks like it; stays empty"
        choice = f", one of {', '.join(column.accepted)}" if column.accepted else ""
        return f"# {column.name}:  # needs a value: name a column, a value or an expression{choice}"
    source = json.dumps(known.column, ensure_ascii=False)
    parts, reasons = _source(column, known, clue, look)
    if clue.formats:
        parts.append(f"format: {json.dumps(clue.formats[0])}")
        reasons.append("guess by its values")
        if len(clue.formats) > 1:
            reasons[-1] += f", {' and '.join(clue.formats[1:])} would fit too"
    if group not in (None, known.column) and (take := _take(column)):
        parts.append(f"take: {take}")
    if column.accepted:
        values, missing = _values(column, look.samples[known.column])
        parts += values
        reasons += missing
    value = source if parts == [f"from: {source}"] else "{" + ", ".join(parts) + "}"
    return f"{column.name}: {value}  # {'; '.join(reasons)}"


def _source(
    column: RawColumn, known: Guess, clue: Clues, look: Look
) -> tuple[list[str], list[str]]:
    """Return where a column comes from, as parts of a rule, and why."""
    kind = base_type(column.data_type)
    parts = [f"from: {json.dumps(known.column, ensure_ascii=False)}"]
    reasons = [known.reason]
    pieces = _pieces(look) if column.name == "amount" and plain(known.column) in PRICES else None
    if pieces is not None:
        price = f"cast({sql.name(known.column)} as decimal(18, 4))"
        parts = [_sql(f"cast({sql.name(pieces)} as bigint) * {price}")]
        reasons.append("guess: the price of a piece times the quantity")
    elif clue.is_percent:
        parts = [_sql(f"replace({sql.name(known.column)}, '%', '')"), "divide_by: 100"]
        reasons.append("guess: 3.5% is 0.035")
    elif clue.epoch_factor:
        number = f"try_cast({sql.name(known.column)} as bigint)"
        factor = f" * {clue.epoch_factor}" if clue.epoch_factor > 1 else ""
        parts = [_sql(f"make_timestamp({number}{factor})")]
        reasons.append("guess: time since 1970, by its length")
    elif clue.divide_by > 1 and kind in ("decimal", "double"):
        parts.append(f"divide_by: {clue.divide_by}")
        reasons.append("guess: by its name or its values")
    if clue.multiply_by > 1:
        parts.append(f"multiply_by: {clue.multiply_by}")
        reasons.append("guess: has decimals, so no whole cents")
    return parts, reasons


def _sql(expression: str) -> str:
    return f"sql: {json.dumps(expression, ensure_ascii=False)}"


def _group(table: RawTable, guesses: dict[str, Guess | None], look: Look) -> str | None:
    """Return the file's column for the key of a table when it stands on several lines."""
    known = guesses[table.key[0]]
    if len(table.key) > 1 or known is None:
        return None
    values = look.samples[known.column]
    return known.column if len(set(values)) < len(values) else None


def _take(column: RawColumn) -> str | None:
    kind = base_type(column.data_type)
    if kind in ("bigint", "integer", "decimal"):
        return "sum"
    if kind in ("date", "timestamp"):
        return "min"
    # Two customers in an order are a mistake, two products are not.
    return None if column.name.endswith("_id") or not column.nullable else "first"


def _pieces(look: Look) -> str | None:
    return next((name for name in look.samples if plain(name) in QUANTITY), None)


def _values(column: RawColumn, samples: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return how texts of the file become accepted ones, and those that nothing looks like."""
    pairs, missing = [], []
    for text in sorted(set(samples) - set(column.accepted)):
        close = difflib.get_close_matches(plain(text), column.accepted, n=1, cutoff=CLOSE)
        if close:
            pairs.append(f"{json.dumps(text, ensure_ascii=False)}: {close[0]}")
        else:
            missing.append(text)
    reasons = ["guess: `values` by similar names"] if pairs else []
    if missing:
        shown = ", ".join(repr(text) for text in missing[:MOST_VALUES])
        accepted = ", ".join(column.accepted)
        reasons.append(f"say under `values` which of {accepted} is meant by {shown}")
    return ([f"values: {{{', '.join(pairs)}}}"] if pairs else []), reasons


def _shown(name: str, values: Sequence[str]) -> str:
    return printable(f"{name} (such as {values[0][:40]!r})" if values else f"{name} (empty)")
