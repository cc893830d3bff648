"""Compares a table of both builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.review.data.bag import bag_differences
from marketing_analytics.review.data.categories import categories, value_counts
from marketing_analytics.review.data.columns import common_columns
from marketing_analytics.review.data.keyed import KeyCheck, KeyedComparison, check_key
from marketing_analytics.review.data.session import BASE, HEAD
from marketing_analytics.review.data.shifts import (
    is_number,
    is_shifted,
    marginals,
    numbers,
    quantiles,
    samples,
    whole_rows,
)
from marketing_analytics.review.data.sides import Side, open_sides, with_keys_apart
from marketing_analytics.review.findings import ColumnChange, DataChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marketing_analytics.review.data.keyed import Differences
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.data.sides import Sides

TEMPORARY = (
    *("review_base", "review_head", "review_keys", "review_bag"),
    *("review_changed", "review_from_base", "review_from_head"),
)
MOST_LISTED = 50  # values of a column whose list another model may hold


def compare_tables(
    session: Session,
    base: str,
    head: str,
    *,
    key: Sequence[str],
    ignored: Mapping[str, str] | None = None,
    adapter: str = "duckdb",
) -> DataChange:
    """Compare schema.table of the base with that of the head.

    `key` are columns whose values tell rows apart, if they do so on both sides; without such a key
    rows are compared as a bag. `ignored` are columns to leave out, each with the reason.
    """
    base_types, head_types = session.types(BASE)[base], session.types(HEAD)[head]
    left_out = {name: why for name, why in (ignored or {}).items() if name in head_types}
    columns = common_columns(base_types, head_types, ignored=left_out, adapter=adapter)
    by_name = {column.name: column for column in columns}
    has_key = bool(key) and all(name in by_name for name in key)
    keys = [by_name[name] for name in key] if has_key else []
    values = [column for column in columns if column not in keys]
    try:
        sides = open_sides(session, base, head, keys, values)
        check = check_key(session, sides) if has_key else None
        if check is not None and check.is_usable:
            comparison = KeyedComparison(
                session=session, sides=sides, has_null_keys=check.has_nulls
            )
            differences = comparison.differences()
        else:
            sides = with_keys_apart(sides)
            differences = bag_differences(session, sides)
        return _data_change(session, sides, differences, check, left_out)
    finally:
        for name in TEMPORARY:
            session.run(f"drop table if exists {name}")


def _data_change(
    session: Session,
    sides: Sides,
    differences: Differences,
    check: KeyCheck | None,
    ignored: Mapping[str, str],
) -> DataChange:
    return DataChange(
        key=tuple(column.name for column in sides.key),
        base_rows=sides.base.rows,
        head_rows=sides.head.rows,
        identical=sides.base.rows - differences.removed - differences.modified,
        modified=differences.modified,
        added=differences.added,
        removed=differences.removed,
        columns=_column_changes(session, sides, differences),
        is_key_lost=check is not None and check.unique_in_base and not check.unique_in_head,
        ignored=dict(ignored) or None,
        added_samples=(
            whole_rows(session, sides, differences.added_rows) if differences.added else ()
        ),
        removed_samples=(
            whole_rows(session, sides, differences.removed_rows) if differences.removed else ()
        ),
    )


def _column_changes(
    session: Session, sides: Sides, differences: Differences
) -> tuple[ColumnChange, ...]:
    """Describe the columns whose values differ, and those whose totals or shares do.

    A row that came or went changes totals and shares of columns that no other row changed.
    """
    places = set(differences.by_column)
    if differences.changed is not None and (differences.added or differences.removed):
        places = set(range(len(sides.values)))
    chosen = sorted(places)
    base = marginals(session, sides.base, sides.values, chosen)
    head = marginals(session, sides.head, sides.values, chosen)
    moved = [place for place in chosen if place in differences.by_column]
    moved += [
        place
        for place in chosen
        if place not in differences.by_column and is_shifted(base[place], head[place])
    ]
    counted = sorted(place for place in moved if is_number(sides.values[place]))
    base_middle = quantiles(session, sides, sides.base, counted)
    head_middle = quantiles(session, sides, sides.head, counted)
    found = []
    for place in chosen:
        groups = categories(session, sides, differences, place)
        has_grown = groups is not None and any(
            category.base != category.head for category in groups.values
        )
        if place not in moved and not has_grown:
            continue
        found.append(
            ColumnChange(
                column=sides.values[place].name,
                modified=(
                    None if differences.changed is None else differences.by_column.get(place, 0)
                ),
                samples=samples(session, sides, differences, place),
                base_nulls=base[place].nulls,
                head_nulls=head[place].nulls,
                numbers=(
                    numbers(base[place], head[place], base_middle[place], head_middle[place])
                    if place in counted
                    else None
                ),
                categories=groups,
            )
        )
    return tuple(found)


def listed_values(session: Session, side: str, name: str, column: str) -> frozenset[str] | None:
    """Return the values of a text column; None where there are too many to be listed anywhere."""
    relation = session.relation(side, name)
    query = Side(sql=f'(select "{column}" as v0 from {relation})', rows=0)
    counts = value_counts(session, query, "v0", MOST_LISTED)
    return None if counts is None else frozenset(value for value in counts if value is not None)
