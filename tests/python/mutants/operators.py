"""Faults that people make in SQL: what is planted, and where.

An operator belongs to a kind and to nodes of the syntax tree. For a node it says how many variants
it has, and changes the node of a copy into one of them. Not planted, because no row could tell:

- a number that is no value: an ordinal of `group by` and `order by`, the size of a type;
- what `equivalents.py` proves to change nothing;

nor the equality of a join turned round, which every test would notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

Node = exp.Expr
Change = "Callable[[Node], Node | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A kind of fault: its variants for a node, and the change of a node into one of them."""

    kind: str
    variants: Callable[[Node], int]
    change: Callable[[Node, int], Node]


def _class_swap(kind: str, pairs: dict[type[Node], type[Node]]) -> Operator:
    def variants(node: Node) -> int:
        return int(type(node) in pairs)

    def change(node: Node, _: int) -> Node:
        return pairs[type(node)](**{k: _copied(v) for k, v in node.args.items()})

    return Operator(kind=kind, variants=variants, change=change)


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value.copy() if isinstance(value, Node) else value


def _both_ways(*pairs: tuple[type[Node], type[Node]]) -> dict[type[Node], type[Node]]:
    return {**dict(pairs), **{b: a for a, b in pairs}}


def _single(kind: str, fits: Callable[[Node], bool], change: Callable[[Node], Node]) -> Operator:
    return Operator(
        kind=kind,
        variants=lambda node: int(fits(node)),
        change=lambda node, _: change(node.copy()),
    )


def _conjuncts(condition: Node) -> list[Node]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _without(condition: Node, position: int) -> Node:
    rest = [part.copy() for i, part in enumerate(_conjuncts(condition)) if i != position]
    return exp.and_(*rest, copy=False) if rest else exp.true()


# ---------------------------------------------------------------- comparisons and filters

_BOUNDS = _class_swap("bound", _both_ways((exp.LT, exp.LTE), (exp.GT, exp.GTE)))


def _is_equality(node: Node) -> bool:
    inside = node.find_ancestor(exp.Join, exp.Select)
    return isinstance(node, exp.EQ | exp.NEQ) and not isinstance(inside, exp.Join)


_EQUALITY = Operator(
    kind="equality",
    variants=lambda node: int(_is_equality(node)),
    change=_class_swap("", _both_ways((exp.EQ, exp.NEQ))).change,
)


def _filter_variants(node: Node) -> int:
    return len(_conjuncts(node.this)) if isinstance(node, exp.Where | exp.Having) else 0


def _dropped_filter(node: Node, position: int) -> Node:
    changed = node.copy()
    changed.set("this", _without(changed.this, position))
    return changed


_FILTER = Operator(kind="filter", variants=_filter_variants, change=_dropped_filter)
_LOGIC = _class_swap("and, or", _both_ways((exp.And, exp.Or)))


def _is_null_test(node: Node) -> bool:
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


