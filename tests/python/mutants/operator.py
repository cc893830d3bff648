"""What an operator is, and how to make one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

Node = exp.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A kind of fault: its variants for a node, and the change of a node into one of them."""

    kind: str
    variants: Callable[[Node], int]
    change: Callable[[Node, int], Node]


def class_swap(kind: str, pairs: dict[type[Node], type[Node]]) -> Operator:
    def variants(node: Node) -> int:
        return int(type(node) in pairs)

    def change(node: Node, _: int) -> Node:
        return pairs[type(node)](**{k: _copied(v) for k, v in node.args.items()})

    return Operator(kind=kind, variants=variants, change=change)


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value.copy() if isinstance(value, Node) else value


def both_ways(*pairs: tuple[type[Node], type[Node]]) -> dict[type[Node], type[Node]]:
    return {**dict(pairs), **{b: a for a, b in pairs}}


def single(kind: str, fits: Callable[[Node], bool], change: Callable[[Node], Node]) -> Operator:
    return Operator(
        kind=kind,
        variants=lambda node: int(fits(node)),
        change=lambda node, _: change(node.copy()),
    )
