"""Faults in sets of rows: aggregates, windows, unions, columns."""

from __future__ import annotations

from sqlglot import exp

from mutants.operator import Node, Operator, class_swap, single

_AGGREGATE = class_swap(
    "aggregate",
    {exp.Sum: exp.Max, exp.Min: exp.Max, exp.Max: exp.Min, exp.Avg: exp.Max},
)


def _counts_a_column(node: Node) -> bool:
    return isinstance(node, exp.Count) and not isinstance(node.this, exp.Star | exp.Distinct)


_COUNT = single("count", _counts_a_column, lambda _: exp.Count(this=exp.Star()))


def _is_distinct(node: Node) -> bool:
    if isinstance(node, exp.Count):
        return isinstance(node.this, exp.Distinct)
    return isinstance(node, exp.Select | exp.Union) and bool(node.args.get("distinct"))


def _not_distinct(node: Node) -> Node:
    if isinstance(node, exp.Count):
        node.set("this", node.this.expressions[0])
    else:
        node.set("distinct", False if isinstance(node, exp.Union) else None)
    return node


_DISTINCT = single("distinct", _is_distinct, _not_distinct)


def _is_union_all(node: Node) -> bool:
    return isinstance(node, exp.Union) and not node.args.get("distinct")


def _made_distinct(node: Node) -> Node:
    node.set("distinct", True)
    return node


_UNION = single("union all", _is_union_all, _made_distinct)
_PART = single("union part", lambda n: isinstance(n, exp.Union), lambda n: n.this)


def _turned(node: Node) -> Node:
    node.set("desc", not node.args.get("desc"))
    return node


_ORDER = single("order", lambda n: isinstance(n, exp.Ordered), _turned)


def _partitions(node: Node) -> int:
    return len(node.args.get("partition_by") or []) if isinstance(node, exp.Window) else 0


def _dropped_partition(node: Node, position: int) -> Node:
    changed = node.copy()
    keys = changed.args["partition_by"]
    changed.set("partition_by", [key for i, key in enumerate(keys) if i != position])
    return changed


def _other_frame(node: Node) -> Node:
    spec = node.args["spec"]
    if spec.args["end"] == "CURRENT ROW":
        spec.set("end", "UNBOUNDED")
        spec.set("end_side", "following")
    else:
        spec.set("end", "CURRENT ROW")
        spec.set("end_side", None)
    return node


_PARTITION = Operator(kind="partition", variants=_partitions, change=_dropped_partition)
_FRAME = single(
    "frame", lambda n: isinstance(n, exp.Window) and n.args.get("spec") is not None, _other_frame
)


def _swappable(first: Node, second: Node) -> bool:
    if isinstance(first, exp.Star) or isinstance(second, exp.Star):
        return False
    mine, other = first.unalias(), second.unalias()
    if type(mine) is not type(other) or not first.alias_or_name or not second.alias_or_name:
        return False
    if isinstance(mine, exp.Cast) and mine.to != other.args["to"]:
        return False
    return mine != other and not isinstance(mine, exp.Literal)


def _column_pairs(node: Node) -> list[int]:
    if not isinstance(node, exp.Select):
        return []
    columns = node.expressions
    return [i for i in range(len(columns) - 1) if _swappable(columns[i], columns[i + 1])]


def _swapped_columns(node: Node, position: int) -> Node:
    at = _column_pairs(node)[position]
    changed = node.copy()
    columns = changed.expressions
    first, second = columns[at], columns[at + 1]
    columns[at] = exp.alias_(second.unalias().copy(), first.alias_or_name)
    columns[at + 1] = exp.alias_(first.unalias().copy(), second.alias_or_name)
    changed.set("expressions", columns)
    return changed


_COLUMNS = Operator(
    kind="columns", variants=lambda node: len(_column_pairs(node)), change=_swapped_columns
)

ROW_SETS = (_AGGREGATE, _COUNT, _DISTINCT, _UNION, _PART, _ORDER, _PARTITION, _FRAME, _COLUMNS)
