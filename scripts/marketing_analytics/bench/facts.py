"""What was measured, and what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What an answer used, of all processors together and by the clock."""

    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same answer by the project and by hand, one right after the other."""

    project: Used
    hand: Used


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A mart at one size; without pairs where `difference` says why there is no figure.

    The answers differ, or the memory was too little for one of them.
    """

    mart: str
    domain: str
    rows: int  # of the mart
    difference: str | None
    pairs: tuple[Pair, ...]

    @property
    def cpu_ratio(self) -> float:
        """How many times the CPU time of the query by hand the project takes."""
        return median(one.project.cpu_seconds / one.hand.cpu_seconds for one in self.pairs)

    @property
    def wall_ratio(self) -> float:
        """The same by the clock."""
        return median(one.project.wall_seconds / one.hand.wall_seconds for one in self.pairs)

    @property
    def project_cpu(self) -> float:
        """CPU seconds of the project."""
        return median(one.project.cpu_seconds for one in self.pairs)

    @property
    def hand_cpu(self) -> float:
        """CPU seconds of the query by hand."""
        return median(one.hand.cpu_seconds for one in self.pairs)


def growth_exponent(before: tuple[int, float], after: tuple[int, float]) -> float:
    """Return e where time grows as the rows to the power of e; each is rows and seconds."""
    return math.log(after[1] / before[1]) / math.log(after[0] / before[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Peaks of memory, in megabytes, of a process that answers once; None: the limit is too low."""

    project: float | None
    hand: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerUsed:
    """What another program used for a mart; `difference` says where its answer differs."""

    library: str
    mart: str
    cpu_seconds: float
    megabytes: float
    difference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """CPU seconds: a mart's part of a build of several, and its query by hand right after it."""

    project_cpu: float
    hand_cpu: float

    @property
    def cpu_ratio(self) -> float:
        """How many times the CPU time by hand the project takes."""
        return self.project_cpu / self.hand_cpu


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Share):
    """All marts of a domain: each model built once, beside all queries by hand."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What was measured at one size; `asked` is its number of rows, as asked for."""

    asked: int
    marts: tuple[Measured, ...]
    domains: tuple[Domain, ...]
    shares: dict[str, Share]  # by mart, where all were built together
    peaks: dict[str, Peak]  # by mart, where memory was measured
    peers: tuple[PeerUsed, ...] = ()
    everything: Domain | None = None  # all domains in one build, where there are several

    @property
    def totals(self) -> tuple[Domain, ...]:
        """Each domain, and all of them."""
        return (*self.domains, self.everything) if self.everything else self.domains

    @property
    def different(self) -> bool:
        """Whether an answer of a mart or of another program is another one than by hand."""
        found = [one.difference for one in self.marts] + [one.difference for one in self.peers]
        return any(one is not None for one in found)

    def build_ratio(self, one: Measured) -> float | None:
        """How many times the CPU time of the query by hand a mart takes within a build of all.

        Each model is built once: a mart bears itself, and an equal part of what is no mart and
        several need. None where the memory was too little for such a build.
        """
        share = self.shares.get(one.mart)
        return share.cpu_ratio if share else None

    def mart(self, name: str) -> Measured | None:
        """Return a mart of that name that was measured."""
        return next((m for m in self.marts if m.mart == name and m.pairs), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """All sizes, the smallest first."""

    sizes: tuple[Size, ...]

    def growth(self, mart: str, *, by_hand: bool = False) -> float | None:
        """Return how CPU time grows from the smallest to the largest size that has the mart."""
        found = [(size.asked, one) for size in self.sizes if (one := size.mart(mart))]
        if len({rows for rows, _ in found}) < 2:  # noqa: PLR2004
            return None
        ends = [
            (rows, one.hand_cpu if by_hand else one.project_cpu)
            for rows, one in (found[0], found[-1])
        ]
        return growth_exponent(*ends)
