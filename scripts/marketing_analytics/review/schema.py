"""The columns of a table before and after."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from marketing_analytics.review.data.columns import digits, family
from marketing_analytics.review.findings import SchemaChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.artifacts import Node

Kind = Literal["added", "removed", "type", "contract"]
TypesOfBoth = tuple["Mapping[str, str]", "Mapping[str, str]"]
ReadBy = Callable[[str, str], tuple[str, ...]]  # unique id and column: who reads it
WIDTH = {"tinyint": 1, "smallint": 2, "integer": 4, "bigint": 8, "hugeint": 16}


def schema_changes(
    before: Node, after: Node, types: TypesOfBoth, read_by: ReadBy
) -> tuple[SchemaChange, ...]:
    """Return the columns that came, went or changed, in the order of the table."""
    base_types, head_types = types
    found = []
    for name in [*head_types, *(name for name in base_types if name not in head_types)]:
        was, is_ = base_types.get(name), head_types.get(name)
        kind = _kind(was, is_, is_freed=before.is_contracted and not after.is_contracted)
        if kind is None:
            continue
        found.append(
            SchemaChange(
                column=name,
                kind=kind,
                base_type=was,
                head_type=is_,
                is_narrowed=kind == "type" and is_narrowed(was or "", is_ or ""),
                is_documented=is_ is None or _is_documented(after, name),
                readers=() if kind == "added" else read_by(before.unique_id, name),
            )
        )
    return tuple(found)


def _kind(was: str | None, is_: str | None, *, is_freed: bool) -> Kind | None:
    if was is None:
        return "added"
    if is_ is None:
        return "removed"
    if was.lower() != is_.lower():
        return "type"
    return "contract" if is_freed else None


def _is_documented(node: Node, column: str) -> bool:
    return column in node.columns and bool(node.columns[column].description)


def is_narrowed(base: str, head: str) -> bool:
    """May a value of the base not fit, or lose digits, in the head's type?"""
    was, is_ = family(base), family(head)
    if was != is_:
        wider = {("integer", "decimal"), ("integer", "text"), ("decimal", "text")}
        return (was, is_) not in wider and not (was == "boolean" and is_ in {"integer", "text"})
    if was == "integer":
        return WIDTH.get(head.lower(), 16) < WIDTH.get(base.lower(), 16)
    if was == "decimal":
        before, after = digits(base), digits(head)
        return bool(before and after) and any(
            new < old for old, new in zip(before or (), after or (), strict=True)
        )
    if was == "double":
        return base.lower() != head.lower() and head.lower() in {"float", "real"}
    if was == "time":
        return head.lower() == "date"
    return _length(head) < _length(base)


def _length(data_type: str) -> float:
    sized = re.search(r"\((\d+)\)", data_type)
    return int(sized[1]) if sized else float("inf")
