"""What a review finds. Every step of it takes these and hands these on; none is changed later.

Amounts are Decimal, rates are fractions (0.27 is 27 %), times are seconds. A change is None where
the base is zero or not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Change(StrEnum):
    """What happened to the code of a node, the strongest first."""

    REMOVED = "removed"
    ADDED = "added"
    RENAMED = "renamed"
    UNKNOWN = "unknown"  # the SQL could not be read: never taken for harmless
    ROWS = "rows"  # a filter, a join, a grain: every column may differ
    LOGIC = "logic"  # the expression of some columns
    COLUMN_REMOVED = "column removed"
    COLUMN_ADDED = "column added"
    SETTINGS = "settings"  # materialization, tags, contract: not what is selected
    NO_EFFECT = "no effect"  # comments, layout, names of steps
    UPSTREAM = "upstream"  # its own code is as it was, what it reads has changed
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """What happened to a node's code, and to which of its columns.

    `columns` are those whose values can differ because of this change or of one upstream, by column
    lineage; None means all, or not known.
    """

    change: Change
    columns: frozenset[str] | None
    sentences: tuple[str, ...] = ()  # "adds a filter: order_date > …", in the order of the SQL
    renamed_from: str | None = None  # unique id
    unstable: Mapping[str, str] | None = None  # column: why two builds of the same code differ


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationGap:
    """A list of values downstream that lacks a value which has come, or names one that has gone."""

    node: str  # unique id of the model or test with the list; the exposure with meta.expects
    path: str
    line: int | None
    construct: str  # "case", "in", "=", "accepted_values", "exposure"
    column: str  # of the changed node
    source: str  # unique id of the changed node
    listed: tuple[str, ...]
    uncovered: tuple[str, ...]  # new values that the list does not name and no else catches
    vanished: tuple[str, ...]  # listed values that no row has any more


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaChange:
    """A column that came, went, changed its type or its place in a contract."""

    column: str
    kind: Literal["added", "removed", "type", "contract"]
    base_type: str | None
    head_type: str | None
    is_narrowed: bool = False  # values or digits may no longer fit
    is_documented: bool = True  # False: the head has no description for it
    readers: tuple[str, ...] = ()  # unique ids of models and exposures that read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A row that differs: its key, and one column before and after."""

    key: tuple[Any, ...]
    base: Any
    head: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A numeric column, before and after: totals exact, quantiles 0, .25, .5, .75, 1."""

    base_total: Any
    head_total: Any
    base_mean: float | None
    head_mean: float | None
    base_nulls: int
    head_nulls: int
    base_quantiles: tuple[float | None, ...]
    head_quantiles: tuple[float | None, ...]
    total_change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The rows of one value of a column; value None is null."""

    value: str | None
    base: int
    head: int
    change: float | None  # head / base - 1
    stayed: int  # same key, same value
    moved_in: int  # same key, other value before
    moved_out: int
    added: int  # keys that were not there
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """A column with few values: their shares, and who moved between them."""

    values: tuple[Category, ...]  # by value, null last
    moves: tuple[tuple[str | None, str | None, int], ...]  # base, head, rows; without a key empty
    total_variation: float  # half of the summed differences of shares
    stability_index: float  # information only: it misses what readers see


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChange:
    """What happened to the values of a column that both sides have."""

    column: str
    modified: int | None  # rows of the same key; None without a key
    samples: tuple[Sample, ...]
    base_nulls: int
    head_nulls: int
    numbers: Numbers | None = None
    categories: Categories | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """What happened to the rows of a table. Without a key rows are compared as a bag."""

    key: tuple[str, ...]  # empty: none, or not unique on both sides
    base_rows: int
    head_rows: int
    identical: int
    modified: int
    added: int
    removed: int
    columns: tuple[ColumnChange, ...]  # those that differ, in the table's order
    is_key_lost: bool = False  # unique in the base, not in the head
    ignored: Mapping[str, str] | None = None  # column: why it was left out
    added_samples: tuple[Mapping[str, Any], ...] = ()
    removed_samples: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_identical(self) -> bool:
        """Is every row, of the columns that both sides have, as it was?"""
        return not (self.modified or self.added or self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestChange:
    """A test before and after; a status of None means that it is not there."""

    unique_id: str
    name: str
    test: str
    severity: str
    tested: tuple[str, ...]
    base_status: str | None
    head_status: str | None
    kind: Literal["newly failing", "still failing", "fixed", "added", "removed", "weakened", "same"]
    failures: int | None
    what: str  # of a weakened one: what was loosened; else empty
    description: str = ""
    relied_on_by: tuple[str, ...] = ()  # teams of the dashboards that what it reads feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a node takes to build. Money is None where no price is set."""

    base_seconds: float | None
    head_seconds: float | None
    base_bytes: int | None = None
    head_bytes: int | None = None
    base_money: float | None = None  # per build
    head_money: float | None = None
    runs_per_month: float | None = None  # from the schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReview:
    """All that is known of one node that the change touches or reaches.

    `not_compared` says why there is no data, where there should be; what needs none says nothing.
    """

    unique_id: str
    name: str
    kind: str
    path: str
    level: int  # steps from the nearest changed node; 0 is changed itself
    code: CodeChange
    schema: tuple[SchemaChange, ...]
    data: DataChange | None
    not_compared: str | None
    cost: Cost | None
    tags: tuple[str, ...] = ()
    owner: str | None = None
    schedule: str | None = None
    description: str = ""
    column_descriptions: Mapping[str, str] | None = None
    exposures: tuple[str, ...] = ()  # unique ids that it feeds, directly or not


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureReview:
    """A dashboard that the change reaches, and through which of its models.

    `is_touched` is False where all of those were compared and hold what they held.
    """

    unique_id: str
    label: str
    type: str
    owner: str
    email: str | None
    url: str | None
    approvals: tuple[str, ...]
    through: tuple[str, ...]  # unique ids of the models it reads that are touched
    is_touched: bool
    change: Literal["same", "added", "removed"] = "same"
    no_longer_asked: tuple[str, ...] = ()  # teams among `approvals` that only the base names


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The whole of what was found, before the rules judge it."""

    base: str  # names of the two sides: a commit, or a path
    head: str
    target: str
    as_of: date | None
    nodes: tuple[NodeReview, ...]  # by level, then name
    exposures: tuple[ExposureReview, ...]
    metrics: tuple[str, ...]
    tests: tuple[TestChange, ...]
    gaps: tuple[EnumerationGap, ...]
    noise: Mapping[str, Mapping[str, str]]  # node: column: why it was left out
    edges: tuple[tuple[str, str], ...]  # parent, child: between nodes and exposures above
    rule_changes: tuple[str, ...] = ()  # of the project's own review.yml, from base to head


class Severity(StrEnum):
    """What a reason does to the verdict."""

    UNSAFE = "unsafe"
    NO_EVIDENCE = "no evidence"
    APPROVAL = "approval"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the verdict is what it is: the rule that spoke, of which node, with its numbers."""

    rule: str  # its key in the rules' YAML, such as segment_shift
    severity: Severity
    node: str | None  # unique id
    text: str  # one sentence
    column: str | None = None
    is_expected: bool = False  # inside what expected.yml declares
    excepted: str | None = None  # reason of the exception that lets it pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict with every reason, the strongest first."""

    verdict: Literal["SAFE", "NEEDS APPROVAL", "NOT SAFE TO MERGE", "NO EVIDENCE"]
    approvals: tuple[str, ...]  # teams who must agree, all of them
    reasons: tuple[Reason, ...]
    currency: str = "$"  # of the money in the findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the renderers get."""

    findings: Findings
    verdict: Verdict
