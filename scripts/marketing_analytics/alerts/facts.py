"""What alerts are made of: daily series, findings, and what was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# A count of events, an amount of money, a share of trials, or a size that goes on from day to day.
Kind = Literal["count", "amount", "rate", "size"]
TOTAL = "(total)"  # the series of a whole domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One metric of one campaign, or of a domain, by day."""

    domain: str
    name: str  # campaign_id, segment or (total)
    label: str
    metric: str
    kind: Kind
    source: str  # the raw table that it is counted from
    values: Mapping[date, float]  # a day that is not in it was not active, or is missing
    bases: Mapping[date, float] = field(default_factory=dict)  # trials of a rate, budget of a spend
    is_dense: bool = False  # a day without a row had nothing, not: was not active

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the series is known by."""
        return (self.domain, self.name, self.metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How many rows a raw table has by day."""

    domain: str
    name: str
    rows: Mapping[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDay:
    """What a campaign was to spend on a day, and did."""

    campaign: str
    label: str
    day: date
    budget: float
    spend: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreconciled:
    """A row of a reconciliation that does not agree."""

    domain: str
    table: str
    stage: str
    source_total: float
    unexplained: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTest:
    """A test, or a model, of the last build that did not pass."""

    name: str
    status: str
    failures: int | None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that was read from a target."""

    as_of: Mapping[str, date]  # by domain
    sources: tuple[Source, ...] = ()
    series: tuple[Series, ...] = ()
    budgets: tuple[BudgetDay, ...] = ()
    unreconciled: tuple[Unreconciled, ...] = ()
    reconciled_count: int = 0
    failed_tests: tuple[FailedTest, ...] | None = None  # None: no build is known
    notes: tuple[str, ...] = ()

    def ended(self, failed: tuple[FailedTest, ...] | None, note: str) -> World:
        """Return the same with how the last build ended."""
        return replace(self, failed_tests=failed, notes=(*self.notes, note) if note else self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at."""

    rule: str
    domain: str
    series: str
    label: str
    metric: str
    day: date | None  # None: of the build, not of a day
    since: date | None
    value: float | None
    normal: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None  # corrected for the number of series looked at
    what: str
    look_at: str

    @property
    def change(self) -> float | None:
        """Return the value's relative distance from normal."""
        if self.value is None or not self.normal:
            return None
        return self.value / self.normal - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """How much a rule had to look at, and of how much it could say nothing."""

    looked_at: int
    too_little: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A finding that a silence lets pass."""

    finding: Finding
    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The result of one look."""

    target: str
    day: date | None  # None: nothing is built that has days
    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...]
    looked_at: Mapping[str, LookedAt]
    notes: tuple[str, ...]
