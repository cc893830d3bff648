"""Classifies every node that a change touches or reaches."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING

from marketing_analytics.review.code import canonical
from marketing_analytics.review.code.compare import SAME, Difference, difference
from marketing_analytics.review.code.graph import Impact, downstream, in_order
from marketing_analytics.review.code.renames import renames
from marketing_analytics.review.code.seeds import seed_difference
from marketing_analytics.review.code.sentences import sentences
from marketing_analytics.review.code.settings import settings
from marketing_analytics.review.code.side import Side
from marketing_analytics.review.code.terms import UnreadableError
from marketing_analytics.review.findings import Change, CodeChange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from marketing_analytics.review.artifacts import Build

UNKNOWN = Difference(change=Change.UNKNOWN, columns=None)
HARMLESS = (Change.NO_EFFECT, Change.SETTINGS, Change.NONE)


class Sides:
    """Two builds side by side. Unique ids are those of the head; `renamed` gives the base's."""

    def __init__(
        self,
        base: Build,
        head: Build,
        types: Mapping[str, Mapping[str, str]],
        folders: tuple[Path, Path] | None,
    ) -> None:
        self.folders = folders
        moments = canonical.moments(base), canonical.moments(head)
        code = {u: n.compiled_code for u, n in head.nodes.items()}
        old_code = {
            u: n.compiled_code
            for u, n in base.nodes.items()
            if u in head.nodes and n.checksum == head.nodes[u].checksum
        }
        old_types = ChainMap(dict(types), _types_of_base(base, head, types))
        plain = Side(base, old_types, moments=moments[0]), Side(head, types, moments=moments[1])
        self.renamed = renames(*plain)
        names = {old: new for new, old in self.renamed.items()}
        self.added = frozenset(set(head.nodes) - set(base.nodes) - set(self.renamed))
        self.removed = frozenset(set(base.nodes) - set(head.nodes) - set(names))
        self.base = Side(base, old_types, moments=moments[0], ids=names)
        self.head = Side(head, types, moments=moments[1], other_code=old_code)
        self.common = [u for u in head.nodes if u not in self.added]
        self.same_code = {u for u in self.common if self._has_same_code(u)}
        self.base.other_code = {u: code[u] for u in self.same_code if u in base.nodes}
        touched = {u for u in self.common if self._is_touched(u)}
        changed = {u for u in touched if u not in self.same_code} | self.added
        changed |= {u for u in touched if head.nodes[u].kind == "seed"}
        gone = {names.get(u, u) for u in downstream(base, self.removed)} & set(head.nodes)
        self.reached_by_removal = gone
        self.reached = frozenset((downstream(head, changed) | gone) - touched - self.added)
        self.touched = frozenset(touched)
        derived = self.touched | self.reached | self.added
        self.head.derived = frozenset(derived)
        self.base.derived = frozenset(self.renamed.get(u, u) for u in derived) & set(base.nodes)
        self.base.derived |= self.removed
        self.head.inlined = frozenset(u for u in self.added if head.nodes[u].kind == "model")
        self.base.inlined = frozenset(u for u in self.removed if base.nodes[u].kind == "model")

    def old(self, uid: str) -> str:
        """Return the unique id that a node has in the base."""
        return self.renamed.get(uid, uid)

    def _has_same_code(self, uid: str) -> bool:
        before, after = self.base.build.nodes[self.old(uid)], self.head.build.nodes[uid]
        if before.compiled_code is None or after.compiled_code is None:
            return before.checksum == after.checksum
        if before.compiled_code == after.compiled_code and not self.renamed:
            return True
        return canonical.text(self.base, self.old(uid)) == canonical.text(self.head, uid)

    def _is_touched(self, uid: str) -> bool:
        before, after = self.base.build.nodes[self.old(uid)], self.head.build.nodes[uid]
        return (
            uid in self.renamed
            or uid not in self.same_code
            or before.checksum != after.checksum
            or bool(settings(before, after))
        )

    def own_difference(self, uid: str) -> tuple[Difference, str | None]:
        """Return what a node's own SQL does otherwise, and why if that cannot be told."""
        is_same = uid in self.same_code or self._is_same_tree(uid)
        if is_same and not self._gets_other_columns(uid):
            return SAME, None
        try:
            base = self.base.reading(self.old(uid)).relation
            return difference(base, self.head.reading(uid).relation), None
        except UnreadableError as error:
            return UNKNOWN, str(error)

    def _is_same_tree(self, uid: str) -> bool:
        try:
            trees = canonical.tree(self.base, self.old(uid)), canonical.tree(self.head, uid)
        except UnreadableError:
            return False
        return trees[0] == trees[1]

    def _gets_other_columns(self, uid: str) -> bool:
        for parent in self.head.build.nodes[uid].depends_on:
            if parent in self.head.derived and parent not in self.head.inlined:
                before = self.base.build.nodes.get(self.old(parent))
                if before is None or self._columns(parent) != self._old_columns(parent):
                    return True
        return False

    def _columns(self, uid: str) -> list[str]:
        return list(self.head.relation_of(uid).columns)

    def _old_columns(self, uid: str) -> list[str]:
        return list(self.base.relation_of(self.old(uid)).columns)


