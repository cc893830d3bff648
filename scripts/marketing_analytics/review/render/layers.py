"""Places a graph in columns, parents left of children, with few crossings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SWEEPS = 6
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Columns from left to right, each from top to bottom, and the edges by what they pass.

    An edge over several columns passes a place of its own in each between; `paths` has them all.
    """

    columns: tuple[tuple[str, ...], ...]
    paths: tuple[tuple[str, ...], ...]


def layers(names: Sequence[str], edges: Iterable[Edge], last: frozenset[str]) -> Layers:
    """Place the names: each right of all that it depends on, those in `last` in the last column."""
    known = set(names)
    links = sorted({edge for edge in edges if edge[0] in known and edge[1] in known})
    level = _levels(names, links)
    deepest = max([level[name] for name in names if name not in last], default=-1)
    for name in last & known:
        level[name] = max(deepest + 1, level[name])
    columns: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for name in sorted(names):
        columns[level[name]].append(name)
    paths = []
    for parent, child in links:
        between = [
            f"{parent}\0{child}\0{place}" for place in range(level[parent] + 1, level[child])
        ]
        for place, name in enumerate(between, level[parent] + 1):
            columns[place].append(name)
        paths.append((parent, *between, child))
    _untangle(columns, [pair for path in paths for pair in pairwise(path)])
    filled = [column for column in columns if column]
    return Layers(columns=tuple(map(tuple, filled)), paths=tuple(paths))


def contracted(edges: Iterable[Edge], kept: frozenset[str]) -> tuple[Edge, ...]:
    """Return edges between those kept; what stood between two of them is passed over."""
    children: dict[str, list[str]] = {}
    for parent, child in edges:
        children.setdefault(parent, []).append(child)
    found: set[Edge] = set()
    for name in kept:
        seen: set[str] = set()
        open_names = list(children.get(name, ()))
        while open_names:
            child = open_names.pop()
            if child in seen:
                continue
            seen.add(child)
            if child in kept:
                found.add((name, child))
            else:
                open_names += children.get(child, ())
    return tuple(sorted(found))


def _levels(names: Sequence[str], links: Sequence[Edge]) -> dict[str, int]:
    """Return the longest way to each name; what stands in a circle keeps the level it has."""
    children: dict[str, list[str]] = {}
    waiting = dict.fromkeys(names, 0)
    for parent, child in links:
        children.setdefault(parent, []).append(child)
        waiting[child] += 1
    level = dict.fromkeys(names, 0)
    ready = [name for name in sorted(names) if not waiting[name]]
    while ready:
        name = ready.pop()
        for child in children.get(name, ()):
            level[child] = max(level[child], level[name] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return level


def _untangle(columns: list[list[str]], pairs: Sequence[Edge]) -> None:
    """Order each column by where the neighbours of its names stand, to and fro."""
    left: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    for parent, child in pairs:
        left.setdefault(child, []).append(parent)
        right.setdefault(parent, []).append(child)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for place in order:
            neighbours = left if forward else right
            beside = columns[place - 1 if forward else place + 1]
            _sort(columns[place], {name: at for at, name in enumerate(beside)}, neighbours)


def _sort(
    column: list[str], at: Mapping[str, int], neighbours: Mapping[str, Sequence[str]]
) -> None:
    def middle(name: str) -> tuple[float, str]:
        places = [at[other] for other in neighbours.get(name, ()) if other in at]
        return (sum(places) / len(places) if places else column.index(name), name)

    column[:] = sorted(list(column), key=middle)
