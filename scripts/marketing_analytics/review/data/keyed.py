"""Which rows came, went and changed, by a key that is unique on both sides.

Few changes: the keys are joined with a hash of each row, and whole rows are read only for the keys
whose hashes differ. Many changes: the whole rows are joined at once, which is cheaper then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marketing_analytics.review.data.session import first_row, replace_temporary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.data.sides import Side, Sides

MANY = 0.3  # share of changed keys above which joining whole rows at once takes less
SAMPLED_FROM = 5_000_000  # rows above which that share is estimated first
SAMPLE = 100  # one key in so many

CHANGED, FROM_BASE, FROM_HEAD = "review_changed", "review_from_base", "review_from_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How many rows differ, and where the rows are that do.

    `changed` has the key as k0, …, and b0, h0, … of the columns that differ; `added` and `removed`
    have k0, … and v0, …. All three are queries; `changed` is None where rows have no key.
    """

    modified: int
    added: int
    removed: int
    by_column: Mapping[int, int] = field(default_factory=dict)  # place: rows, of those that differ
    changed: str | None
    added_rows: str
    removed_rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCheck:
    """Does the key tell the rows of each side apart? Null counts as a value of its own."""

    unique_in_base: bool
    unique_in_head: bool
    has_nulls: bool

    @property
    def is_usable(self) -> bool:
        """Can rows be compared by this key?"""
        return self.unique_in_base and self.unique_in_head


