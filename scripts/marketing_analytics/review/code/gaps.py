"""Lists of values downstream that lack a value which has come, or name one that has gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.code.graph import downstream, in_order
from marketing_analytics.review.code.lines import line_of
from marketing_analytics.review.code.side import Side
from marketing_analytics.review.code.terms import UnreadableError
from marketing_analytics.review.findings import EnumerationGap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from marketing_analytics.review.artifacts import Build
    from marketing_analytics.review.code.comparisons import Comparison

Column = tuple[str, str]
FEWEST_OF_A_LIST = 2


@dataclass(frozen=True, slots=True)
class Shift:
    """A column whose values have changed, and all columns downstream that carry its values."""

    column: Column
    new: frozenset[str]
    gone: frozenset[str]
    carriers: frozenset[Column]


@dataclass(frozen=True, slots=True)
class Listed:
    """Values that something expects; `catches_others` where an else takes the rest."""

    construct: str
    values: tuple[str, ...]
    catches_others: bool


def enumeration_gaps(
    base: Build,
    head: Build,
    new_values: Mapping[Column, tuple[set[str], set[str]]],
    types: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[EnumerationGap, ...]:
    """Return the lists that do not fit the values any more. `base` is there for symmetry alone.

    `new_values` has a column's values in the base and in the head, by unique id and name. A column
    downstream with the same shift is not looked at twice.
    """
    del base
    side = Side(head, types or {})
    found: dict[EnumerationGap, None] = {}
    for shift in _roots(_shifts(side, new_values)):
        for gap in (*_in_models(side, shift), *_in_tests(side, shift), *_in_exposures(side, shift)):
            found.setdefault(gap)
    return tuple(found)


def _shifts(side: Side, new_values: Mapping[Column, tuple[set[str], set[str]]]) -> Iterator[Shift]:
    for (uid, name), (before, after) in sorted(new_values.items(), key=lambda item: item[0]):
        if before != after and uid in side.build.nodes:
            column = uid, side.names.stored(name)
            new, gone = frozenset(after - before), frozenset(before - after)
            yield Shift(column, new, gone, _carriers(side, column))


def _carriers(side: Side, column: Column) -> frozenset[Column]:
    """Return the columns that pass on the values of one, by aliases, steps and models."""
    found = {column}
    for uid in in_order(side.build, downstream(side.build, [column[0]])):
        try:
            relation = side.reading(uid).relation
        except UnreadableError:
            continue
        found |= {(uid, name) for name, term in relation.columns.items() if term.values & found}
    return frozenset(found)


def _roots(shifts: Iterable[Shift]) -> list[Shift]:
    """Leave out the columns that only carry what another one has told."""
    every = list(shifts)
    return [
        shift
        for shift in every
        if not any(
            other is not shift
            and shift.column in other.carriers
            and shift.new <= other.new
            and shift.gone <= other.gone
            for other in every
        )
    ]


def _gap(
    shift: Shift, node: str, path: str, line: int | None, listed: Listed
) -> EnumerationGap | None:
    uncovered = set() if listed.catches_others else shift.new - set(listed.values)
    vanished = shift.gone & set(listed.values)
    if not uncovered and not vanished:
        return None
    return EnumerationGap(
        node=node,
        path=path,
        line=line,
        construct=listed.construct,
        column=shift.column[1],
        source=shift.column[0],
        listed=listed.values,
        uncovered=tuple(sorted(uncovered)),
        vanished=tuple(sorted(vanished)),
    )


def _in_models(side: Side, shift: Shift) -> Iterator[EnumerationGap]:
    for uid in in_order(side.build, downstream(side.build, [shift.column[0]])):
        try:
            comparisons = side.reading(uid).comparisons
        except UnreadableError:
            continue
        node = side.build.nodes[uid]
        for listed in _lists([c for c in comparisons if c.values & shift.carriers]):
            line = line_of(node.raw_code, listed.values)
            gap = _gap(shift, uid, node.path, line, listed)
            if gap is not None:
                yield gap


def _lists(comparisons: Iterable[Comparison]) -> list[Listed]:
    """Return the lists that comparisons make: each by itself, and the single ones of a select."""
    found: list[Listed] = []
    singles: dict[int, list[Comparison]] = {}
    for one in comparisons:
        is_single = len(one.literals) < FEWEST_OF_A_LIST
        if is_single and (one.construct != "case" or one.is_summed or not one.catches_others):
            if one.construct == "case" or not one.catches_others:
                singles.setdefault(one.select, []).append(one)
            else:
                found.append(Listed("=", one.literals, catches_others=True))
        else:
            found.append(Listed(one.construct, one.literals, one.catches_others))
    for together in singles.values():
        values = tuple(dict.fromkeys(value for one in together for value in one.literals))
        construct = "case" if any(one.construct == "case" for one in together) else "="
        # A single value is a choice, no list: it only minds that its value is still there.
        found.append(Listed(construct, values, len(values) < FEWEST_OF_A_LIST))
    return found


def _in_tests(side: Side, shift: Shift) -> Iterator[EnumerationGap]:
    for uid, test in sorted(side.build.tests.items()):
        if test.test != "accepted_values" or test.column is None:
            continue
        column = side.names.stored(test.column)
        if not any((node, column) in shift.carriers for node in test.tested):
            continue
        arguments = test.arguments.get("arguments") or test.arguments
        values = _texts(arguments.get("values"))
        gap = _gap(shift, uid, test.path, None, Listed("accepted_values", values, False))
        if gap is not None:
            yield gap


def _in_exposures(side: Side, shift: Shift) -> Iterator[EnumerationGap]:
    by_name = {f"{side.build.nodes[u].name}.{c}".lower(): (u, c) for u, c in shift.carriers}
    for uid, exposure in sorted(side.build.exposures.items()):
        expects = exposure.meta.get("expects")
        for name, values in sorted(expects.items()) if isinstance(expects, dict) else ():
            if str(name).lower() not in by_name:
                continue
            listed = Listed("exposure", _texts(values), catches_others=False)
            gap = _gap(shift, uid, "", None, listed)
            if gap is not None:
                yield gap


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, (list, tuple)) else ()
