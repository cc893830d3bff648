"""What the rules say of a node's code, columns, contract and cost, and of what was not compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketing_analytics.review.findings import Change
from marketing_analytics.review.words import (
    exact,
    limit,
    listed,
    money,
    percent,
    relative,
    seconds,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.findings import EnumerationGap, NodeReview, SchemaChange
    from marketing_analytics.review.hits import Context, Hit

REWRITTEN = (Change.UNKNOWN, Change.ROWS, Change.LOGIC)
TO_COMPARE = (*REWRITTEN, Change.RENAMED, Change.COLUMN_REMOVED, Change.COLUMN_ADDED)
# Types that hold the same kind of value, from which only the room differs.
FAMILIES = (
    r"u?(tiny|small|medium|big|huge)?int(eger|\d+)?|long|short|byteint",
    r"(decimal|numeric|number|bignumeric)(\(.*\))?",
    r"float\d*|double( precision)?|real",
    r"(varchar|text|string|char|character varying|bpchar)(\(.*\))?",
)


def no_evidence(node: NodeReview, context: Context) -> str | None:
    """Return why nothing is known of what a node holds now; None where all is."""
    if node.not_compared is not None:
        return f"not compared: {node.not_compared}"
    # A node between others, such as an ephemeral model, is known by what reads it.
    if node.data is not None or context.children.get(node.unique_id):
        return None
    may_differ = node.code.columns != frozenset()  # None: not known
    if node.code.change is Change.UNKNOWN or (node.code.change in TO_COMPARE and may_differ):
        return "not compared, although its code has changed"
    above = (context.nodes.get(parent) for parent in context.parents.get(node.unique_id, ()))
    differs = any(
        parent.not_compared is not None or (parent.data and not parent.data.is_identical)
        for parent in above
        if parent is not None
    )
    if node.code.change is Change.UPSTREAM and may_differ and differs:
        return "not compared, although what it reads has changed"
    return None


def shape_hits(node: NodeReview, context: Context) -> Iterator[Hit]:
    """Yield what the rules say of a node's code, columns and cost."""
    yield from _code(node, context)
    for change in node.schema:
        yield from _column(node, change, context)
    yield from _cost(node, context)


def _code(node: NodeReview, context: Context) -> Iterator[Hit]:
    change = node.code.change
    children = context.children.get(node.unique_id, frozenset())
    if change is Change.REMOVED:
        readers = sorted(children | set(node.exposures))
        who = listed(context.name(reader) for reader in readers)
        text = f"is removed; it was read by {who}" if readers else "is removed; nobody read it"
        yield from context.hit("model_removed", node, text, matters=bool(readers))
    elif change is Change.RENAMED:
        before = context.name(node.code.renamed_from or "another name")
        exposures = {exposure.unique_id for exposure in context.findings.exposures}
        yield from context.hit(
            "model_renamed",
            node,
            f"was {before}; what reads it by that name outside of dbt finds nothing",
            matters=bool(children & exposures),
        )
    elif change is Change.ADDED:
        yield from context.hit("model_added", node, f"is new, a {node.kind}")
    elif change is Change.UNKNOWN:
        why = f" ({'; '.join(node.code.sentences)})" if node.code.sentences else ""
        yield from context.hit(
            "unread_code", node, f"its SQL could not be read{why}: somebody has to"
        )
    elif change is Change.SETTINGS:
        what = "; ".join(node.code.sentences) or "its settings have changed"
        yield from context.hit("settings_changed", node, what)
    elif change in REWRITTEN and node.data is not None and node.data.is_identical:
        yield from context.hit(
            "no_visible_effect",
            node,
            "its logic has changed, but no row of these data differs: others may",
        )


def _column(node: NodeReview, change: SchemaChange, context: Context) -> Iterator[Hit]:
    column = change.column
    who = listed(context.name(reader) for reader in change.readers)
    if change.kind == "added":
        yield from context.hit(
            "column_added", node, f"{column} is new, {change.head_type}", column=column
        )
        if not change.is_documented:
            yield from context.hit(
                "undocumented_column", node, f"{column} has no description", column=column
            )
    elif change.kind == "removed":
        text = f"{column} is removed; " + (f"read by {who}" if change.readers else "nobody read it")
        yield from context.hit(
            "removed_column", node, text, matters=bool(change.readers), column=column
        )
    elif change.kind == "contract":
        types = (
            f": {change.base_type or 'none'} → {change.head_type or 'none'}"
            if change.base_type != change.head_type
            else ""
        )
        yield from context.hit(
            "contract_break", node, f"{column} breaks the contract{types}", column=column
        )
    else:
        read = f"; read by {who}" if change.readers else ""
        types = f"{change.base_type} → {change.head_type}"
        if change.is_narrowed:
            text = f"{column} is narrower: {types}, so that values may no longer fit{read}"
            yield from context.hit("type_narrowed", node, text, column=column)
        else:
            yield from context.hit(
                "type_changed",
                node,
                f"{column} has another type: {types}{read}",
                matters=not _is_wider(change.base_type, change.head_type),
                column=column,
            )


def gap_hits(gap: EnumerationGap, context: Context) -> Iterator[Hit]:
    """Yield what the rules say of a list of values that does not go with the data."""
    source = context.nodes.get(gap.source)
    where = f"{gap.path}:{gap.line}" if gap.line else gap.path
    place = ", ".join(part for part in (gap.construct, where) if part)
    reader = f"{context.name(gap.node)} ({place})"
    column = f"{gap.column} of {context.name(gap.source)}"
    values = listed(map(shown, gap.listed))
    if gap.uncovered:
        text = f"{reader} lists {values} of {column} and lacks {listed(map(shown, gap.uncovered))}"
        yield from context.hit("uncovered_value", source, text, column=gap.column)
    if gap.vanished:
        text = f"{reader} names {listed(map(shown, gap.vanished))} of {column}, which no row has"
        yield from context.hit("vanished_value", source, text, column=gap.column)


def _cost(node: NodeReview, context: Context) -> Iterator[Hit]:
    cost = node.cost
    if cost is None:
        return
    for key, base, head, floor in (
        ("run_time", cost.base_seconds, cost.head_seconds, "floor_seconds"),
        ("cost", cost.base_money, cost.head_money, "floor"),
    ):
        rule = context.rules.of(key, node)
        before, after = exact(base), exact(head)
        share = relative(before, after)
        if before is None or after is None or after - before <= rule.numbers[floor]:
            continue
        if share is not None and share <= rule.limit:
            continue
        grown = "new"  # from nothing
        if share is not None:
            grown = percent(share, beside=rule.limit, is_change=True)
        if key == "run_time":
            words, least = (seconds(base), seconds(head)), seconds(float(rule.numbers[floor]))
        else:
            currency = context.rules.price.currency
            words = (money(base, currency), money(head, currency))
            least = money(float(rule.numbers[floor]), currency)
        what = "run time" if key == "run_time" else "cost per build"
        yield from context.hit(
            key,
            node,
            f"{what}: {words[0]} → {words[1]}, {grown}; limit {limit(rule.limit)} and {least} more",
            size=share if share is not None else 1,
        )


def _is_wider(base: str | None, head: str | None) -> bool:
    """Do two types hold the same kind of value?"""
    before, after = (base or "").strip().lower(), (head or "").strip().lower()
    return any(re.fullmatch(family, before) and re.fullmatch(family, after) for family in FAMILIES)
