"""Who reads whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketing_analytics.review.artifacts import Build


def downstream(build: Build, start: Iterable[str]) -> set[str]:
    """Return all nodes that read some others, directly or not, without these."""
    found: set[str] = set()
    todo = list(start)
    first = set(todo)
    while todo:
        for child in build.children.get(todo.pop(), ()):
            if child in build.nodes and child not in found:
                found.add(child)
                todo.append(child)
    return found - first


def in_order(build: Build, chosen: Iterable[str]) -> list[str]:
    """Return nodes so that each comes after what it reads, else by unique id."""
    wanted = set(chosen)
    found: dict[str, None] = {}

    def visit(uid: str) -> None:
        stack = [(uid, iter(sorted(build.nodes[uid].depends_on)))]
        seen.add(uid)
        while stack:
            node, parents = stack[-1]
            parent = next(parents, None)
            if parent is None:
                stack.pop()
                if node in wanted:
                    found[node] = None
            elif parent in build.nodes and parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(sorted(build.nodes[parent].depends_on))))

    seen: set[str] = set()
    for uid in sorted(wanted):
        if uid not in seen:
            visit(uid)
    return list(found)


class Impact:
    """The columns of tables that may hold something else than before."""

    def __init__(self) -> None:
        self._columns: set[tuple[str, str]] = set()
        self._tables: set[str] = set()

    def add(self, uid: str, columns: frozenset[str] | None) -> None:
        """Take in the columns of a node, None for all and for which rows there are."""
        if columns is None:
            self._tables.add(uid)
        else:
            self._columns.update((uid, column) for column in columns)

    def has(self, uid: str) -> bool:
        """Is any column of this node among them?"""
        return uid in self._tables or any(table == uid for table, _ in self._columns)

    def reaches(self, reads: frozenset[tuple[str, str]]) -> bool:
        """Is any of these columns among them?"""
        return any(table in self._tables or (table, c) in self._columns for table, c in reads)

    def through(
        self, rows: frozenset[tuple[str, str]], columns: Mapping[str, frozenset[tuple[str, str]]]
    ) -> frozenset[str] | None:
        """Return which columns of a query they get to by what these read, None for all."""
        if self.reaches(rows):
            return None
        return frozenset(name for name, reads in columns.items() if self.reaches(reads))
