"""A fault in a model, and its planting in any compilation of it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING

from sqlglot import exp

from mutants.equivalents import is_equivalent
from mutants.operators import BY_KIND, OPERATORS
from mutants.tree import WITH, Place, found_at, parsed, place_of, same_place, written

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One variant of a kind of fault at a place of a model's query."""

    model: str
    kind: str
    place: Place
    variant: int

    def key(self, original: str) -> str:
        """Return a name that stays when other parts of the model change."""
        text = "|".join((self.model, self.kind, str(self.variant), self.described(original)))
        steps = "/".join(name for key, name in self.place if key == WITH and isinstance(name, str))
        return md5(f"{steps}|{text}".encode(), usedforsecurity=False).hexdigest()[:10]

    def planted(self, original: str, sql: str) -> str | None:
        """Return another compilation of the original with the fault; None where it has no place."""
        tree = parsed(sql)
        if sql != original and not same_place(parsed(original), tree, self.place):
            return None
        node = found_at(tree, self.place)
        operator = BY_KIND[self.kind]
        if node is None or operator.variants(node) <= self.variant:
            return None
        changed = tree.copy()
        target = found_at(changed, self.place)
        assert target is not None
        replacement = operator.change(target, self.variant)
        return written(
            replacement if target is changed else _replaced(changed, target, replacement)
        )

    def described(self, original: str) -> str:
        """Return what the fault changes, as `before -> after`."""
        node = found_at(parsed(original), self.place)
        assert node is not None
        after = BY_KIND[self.kind].change(
            node.copy() if node.parent is None else node, self.variant
        )
        return f"{written(node)} -> {written(after)}"


def _replaced(tree: exp.Expr, target: exp.Expr, by: exp.Expr) -> exp.Expr:
    target.replace(by)
    return tree


def faults_of(model: str, sql: str) -> Iterator[Fault]:
    """Yield every fault that can be planted in a model."""
    tree = parsed(sql)
    for node in tree.walk():
        for operator in OPERATORS:
            for variant in range(operator.variants(node)):
                if not is_equivalent(operator.kind, node, variant):
                    place = place_of(node)
                    yield Fault(model=model, kind=operator.kind, place=place, variant=variant)
