"""What a query selects, as keys: two columns with equal keys hold equal values on equal rows.

A key spells an expression with every name resolved to the columns of tables, so that aliases, steps
that only pass on, and the order of `and` leave no trace in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROWS = ""  # in place of a column: which rows there are
NONE: frozenset[tuple[str, str]] = frozenset()
LONGEST_KEY = 100


class UnreadableError(Exception):
    """The SQL could not be read, or a name in it not be resolved; the message says which."""


@dataclass(frozen=True, slots=True)
class Term:
    """An expression.

    `reads` are the columns of tables (unique id, column) it depends on, with ROWS for which rows a
    table has; `values` those whose values it passes on as they are; `picks` is of a row number: its
    key, what it counts within and by.
    """

    key: str
    reads: frozenset[tuple[str, str]] = NONE
    values: frozenset[tuple[str, str]] = NONE
    unstable: str | None = None
    literal: str | None = None
    picks: tuple[str, frozenset[str], frozenset[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """The rows of a query and its columns, in order.

    `core` and `filters` say which rows; `unique` are sets of keys that no two rows share;
    `numbered` are the row numbers that were counted on these rows or more. An open relation is a
    table of which no columns are known: it has any that is asked for.
    """

    core: str
    columns: Mapping[str, Term]
    filters: frozenset[str] = frozenset()
    reads: frozenset[tuple[str, str]] = NONE
    unique: frozenset[frozenset[str]] = frozenset()
    numbered: frozenset[str] = frozenset()
    unstable: str | None = None
    is_open: bool = False
    table: str | None = None
    parts: tuple[Relation, ...] = ()  # of a union
    kind: str = ""

    @property
    def rows(self) -> str:
        """The key of which rows there are."""
        return digest("filter", self.core, *sorted(self.filters)) if self.filters else self.core

    def column(self, name: str) -> Term | None:
        """Return a column by its name, None if there is none."""
        found = self.columns.get(name)
        if found is None and self.is_open and self.table is not None:
            return leaf(self.table, name)
        return found

    def filtered(self, condition: Term) -> Relation:
        """Return the rows for which a condition holds."""
        if condition.key == "true":
            return self
        unique, columns, unstable = self.unique, self.columns, self.unstable
        if condition.picks is not None and condition.key.startswith(FIRST_ROW):
            number, within, by = condition.picks
            if number in self.numbered:
                unique = unique | {within}
            if condition.unstable:
                columns = {
                    name: term
                    if term.key in within | by
                    else replace(term, unstable=term.unstable or condition.unstable)
                    for name, term in columns.items()
                }
        elif condition.unstable and not is_clock(condition.unstable):
            unstable = unstable or condition.unstable
        return replace(
            self,
            filters=self.filters | {condition.key},
            reads=self.reads | condition.reads,
            unique=unique,
            columns=columns,
            unstable=unstable,
            parts=(),
        )


CLOCK = "reads the clock"
MOMENT = "holds the moment of the build"
CHANCE = "is drawn by chance"
FIRST_ROW = "first row"


def is_clock(reason: str) -> bool:
    """Is it only the time of day that makes two builds differ?"""
    return reason.startswith((CLOCK, MOMENT))


def is_certain(reason: str) -> bool:
    """Do two builds of the same code differ for sure, or only where an order leaves it open?"""
    return is_clock(reason) or reason.startswith(CHANCE)


def digest(name: str, *parts: str) -> str:
    """Return a key made of others; long ones by their hash."""
    text = f"{name}({', '.join(parts)})"
    if len(text) <= LONGEST_KEY:
        return text
    return f"{name}(#{blake2b(text.encode(), digest_size=12).hexdigest()})"


def quoted(name: str) -> str:
    """Return a name that cannot be mistaken for a part of a key."""
    return '"' + name.replace('"', '""') + '"'


def leaf(table: str, column: str, unstable: str | None = None) -> Term:
    """Return a column of a table."""
    own = frozenset({(table, column)})
    return Term(f"{quoted(table)}.{quoted(column)}", own, own, unstable)


def combined(key: str, terms: Iterable[Term], values: frozenset[tuple[str, str]] = NONE) -> Term:
    """Return a term made of others: it reads what they read."""
    reads: set[tuple[str, str]] = set()
    unstable = None
    for term in terms:
        reads |= term.reads
        unstable = unstable or term.unstable
    return Term(key, frozenset(reads), values, unstable)


def may_tie(relation: Relation | None, keys: frozenset[str]) -> bool:
    """Can two rows have all of these in common? Only where it is known what rows do not share."""
    return relation is not None and bool(relation.unique) and not has_unique(relation, keys)


def has_unique(relation: Relation, keys: frozenset[str]) -> bool:
    """Is it known that no two rows have all of these in common?"""
    return any(unique <= keys for unique in relation.unique)