def _types_of_base(
    base: Build, head: Build, types: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """Return the types of the base's tables where they are kept elsewhere than the head's."""
    return {
        node.relation: types[head.nodes[uid].relation]
        for uid, node in base.nodes.items()
        if uid in head.nodes and head.nodes[uid].relation in types
    }


def code_changes(
    base: Build,
    head: Build,
    types: Mapping[str, Mapping[str, str]],
    folders: tuple[Path, Path] | None = None,
) -> dict[str, CodeChange]:
    """Return what happened to every node that a change touches or reaches, in building order.

    See the package for what `types` are; `folders` are those of both projects, whose seeds are then
    compared row by row. A renamed node stands under its new name alone.
    """
    both = Sides(base, head, types, folders)
    impact = Impact()
    found: dict[str, CodeChange] = {}
    for uid in sorted(both.removed):
        impact.add(uid, None)
        found[uid] = CodeChange(change=Change.REMOVED, columns=None)
    for uid in in_order(head, both.touched | both.reached | both.added):
        found[uid] = _code_change(both, uid, impact)
    return _worth_telling(both, found)


def _worth_telling(both: Sides, found: dict[str, CodeChange]) -> dict[str, CodeChange]:
    """Leave out the unaffected readers of what has no effect."""
    effective = [u for u, change in found.items() if change.change not in HARMLESS]
    reached = downstream(both.head.build, (u for u in effective if u in both.head.build.nodes))
    reached |= both.reached_by_removal
    return {u: c for u, c in found.items() if c.change is not Change.NONE or u in reached}


def _code_change(both: Sides, uid: str, impact: Impact) -> CodeChange:
    if uid in both.added:
        impact.add(uid, None)
        unstable = _unstable(both.head, uid)
        why = _failure(both.head, uid)
        return CodeChange(change=Change.ADDED, columns=None, sentences=why, unstable=unstable)
    if both.head.build.nodes[uid].kind == "seed":
        return _seed_change(both, uid, impact)
    own, failure = both.own_difference(uid)
    columns = _with_upstream(both, uid, own, impact)
    impact.add(uid, columns)
    said = [] if failure is None else [f"its SQL could not be read: {failure}"]
    is_edited = uid in both.touched and uid not in both.same_code
    if is_edited and failure is None:
        said += _sentences(both, uid, own)
    if uid in both.touched:
        said += settings(both.base.build.nodes[both.old(uid)], both.head.build.nodes[uid])
    return CodeChange(
        change=_change(both, uid, own, columns),
        columns=_written(both.head, uid, columns),
        sentences=tuple(said),
        renamed_from=both.renamed.get(uid),
        unstable=_unstable(both.head, uid),
    )


def _seed_change(both: Sides, uid: str, impact: Impact) -> CodeChange:
    before, after = both.base.build.nodes[both.old(uid)], both.head.build.nodes[uid]
    own, said = SAME, list[str]()
    if before.checksum != after.checksum:
        own, said = seed_difference(before, after, both.folders)
    said += settings(before, after)
    names = own.columns and frozenset(both.head.names.stored(name) for name in own.columns)
    impact.add(uid, names)
    change = own.change
    if uid in both.renamed:
        change = Change.RENAMED
    elif change is Change.NO_EFFECT and settings(before, after):
        change = Change.SETTINGS
    return CodeChange(
        change=change,
        columns=own.columns,
        sentences=tuple(said),
        renamed_from=both.renamed.get(uid),
    )


def _sentences(both: Sides, uid: str, own: Difference) -> list[str]:
    base, head = canonical.tree(both.base, both.old(uid)), canonical.tree(both.head, uid)
    return sentences(base, head, own, both.head.names.dialect)


def _change(both: Sides, uid: str, own: Difference, columns: frozenset[str] | None) -> Change:
    if uid in both.renamed:
        return Change.RENAMED
    is_own = uid in both.touched and uid not in both.same_code
    if is_own and own.change is not Change.NO_EFFECT:
        return own.change
    if uid in both.touched:
        nodes = both.base.build.nodes[both.old(uid)], both.head.build.nodes[uid]
        return Change.SETTINGS if settings(*nodes) else Change.NO_EFFECT
    return Change.NONE if columns is not None and not columns else Change.UPSTREAM


def _with_upstream(both: Sides, uid: str, own: Difference, impact: Impact) -> frozenset[str] | None:
    if own.columns is None:
        return None
    relation = both.head.known(uid)
    if relation is None:
        parents = both.head.build.nodes[uid].depends_on
        return None if any(impact.has(parent) for parent in parents) else own.columns
    reads = {name: term.reads for name, term in relation.columns.items()}
    upstream = impact.through(relation.reads, reads)
    return None if upstream is None else own.columns | upstream


def _written(side: Side, uid: str, columns: frozenset[str] | None) -> frozenset[str] | None:
    """Return columns by the names that the database has for them."""
    if columns is None:
        return None
    names = side.readable_names(uid)
    return frozenset(names.get(column, column) for column in columns)


def _unstable(side: Side, uid: str) -> dict[str, str] | None:
    relation = side.known(uid)
    if relation is None:
        return None
    names = side.readable_names(uid)
    found = {
        names.get(name, name): reason
        for name, term in relation.columns.items()
        if (reason := term.unstable or relation.unstable)
    }
    return found or None


def _failure(side: Side, uid: str) -> tuple[str, ...]:
    if side.build.nodes[uid].kind == "seed":
        return ()
    try:
        side.reading(uid)
    except UnreadableError as error:
        return (f"its SQL could not be read: {error}",)
    return ()
