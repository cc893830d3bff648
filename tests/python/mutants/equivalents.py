"""Faults that no row could tell from the original: they are not drawn. Each rule is a proof.

- The settings decide a condition that reads no column: its branch is dead, or always taken.
- A function that leaves a constant as it is, such as the absolute value of a positive one.
- `nullif(x, 0)` in a branch behind `x > 0` or `x <> 0` never meets a zero.
- Branches that exclude each other may stand in any order: the same expression equals different
  constants, or is null and is not, or is null and is compared.
- `coalesce(x, null)` is `x`.
- `case when a > b then b else a end` is the lesser one whether equals count or not.
- `union` removes nothing where each part has a constant of its own and no two rows with one key.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from sqlglot import exp

from mutants.tree import written

Node = exp.Expr


def is_equivalent(kind: str, node: Node, variant: int) -> bool:
    """Tell whether one of the rules proves that a fault changes nothing."""
    if is_decided_by_settings(node):
        return True
    rule = _RULES.get(kind)
    return rule is not None and rule(node, variant)


def is_decided_by_settings(node: Node) -> bool:
    """Tell whether a node is in a condition, or a branch behind one, that reads no column."""
    step: Node | None = node
    while step is not None:
        if isinstance(step, exp.Predicate) and not _reads(step):
            return True
        if isinstance(step, exp.If) and not _reads(step.this) and _has_no_operand(step):
            return True
        step = step.parent
    return False


def _has_no_operand(branch: Node) -> bool:
    return branch.parent is not None and branch.parent.this is None


def _reads(node: Node) -> bool:
    return node.find(exp.Column, exp.Subquery, exp.Star) is not None


def _bare(node: Node) -> str:
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    return written(node)


def _is_behind_a_check(node: Node) -> bool:
    divisor = _bare(node.this)
    step = node
    while step.parent is not None:
        if isinstance(step.parent, exp.If) and step.arg_key == "true":
            condition = step.parent.this
            parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
            for part in parts:
                is_check = isinstance(part, exp.GT | exp.NEQ) and _bare(part.expression) == "0"
                if is_check and _bare(part.this) == divisor:
                    return True
        step = step.parent
    return False


def _exclude_each_other(case: Node, position: int) -> bool:
    first, second = (case.args["ifs"][i].this for i in (position, position + 1))
    if case.this is not None:  # case x when 1 then … when 2 then …
        return bool(first != second)
    if not _reads(first) or not _reads(second):
        return True
    mine, other = _constants(first), _constants(second)
    if mine and other and first.this == second.this:
        return not mine & other
    if _tests_for_null(first, second) or _tests_for_null(second, first):
        return True
    return bool(exp.Not(this=first.copy()) == second or exp.Not(this=second.copy()) == first)


def _constants(condition: Node) -> set[str]:
    """Return the constants that an expression equals where the condition is true; {} if others."""
    if isinstance(condition, exp.EQ):
        values = [condition.expression]
    else:
        values = list(condition.expressions) if isinstance(condition, exp.In) else []
    if not all(isinstance(value, exp.Literal) for value in values):
        return set()
    return {written(value) for value in values}


def _tests_for_null(first: Node, second: Node) -> bool:
    """Tell whether the first is true of nulls alone, of which the second cannot be true."""
    if not isinstance(first, exp.Is) or not isinstance(first.expression, exp.Null):
        return False
    parts = second.flatten() if isinstance(second, exp.And) else [second]
    comparisons = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
    return any(
        isinstance(part, comparisons) and first.this in (part.this, part.expression)
        for part in parts
    )


def _chooses_between_its_sides(node: Node) -> bool:
    branch, case = node.parent, node.parent.parent if node.parent is not None else None
    if not isinstance(branch, exp.If) or not isinstance(case, exp.Case) or branch.this is not node:
        return False
    chosen = [branch.args["true"], case.args.get("default")]
    return branch is case.args["ifs"][-1] and chosen in (
        [node.this, node.expression],
        [node.expression, node.this],
    )


def _has_different_unique_parts(union: Node) -> bool:
    parts = [
        part for part in union.find_all(exp.Select) if part.find_ancestor(exp.Union) is not None
    ]
    parts = [part for part in parts if _stands_in(part, union)]
    if not all(map(_is_unique, parts)):
        return False
    rows = zip(*(part.expressions for part in parts), strict=False)
    return any(_all_differ([column.unalias() for column in columns]) for columns in rows)


def _stands_in(part: Node, union: Node) -> bool:
    step = part.parent
    while isinstance(step, exp.Union) and step is not union:
        step = step.parent
    return step is union


def _is_unique(part: Node) -> bool:
    group = part.args.get("group")
    if group is None:
        return all(
            isinstance(c.unalias(), exp.Literal) or c.find(exp.AggFunc) for c in part.expressions
        )
    return all(isinstance(key, exp.Literal) for key in group.expressions)


def _all_differ(columns: list[Node]) -> bool:
    if not all(isinstance(column, exp.Literal) for column in columns):
        return False
    ordered = sorted(column.this for column in columns)
    return all(a != b for a, b in pairwise(ordered))


_RULES: dict[str, Callable[[Node, int], bool]] = {
    "coalesce": lambda node, _: all(isinstance(n, exp.Null) for n in node.expressions),
    "bound": lambda node, _: _chooses_between_its_sides(node),
    "function": lambda node, _: node.find(exp.Column) is None,
    "nullif": lambda node, _: _is_behind_a_check(node),
    "branch": lambda node, i: node.this is None and not _reads(node.args["ifs"][i].this),
    "order of branches": _exclude_each_other,
    "union all": lambda node, _: _has_different_unique_parts(node),
}
