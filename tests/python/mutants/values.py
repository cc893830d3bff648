"""Faults in a value: constants and expressions."""

from __future__ import annotations

from sqlglot import exp

from mutants.operator import Node, both_ways, class_swap, single


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


_NUMBER = single("constant", _is_number, _next_number)
_WORD = single("text", _is_word, lambda node: exp.Literal.string(f"{node.this}?"))


_COALESCE = single("coalesce", lambda n: isinstance(n, exp.Coalesce), lambda n: n.this)
_NULLIF = single("nullif", lambda n: isinstance(n, exp.Nullif), lambda n: n.this)
_ARITHMETIC = class_swap("arithmetic", both_ways((exp.Add, exp.Sub), (exp.Mul, exp.Div)))


def _swapped_operands(node: Node) -> Node:
    left, right = node.this, node.expression
    node.set("this", right)
    node.set("expression", left)
    return node


_OPERANDS = single(
    "operands", lambda n: isinstance(n, exp.Sub | exp.Div | exp.DateDiff), _swapped_operands
)
_LIMITS = class_swap("least, greatest", both_ways((exp.Least, exp.Greatest)))
_ROUNDING = class_swap("rounding", both_ways((exp.Ceil, exp.Floor)))
_TEXT_FUNCTION = single(
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


_UNIT = single("unit", lambda n: isinstance(n, exp.DateTrunc | exp.TimestampTrunc), _other_unit)

VALUES = (
    _NUMBER,
    _WORD,
    _COALESCE,
    _NULLIF,
    _ARITHMETIC,
    _OPERANDS,
    _LIMITS,
    _ROUNDING,
    _TEXT_FUNCTION,
    _UNIT,
)