def check_key(session: Session, sides: Sides) -> KeyCheck:
    """Count the keys of both sides."""
    unique, nulls = [], 0
    names = sides.key_names
    is_null = " or ".join(f"{name} is null" for name in names)
    for side in (sides.base, sides.head):
        (keys,) = first_row(
            session,
            f"select count(*) from (select distinct {', '.join(names)} "
            f"from {side.sql} as side) as keys",
        )
        (null_keys,) = first_row(
            session, f"select count(*) from {side.sql} as side where {is_null}"
        )
        unique.append(keys == side.rows)
        nulls += null_keys
    return KeyCheck(unique_in_base=unique[0], unique_in_head=unique[1], has_nulls=nulls > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedComparison:
    """Compares two sides by their key."""

    session: Session
    sides: Sides
    has_null_keys: bool = False

    def differences(self) -> Differences:
        """Find the rows that differ."""
        rows = max(self.sides.base.rows, self.sides.head.rows)
        if rows > SAMPLED_FROM and self._is_much(*self._estimate()):
            return self._in_one_join()
        self._find_keys()
        (keys,) = first_row(self.session, "select count(*) from review_keys")
        return self._in_one_join() if self._is_much(keys, rows) else self._in_two_stages()

    def _is_much(self, changed: int, keys: int) -> bool:
        return changed > MANY * keys

    # By hashes

    def _estimate(self) -> tuple[int, int]:
        """Count the changed keys, and all keys, of a sample."""
        sampled = self.session.in_sample(self.sides.key_names, SAMPLE)
        changed, keys = first_row(
            self.session,
            f"select count(*) filter (where b.r is distinct from h.r), count(*) from "
            f"{self._hashed(self.sides.base, sampled)} as b full join "
            f"{self._hashed(self.sides.head, sampled)} as h on {self._same_key('b', 'h')}",
        )
        return changed, keys

    def _find_keys(self) -> None:
        """Make a table of the keys whose rows differ."""
        keys = ", ".join(f"coalesce(b.{name}, h.{name}) as {name}" for name in self.sides.key_names)
        replace_temporary(
            self.session,
            "review_keys",
            f"select {keys}, b.r is null as is_added, h.r is null as is_removed "
            f"from {self._hashed(self.sides.base)} as b full join "
            f"{self._hashed(self.sides.head)} as h on {self._same_key('b', 'h')} "
            "where b.r is distinct from h.r",
        )

    def _hashed(self, side: Side, condition: str = "true") -> str:
        keys = ", ".join(self.sides.key_names)
        row = self.session.row_hash(self.sides.value_names)
        return f"(select {keys}, {row} as r from {side.sql} as side where {condition})"

    def _in_two_stages(self) -> Differences:
        for name, side in ((FROM_BASE, self.sides.base), (FROM_HEAD, self.sides.head)):
            replace_temporary(
                self.session,
                name,
                f"select side.*, review_keys.is_added, review_keys.is_removed "
                f"from {side.sql} as side join review_keys on "
                f"{self._same_key('side', 'review_keys')}",
            )
        self._pair(FROM_BASE, FROM_HEAD, range(len(self.sides.values)))
        condition = self._any_differs("changed.b{0}", "changed.h{0}")
        modified, *by_column = first_row(
            self.session,
            f"select count(*) filter (where {condition}), "
            + ", ".join(
                [*self._counted("changed.b{0}", "changed.h{0}"), "0"],
            )
            + f" from {CHANGED} as changed",
        )
        added, removed = first_row(
            self.session,
            "select count(*) filter (where is_added), count(*) filter (where is_removed) "
            "from review_keys",
        )
        return self._found(modified, added, removed, by_column[:-1])

    # By whole rows

    def _in_one_join(self) -> Differences:
        base, head = (
            f"(select *, true as is_there from {side.sql} as side)"
            for side in (self.sides.base, self.sides.head)
        )
        both = "b.is_there and h.is_there"
        condition = self._any_differs("b.v{0}", "h.v{0}")
        added, removed, modified, *by_column = first_row(
            self.session,
            "select count(*) filter (where b.is_there is null), "
            "count(*) filter (where h.is_there is null), "
            f"count(*) filter (where {both} and {condition}), "
            + ", ".join([*self._counted("b.v{0}", "h.v{0}", both), "0"])
            + f" from {base} as b full join {head} as h on {self._same_key('b', 'h')}",
        )
        places = [place for place, count in enumerate(by_column[:-1]) if count]
        self._pair(self.sides.base.sql, self.sides.head.sql, places)
        self._only_in(FROM_BASE, self.sides.base, self.sides.head, "is_removed", removed)
        self._only_in(FROM_HEAD, self.sides.head, self.sides.base, "is_added", added)
        return self._found(modified, added, removed, by_column[:-1])

    def _only_in(self, name: str, side: Side, other: Side, mark: str, count: int) -> None:
        condition = (
            "false"
            if count == 0
            else (
                f"not exists (select 1 from {other.sql} as other "
                f"where {self._same_key('side', 'other')})"
            )
        )
        replace_temporary(
            self.session,
            name,
            f"select side.*, true as {mark} from {side.sql} as side where {condition}",
        )

    # For both

    def _pair(self, base: str, head: str, places: Iterable[int]) -> None:
        """Make a table of the changed rows before and after, of these columns."""
        chosen = list(places)
        columns = [
            *(f"b.{name}" for name in self.sides.key_names),
            *(f"b.v{place} as b{place}, h.v{place} as h{place}" for place in chosen),
        ]
        condition = self._any_differs("b.v{0}", "h.v{0}", chosen)
        replace_temporary(
            self.session,
            CHANGED,
            f"select {', '.join(columns)} from {base} as b join {head} as h "
            f"on {self._same_key('b', 'h')} where {condition}",
        )

    def _found(
        self, modified: int, added: int, removed: int, by_column: Iterable[int]
    ) -> Differences:
        return Differences(
            modified=modified,
            added=added,
            removed=removed,
            by_column={place: count for place, count in enumerate(by_column) if count},
            changed=CHANGED,
            added_rows=f"(select * from {FROM_HEAD} where is_added)",
            removed_rows=f"(select * from {FROM_BASE} where is_removed)",
        )

    def _same_key(self, left: str, right: str) -> str:
        """Return a condition for the join; of nulls too, where there are any."""
        if not self.has_null_keys:
            return " and ".join(f"{left}.{key} = {right}.{key}" for key in self.sides.key_names)
        # PostgreSQL joins in full by equality only.
        text = self.session.as_text
        return " and ".join(
            f"coalesce({text(f'{left}.{key}')}, '') = coalesce({text(f'{right}.{key}')}, '') "
            f"and ({left}.{key} is null) = ({right}.{key} is null)"
            for key in self.sides.key_names
        )

    def _any_differs(self, base: str, head: str, places: Iterable[int] | None = None) -> str:
        chosen = range(len(self.sides.values)) if places is None else places
        conditions = [
            self.sides.values[place].differs(base.format(place), head.format(place))
            for place in chosen
        ]
        return f"({' or '.join(conditions) or 'false'})"

    def _counted(self, base: str, head: str, condition: str = "true") -> list[str]:
        return [
            f"count(*) filter (where {condition} "
            f"and {column.differs(base.format(place), head.format(place))})"
            for place, column in enumerate(self.sides.values)
        ]
