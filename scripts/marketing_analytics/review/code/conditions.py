"""Conditions, taken apart."""

from __future__ import annotations

from sqlglot import exp


def conjuncts(node: exp.Expr | None) -> list[exp.Expr]:
    """Return the conditions that an `and` joins."""
    if node is None:
        return []
    node = node.unnest()
    if isinstance(node, exp.And):
        return [*conjuncts(node.this), *conjuncts(node.expression)]
    if isinstance(node, exp.Between) and not node.args.get("symmetric"):
        return [
            exp.GTE(this=node.this, expression=node.args["low"]),
            exp.LTE(this=node.this, expression=node.args["high"]),
        ]
    return [node]
