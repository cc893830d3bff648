"""Who reads a column: models by their SQL, exposures through the models they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketing_analytics.review.code.graph import Impact, downstream, in_order
from marketing_analytics.review.code.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketing_analytics.review.artifacts import Build


class Readers:
    """The readers of the columns of a build. Each model is read once, whatever is asked."""

    def __init__(self, build: Build, types: Mapping[str, Mapping[str, str]]) -> None:
        self._side = Side(build, types)

    def of(self, uid: str, column: str) -> tuple[str, ...]:
        """Return the models that read a column directly, then the exposures that it feeds.

        An exposure of the node itself is one of them: nothing says which columns it shows.
        """
        build = self._side.build
        if uid not in build.nodes:
            return ()
        name = self._side.names.stored(column)
        children = [child for child in build.children.get(uid, ()) if child in build.nodes]
        direct = sorted(child for child in set(children) if self._reads(child, uid, name))
        fed = {uid, *self._fed(uid, name)} if direct else {uid}
        exposures = sorted(
            exposure.unique_id
            for exposure in build.exposures.values()
            if fed & set(exposure.depends_on)
        )
        return (*direct, *exposures)

    def _reads(self, child: str, uid: str, column: str) -> bool:
        relation = self._side.known(child)
        if relation is None:
            code = self._side.code(child) or column
            return re.search(rf"\b{re.escape(column)}\b|\*", code, re.IGNORECASE) is not None
        return (uid, column) in relation.reads.union(*(t.reads for t in relation.columns.values()))

    def _fed(self, uid: str, column: str) -> set[str]:
        """Return the nodes downstream of which a column depends on this one."""
        impact = Impact()
        impact.add(uid, frozenset({column}))
        found = set()
        for child in in_order(self._side.build, downstream(self._side.build, [uid])):
            columns = self._reached(child, impact)
            if columns is None or columns:
                impact.add(child, columns)
                found.add(child)
        return found

    def _reached(self, child: str, impact: Impact) -> frozenset[str] | None:
        relation = self._side.known(child)
        if relation is None:
            parents = self._side.build.nodes[child].depends_on
            return None if any(impact.has(parent) for parent in parents) else frozenset()
        reads = {name: term.reads for name, term in relation.columns.items()}
        return impact.through(relation.reads, reads)


def column_readers(
    head: Build, types: Mapping[str, Mapping[str, str]], unique_id: str, column: str
) -> tuple[str, ...]:
    """Return the unique ids of who reads a column; ask Readers for several at once.

    For a column that the change removes ask the base: its readers are those that still had it.
    """
    return Readers(head, types).of(unique_id, column)


def readers_of(
    head: Build, types: Mapping[str, Mapping[str, str]], columns: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who reads each of some columns, by unique id and name."""
    readers = Readers(head, types)
    return {column: readers.of(*column) for column in columns}
