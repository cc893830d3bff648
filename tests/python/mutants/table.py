"""The table of who caught what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mutants.court import REFUSED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mutants.court import Verdict
    from mutants.faults import Fault

JUDGES = ("unit tests", "data tests", "worked answers", "references", REFUSED)
HEADER = (
    *("kind of fault", "planted", "unit tests", "data tests", "worked answers", "random worlds"),
    *("refused by the database", "changes nothing", "not noticed"),
)


def _counts(verdicts: Sequence[Verdict], equivalent: Collection[Fault]) -> list[int]:
    by = Counter(verdict.caught_by for verdict in verdicts)
    survived = [verdict.fault for verdict in verdicts if verdict.caught_by is None]
    same = sum(fault in equivalent for fault in survived)
    return [len(verdicts), *(by[judge] for judge in JUDGES), same, len(survived) - same]


def as_table(verdicts: Sequence[Verdict], equivalent: Collection[Fault]) -> str:
    """Return kinds by judges, in Markdown: each fault counts for the first judge that notices."""
    kinds = sorted({verdict.fault.kind for verdict in verdicts})
    rows = [[kind, *_counts(_of(kind, verdicts), equivalent)] for kind in kinds]
    rows.append(["all", *_counts(verdicts, equivalent)])
    lines = [HEADER, ["---"] * len(HEADER), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _of(kind: str, verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.fault.kind == kind]


def shares(verdicts: Sequence[Verdict], equivalent: Collection[Fault]) -> float:
    """Return the share that is noticed of the faults that change anything."""
    planted, *noticed, same, _ = _counts(verdicts, equivalent)
    return sum(noticed) / (planted - same)
