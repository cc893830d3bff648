"""Faults in what rows are asked for: comparisons, filters, joins, cases."""

from __future__ import annotations

from sqlglot import exp

from mutants.operator import Node, Operator, both_ways, class_swap, single


def _conjuncts(condition: Node) -> list[Node]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _without(condition: Node, position: int) -> Node:
    rest = [part.copy() for i, part in enumerate(_conjuncts(condition)) if i != position]
    return exp.and_(*rest, copy=False) if rest else exp.true()


_BOUNDS = class_swap("bound", both_ways((exp.LT, exp.LTE), (exp.GT, exp.GTE)))


def _is_equality(node: Node) -> bool:
    inside = node.find_ancestor(exp.Join, exp.Select)
    return isinstance(node, exp.EQ | exp.NEQ) and not isinstance(inside, exp.Join)


_EQUALITY = Operator(
    kind="equality",
    variants=lambda node: int(_is_equality(node)),
    change=class_swap("", both_ways((exp.EQ, exp.NEQ))).change,
)


def _filter_variants(node: Node) -> int:
    return len(_conjuncts(node.this)) if isinstance(node, exp.Where | exp.Having) else 0


def _dropped_filter(node: Node, position: int) -> Node:
    changed = node.copy()
    changed.set("this", _without(changed.this, position))
    return changed


_FILTER = Operator(kind="filter", variants=_filter_variants, change=_dropped_filter)
_LOGIC = class_swap("and, or", both_ways((exp.And, exp.Or)))


def _is_null_test(node: Node) -> bool:
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


_NOT = single("not", lambda node: isinstance(node, exp.Not), lambda node: node.this)
_NULL = single(
    "is null",
    lambda node: _is_null_test(node) and not isinstance(node.parent, exp.Not),
    lambda node: exp.Not(this=node),
)

# ---------------------------------------------------------------- joins


def _joined_by(node: Node) -> str:
    return (node.side or node.kind or "").upper() if isinstance(node, exp.Join) else ""


def _other_join(node: Node) -> Node:
    is_left = _joined_by(node) == "LEFT"
    node.set("side", None if is_left else "LEFT")
    node.set("kind", "INNER" if is_left else None)
    return node


_JOIN = single("join", lambda node: _joined_by(node) in ("LEFT", "INNER"), _other_join)


def _on_variants(node: Node) -> int:
    condition = node.args.get("on") if isinstance(node, exp.Join) else None
    parts = len(_conjuncts(condition)) if condition is not None else 0
    return parts if parts > 1 else 0


def _dropped_on(node: Node, position: int) -> Node:
    changed = node.copy()
    changed.set("on", _without(changed.args["on"], position))
    return changed


_ON = Operator(kind="join condition", variants=_on_variants, change=_dropped_on)

# ---------------------------------------------------------------- cases


def _branches(node: Node) -> int:
    return len(node.args["ifs"]) if isinstance(node, exp.Case) else 0


def _dropped_branch(node: Node, position: int) -> Node:
    changed = node.copy()
    if _branches(node) == 1:
        return changed.args.get("default") or exp.null()
    changed.set("ifs", [b for i, b in enumerate(changed.args["ifs"]) if i != position])
    return changed


def _swapped_branches(node: Node, position: int) -> Node:
    changed = node.copy()
    branches = changed.args["ifs"]
    branches[position], branches[position + 1] = branches[position + 1], branches[position]
    changed.set("ifs", branches)
    return changed


def _without_else(node: Node) -> Node:
    node.set("default", None)
    return node


_BRANCH = Operator(kind="branch", variants=_branches, change=_dropped_branch)
_ORDER_OF_BRANCHES = Operator(
    kind="order of branches",
    variants=lambda node: max(_branches(node) - 1, 0),
    change=_swapped_branches,
)
_ELSE = single(
    "else",
    lambda n: isinstance(n, exp.Case) and not isinstance(n.args.get("default"), exp.Null | None),
    _without_else,
)

CONDITIONS = (
    _BOUNDS,
    _EQUALITY,
    _FILTER,
    _LOGIC,
    _NOT,
    _NULL,
    _JOIN,
    _ON,
    _BRANCH,
    _ORDER_OF_BRANCHES,
    _ELSE,
)
