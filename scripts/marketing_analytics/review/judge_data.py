"""What the rules say of the rows of a node: its numbers, its categories, how many there are."""

from __future__ import annotations

from fnmatch import fnmatchcase
from fractions import Fraction
from typing import TYPE_CHECKING

from marketing_analytics.review.words import (
    amount,
    count,
    exact,
    limit,
    listed,
    percent,
    relative,
    rows_of,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.findings import (
        Categories,
        ColumnChange,
        DataChange,
        NodeReview,
        Numbers,
    )
    from marketing_analytics.review.hits import Context, Hit


def data_hits(node: NodeReview, context: Context) -> Iterator[Hit]:
    """Yield what the rules say of a node's rows; nothing where they are as they were."""
    data = node.data
    if data is None:
        return
    if data.is_key_lost:
        yield from context.hit("key_lost", node, "its key is not unique any more")
    if data.is_identical:
        return
    yield from _rows(node, data, context)
    for column in data.columns:
        if column.categories is not None:
            yield from _categories(node, column.column, column.categories, context)
        if column.numbers is not None:
            yield from _numbers(node, column.column, column.numbers, context)
        yield from _values(node, data, column, context)
        yield from _nulls(node, data, column, context)
        yield from _unstable(node, column.column, context)
    yield from context.hit("data_change", node, rows_sentence(node, data))
    if not data.key and not data.is_key_lost:
        yield from context.hit(
            "compared_without_key",
            node,
            "has no key, so that its rows are compared as a whole: a changed row counts as one "
            "removed and one added",
        )


def _unstable(node: NodeReview, column: str, context: Context) -> Iterator[Hit]:
    reason = (node.code.unstable or {}).get(column)
    if reason is not None:
        yield from context.hit(
            "unstable_column",
            node,
            f"{column} may differ between two builds of the same code: {reason}; "
            "--noise-check tells",
            column=column,
        )


def rows_sentence(node: NodeReview, data: DataChange) -> str:
    """Return how many rows differ, and how."""
    noun = rows_of(node)
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (data.modified, "modified"),
            (data.added, "added"),
            (data.removed, "removed"),
        )
        if number
    ]
    return f"{listed(parts)} of {count(data.base_rows, noun)}"


def _rows(node: NodeReview, data: DataChange, context: Context) -> Iterator[Hit]:
    published = node.unique_id in context.published
    noun = rows_of(node)
    most = context.rules.of("row_count", node).limit
    share = relative(Fraction(data.base_rows), Fraction(data.head_rows))
    if data.base_rows != data.head_rows and (share is None or abs(share) > most):
        grown = percent(share, beside=most, is_change=True) if share is not None else "new"
        yield from context.hit(
            "row_count",
            node,
            f"{data.base_rows:,} → {count(data.head_rows, noun)}, {grown}; limit {limit(most)}",
            matters=published,
            measure="rows",
            size=abs(share) if share is not None else 1,
        )
    most = context.rules.of("rows_replaced", node).limit
    replaced = min(data.added, data.removed)
    if data.key and data.base_rows and Fraction(replaced, data.base_rows) > most:
        replaced_share = Fraction(replaced, data.base_rows)
        yield from context.hit(
            "rows_replaced",
            node,
            f"{data.removed:,} of {count(data.base_rows, noun)} gone and {data.added:,} others "
            f"come, {percent(replaced_share, beside=most)} replaced; limit {limit(most)}",
            matters=published,
            size=replaced_share,
        )