_NOT = _single("not", lambda node: isinstance(node, exp.Not), lambda node: node.this)
_NULL = _single(
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


_JOIN = _single("join", lambda node: _joined_by(node) in ("LEFT", "INNER"), _other_join)


def _on_variants(node: Node) -> int:
    condition = node.args.get("on") if isinstance(node, exp.Join) else None
    parts = len(_conjuncts(condition)) if condition is not None else 0
    return parts if parts > 1 else 0


def _dropped_on(node: Node, position: int) -> Node:
    changed = node.copy()
    changed.set("on", _without(changed.args["on"], position))
    return changed


_ON = Operator(kind="join condition", variants=_on_variants, change=_dropped_on)

# ---------------------------------------------------------------- constants


def _is_value(node: Node) -> bool:
    if not isinstance(node, exp.Literal) or isinstance(node.parent, exp.Group | exp.Ordered):
        return False
    return node.find_ancestor(exp.DataType) is None


def _next_number(node: Node) -> Node:
    text = node.this
    if "." in text and "e" not in text.lower():  # one more of the last digit but one, or the last
        digits = min(len(text.split(".")[1]), 2)
        return exp.Literal.number(f"{float(text) + 10**-digits:.{len(text.split('.')[1])}f}")
    if "e" in text.lower():
        return exp.Literal.number(f"{float(text) * 1.1:.12g}")
    changed = str(int(text) + 1)
    return exp.Literal.string(changed) if node.args["is_string"] else exp.Literal.number(changed)


def _is_number(node: Node) -> bool:
    return _is_value(node) and (
        not node.args["is_string"]
        or (isinstance(node.parent, exp.Interval) and node.this.isdigit())
    )


def _is_word(node: Node) -> bool:
    if not _is_value(node) or not node.args["is_string"]:
        return False
    return isinstance(node.parent, exp.Predicate | exp.In | exp.If | exp.Case | exp.Coalesce)


_NUMBER = _single("constant", _is_number, _next_number)
_WORD = _single("text", _is_word, lambda node: exp.Literal.string(f"{node.this}?"))

# ---------------------------------------------------------------- expressions

_COALESCE = _single("coalesce", lambda n: isinstance(n, exp.Coalesce), lambda n: n.this)
_NULLIF = _single("nullif", lambda n: isinstance(n, exp.Nullif), lambda n: n.this)
_ARITHMETIC = _class_swap("arithmetic", _both_ways((exp.Add, exp.Sub), (exp.Mul, exp.Div)))


def _swapped_operands(node: Node) -> Node:
    left, right = node.this, node.expression
    node.set("this", right)
    node.set("expression", left)
    return node


_OPERANDS = _single(
    "operands", lambda n: isinstance(n, exp.Sub | exp.Div | exp.DateDiff), _swapped_operands
)
_LIMITS = _class_swap("least, greatest", _both_ways((exp.Least, exp.Greatest)))
_ROUNDING = _class_swap("rounding", _both_ways((exp.Ceil, exp.Floor)))
_TEXT_FUNCTION = _single(
    "function",
    lambda n: isinstance(n, exp.Lower | exp.Upper | exp.Trim | exp.Abs),
    lambda n: n.this,
)


def _other_unit(node: Node) -> Node:
    units = {
        "MONTH": "QUARTER",
        "QUARTER": "MONTH",
        "YEAR": "QUARTER",
        "DAY": "MONTH",
        "WEEK": "DAY",
    }
    unit = node.args["unit"].name.upper()
    node.set("unit", exp.Literal.string(units.get(unit, "MONTH").lower()))
    return node


_UNIT = _single("unit", lambda n: isinstance(n, exp.DateTrunc | exp.TimestampTrunc), _other_unit)

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
_ELSE = _single(
    "else",
    lambda n: isinstance(n, exp.Case) and not isinstance(n.args.get("default"), exp.Null | None),
    _without_else,
)

# ---------------------------------------------------------------- aggregates, windows, sets

_AGGREGATE = _class_swap(
    "aggregate",
    {exp.Sum: exp.Max, exp.Min: exp.Max, exp.Max: exp.Min, exp.Avg: exp.Max},
)


def _counts_a_column(node: Node) -> bool:
    return isinstance(node, exp.Count) and not isinstance(node.this, exp.Star | exp.Distinct)


_COUNT = _single("count", _counts_a_column, lambda _: exp.Count(this=exp.Star()))


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


_DISTINCT = _single("distinct", _is_distinct, _not_distinct)


def _is_union_all(node: Node) -> bool:
    return isinstance(node, exp.Union) and not node.args.get("distinct")


def _made_distinct(node: Node) -> Node:
    node.set("distinct", True)
    return node


_UNION = _single("union all", _is_union_all, _made_distinct)
_PART = _single("union part", lambda n: isinstance(n, exp.Union), lambda n: n.this)


def _turned(node: Node) -> Node:
    node.set("desc", not node.args.get("desc"))
    return node


_ORDER = _single("order", lambda n: isinstance(n, exp.Ordered), _turned)


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
_FRAME = _single(
    "frame", lambda n: isinstance(n, exp.Window) and n.args.get("spec") is not None, _other_frame
)

# ---------------------------------------------------------------- columns


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

OPERATORS = (
    *(_BOUNDS, _EQUALITY, _FILTER, _LOGIC, _NOT, _NULL, _JOIN, _ON, _NUMBER, _WORD, _COALESCE),
    *(_NULLIF, _ARITHMETIC, _OPERANDS, _LIMITS, _ROUNDING, _TEXT_FUNCTION, _UNIT, _BRANCH),
    *(_ORDER_OF_BRANCHES, _ELSE, _AGGREGATE, _COUNT, _DISTINCT, _UNION, _PART, _ORDER, _PARTITION),
    *(_FRAME, _COLUMNS),
)
BY_KIND = {operator.kind: operator for operator in OPERATORS}
