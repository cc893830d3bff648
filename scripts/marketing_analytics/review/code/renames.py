"""Models that went on under another name."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from marketing_analytics.review.code import canonical

if TYPE_CHECKING:
    from marketing_analytics.review.code.side import Side

LEAST_LIKENESS = 0.85
FEWEST_WORDS = 12  # shorter queries are alike by chance


def renames(base: Side, head: Side) -> dict[str, str]:
    """Return nodes of the base that were renamed, by the unique id they have in the head."""
    gone = sorted(set(base.build.nodes) - set(head.build.nodes))
    come = sorted(set(head.build.nodes) - set(base.build.nodes))
    pairs = []
    for old in gone:
        for new in come:
            likeness = _likeness(base, head, old, new)
            if likeness >= LEAST_LIKENESS:
                pairs.append((-likeness, old, new))
    found: dict[str, str] = {}
    for _, old, new in sorted(pairs):
        if old not in found.values() and new not in found:
            found[new] = old
    return found


def _likeness(base: Side, head: Side, old: str, new: str) -> float:
    before, after = base.build.nodes[old], head.build.nodes[new]
    if before.kind != after.kind:
        return 0.0
    if before.checksum == after.checksum:
        return 1.0
    if before.kind == "seed":
        return 0.0
    words = canonical.words(base, old), canonical.words(head, new)
    if min(map(len, words)) < FEWEST_WORDS:
        return 1.0 if words[0] and words[0] == words[1] else 0.0
    matcher = SequenceMatcher(None, *words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else 0.0
