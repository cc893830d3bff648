"""Where a query compares a column with literals: what it expects the column to hold."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot import exp

    from marketing_analytics.review.code.terms import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A list of literals that columns are compared with.

    `catches_others` says that an else or a negation takes what is not listed; `select` numbers the
    select it stands in, `is_summed` that it stands in an aggregate.
    """

    construct: str  # "case", "in" or "="
    values: frozenset[tuple[str, str]]
    literals: tuple[str, ...]
    catches_others: bool
    is_summed: bool
    select: int


class Comparisons:
    """Gathers comparisons while a query is read. A part that is read twice counts once."""

    def __init__(self) -> None:
        self._found: dict[Comparison, None] = {}
        self._open: list[list[Comparison]] = []
        self._cases: dict[int, list[Comparison]] = {}
        self._negations = 0
        self.select = 0
        self.aggregate_depth = 0

    @property
    def found(self) -> tuple[Comparison, ...]:
        """All of them, in the order of the SQL."""
        return tuple(self._found)

    @contextmanager
    def negated(self) -> Iterator[None]:
        """Within a `not`."""
        self._negations += 1
        yield
        self._negations -= 1

    @contextmanager
    def within_case(self, case: exp.Expr) -> Iterator[None]:
        """Within a condition of a case."""
        self._open.append(self._cases.setdefault(id(case), []))
        yield
        self._open.pop()

    def compared(self, left: Term, right: Term, *, is_equal: bool) -> None:
        """Take in `left = right`, or `<>`."""
        for column, other in ((left, right), (right, left)):
            if column.values and other.literal is not None:
                self._add("=", column, (other.literal,), is_open=not is_equal)

    def listed(self, column: Term, terms: Sequence[Term]) -> None:
        """Take in `column in (…)`."""
        literals = tuple(part.literal for part in terms if part.literal is not None)
        if column.values and literals and len(literals) == len(terms):
            self._add("in", column, literals, is_open=False)

    def case(self, case: exp.Expr, *, has_else: bool) -> None:
        """Take in a case whose conditions have been read: one list per column they compare."""
        by_column: dict[frozenset[tuple[str, str]], dict[str, None]] = {}
        for one in self._cases.pop(id(case), []):
            if one.catches_others:
                self._keep(one)
            else:
                by_column.setdefault(one.values, {}).update(dict.fromkeys(one.literals))
        for values, literals in by_column.items():
            self._keep(
                Comparison(
                    construct="case",
                    values=values,
                    literals=tuple(literals),
                    catches_others=has_else,
                    is_summed=self.aggregate_depth > 0,
                    select=self.select,
                )
            )

    def _add(
        self, construct: str, column: Term, literals: tuple[str, ...], *, is_open: bool
    ) -> None:
        self._keep(
            Comparison(
                construct=construct,
                values=column.values,
                literals=literals,
                catches_others=is_open != bool(self._negations % 2),
                is_summed=self.aggregate_depth > 0,
                select=self.select,
            )
        )

    def _keep(self, comparison: Comparison) -> None:
        if self._open:
            self._open[-1].append(comparison)
        else:
            self._found.setdefault(comparison)
