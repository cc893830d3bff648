"""What changed about a node besides what it selects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketing_analytics.review.artifacts import Node


def settings(base: Node, head: Node) -> list[str]:
    """Return what changed of a node's configuration, a sentence each."""
    found = []
    for name in ("materialized", "access", "group"):
        before, after = getattr(base, name), getattr(head, name)
        if before != after:
            found.append(f"{name}: {_word(before)} becomes {_word(after)}")
    if base.is_contracted != head.is_contracted:
        found.append("its columns become a contract" if head.is_contracted else "contract dropped")
    found += _listed("tag", base.tags, head.tags)
    if base.primary_key != head.primary_key:
        keys = [", ".join(node.primary_key) or "none" for node in (base, head)]
        found.append(f"key: {keys[0]} becomes {keys[1]}")
    for name in sorted({*base.meta, *head.meta}):
        if base.meta.get(name) != head.meta.get(name):
            found.append(f"meta {name} changes")
    if base.is_contracted and head.is_contracted:
        found += _types(base, head)
    return found


def _word(value: Any) -> str:
    return "none" if value in (None, "") else str(value)


def _listed(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    return [f"{name} {tag} added" for tag in after if tag not in before] + [
        f"{name} {tag} dropped" for tag in before if tag not in after
    ]


def _types(base: Node, head: Node) -> list[str]:
    found = []
    for name, column in head.columns.items():
        before = base.columns.get(name)
        if before is not None and before.data_type != column.data_type:
            types = _word(before.data_type), _word(column.data_type)
            found.append(f"contract: {name} {types[0]} becomes {types[1]}")
    return found