def _categories(
    node: NodeReview, column: str, categories: Categories, context: Context
) -> Iterator[Hit]:
    published = node.unique_id in context.published
    noun = rows_of(node)
    shift, new = (context.rules.of(rule, node) for rule in ("segment_shift", "new_value"))
    for category in categories.values:
        base, head = category.base, category.head
        name = shown(category.value)
        if base == 0 and head >= new.numbers["least_rows"]:
            yield from context.hit(
                "new_value",
                node,
                f"{name} of {column} is new: {count(head, noun)}",
                matters=published,
                column=column,
                value=category.value,
                measure="value",
                size=head,
            )
        share = relative(Fraction(base), Fraction(head))
        is_many = max(base, head) >= shift.numbers["least_rows"]
        if share is not None and is_many and abs(share) > shift.limit:
            yield from context.hit(
                "segment_shift",
                node,
                f"{name} of {column}: {base:,} → {count(head, noun)}, "
                f"{percent(share, beside=shift.limit, is_change=True)}; limit {limit(shift.limit)}",
                matters=published,
                column=column,
                value=category.value,
                measure="value",
                size=abs(share),
            )
    moved = context.rules.of("distribution_shift", node)
    base_rows = sum(category.base for category in categories.values)
    head_rows = sum(category.head for category in categories.values)
    variation = total_variation(categories)
    if max(base_rows, head_rows) >= moved.numbers["least_rows"] and variation > moved.limit:
        yield from context.hit(
            "distribution_shift",
            node,
            f"{percent(variation, beside=moved.limit)} of the {noun} would have to change "
            f"{column} to be spread as before; limit {limit(moved.limit)}",
            matters=published,
            column=column,
            size=variation,
        )


def total_variation(categories: Categories) -> Fraction:
    """Return half of the summed differences of shares, exactly; 0 where a side has no rows."""
    base_rows = sum(category.base for category in categories.values)
    head_rows = sum(category.head for category in categories.values)
    if not base_rows or not head_rows:
        return Fraction(0)
    differences = (
        abs(Fraction(category.head, head_rows) - Fraction(category.base, base_rows))
        for category in categories.values
    )
    return sum(differences, Fraction(0)) / 2


def _numbers(node: NodeReview, column: str, numbers: Numbers, context: Context) -> Iterator[Hit]:
    rule = context.rules.of("total_change", node)
    if any(fnmatchcase(column, pattern) for pattern in rule.patterns["skip"]):
        return
    by_mean = any(fnmatchcase(column, pattern) for pattern in rule.patterns["mean_of"])
    what = "mean" if by_mean else "total"
    base = numbers.base_mean if by_mean else numbers.base_total
    head = numbers.head_mean if by_mean else numbers.head_total
    share = relative(exact(base), exact(head))
    is_same = base == head or (exact(base) is not None and exact(base) == exact(head))
    if is_same or (share is not None and abs(share) <= rule.limit):
        return
    # From nothing to something, or to what is no number: larger than any limit.
    grown = "no share of it" if base else "from nothing"
    if share is not None:
        grown = percent(share, beside=rule.limit, is_change=True)
    yield from context.hit(
        "total_change",
        node,
        f"{what} of {column}: {amount(base)} → {amount(head)}, {grown}; limit {limit(rule.limit)}",
        matters=node.unique_id in context.published,
        column=column,
        measure=what,
        size=abs(share) if share is not None else 1,
    )


def _values(
    node: NodeReview, data: DataChange, column: ColumnChange, context: Context
) -> Iterator[Hit]:
    """Yield where values have been swapped, which neither counts nor totals show."""
    rows = data.identical + data.modified
    if column.numbers is not None or not column.modified or not rows:
        return
    most = context.rules.of("values_replaced", node).limit
    share = Fraction(column.modified, rows)
    if share > most:
        yield from context.hit(
            "values_replaced",
            node,
            f"{column.column} differs in {percent(share, beside=most)} of the {rows_of(node)}; "
            f"limit {limit(most)}",
            matters=node.unique_id in context.published,
            column=column.column,
            measure="modified",
            size=share,
        )


def _nulls(
    node: NodeReview, data: DataChange, column: ColumnChange, context: Context
) -> Iterator[Hit]:
    if not data.base_rows or not data.head_rows:
        return
    most = context.rules.of("null_rate", node).limit
    base = Fraction(column.base_nulls, data.base_rows)
    head = Fraction(column.head_nulls, data.head_rows)
    if head - base <= most:
        return
    yield from context.hit(
        "null_rate",
        node,
        f"{column.column} is null in {percent(head)} of the {rows_of(node)}, before in "
        f"{percent(base)}; limit {limit(most)} more",
        matters=node.unique_id in context.published,
        column=column.column,
        measure="nulls",
        size=head - base,
    )
