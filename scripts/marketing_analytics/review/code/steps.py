"""The steps of a query, and which of two queries go together."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_LIKENESS = 0.6
Pair = tuple[str, "exp.Expr | None", "exp.Expr | None"]


def steps(tree: exp.Expr) -> dict[str, exp.Expr]:
    """Return the queries of a tree by name, in order; the last has none."""
    found: dict[str, exp.Expr] = {}
    clause = tree.args.get("with_") or tree.args.get("with")
    if clause is not None:
        for cte in clause.expressions:
            inner = steps(cte.this)
            last = inner.pop("")
            found |= inner
            found[cte.alias] = last
    bare = tree.copy()
    bare.set("with_" if "with_" in tree.args else "with", None)
    found[""] = bare.unnest() if isinstance(bare, exp.Subquery) else bare
    return found


def pairs(base: Mapping[str, exp.Expr], head: Mapping[str, exp.Expr]) -> list[Pair]:
    """Return the steps that go together, under the name they have now, in the order of the SQL."""
    renamed = _renamed(base, head)
    found: list[Pair] = []
    olds = list(base)
    place = 0
    for name, query in head.items():
        old = renamed.get(name, name)
        if old in base:
            while place < olds.index(old):
                gone = olds[place]
                if gone not in head and gone not in renamed.values():
                    found.append((gone, base[gone], None))
                place += 1
            place = max(place, olds.index(old) + 1)
            found.append((name, _with_new_names(base[old], renamed), query))
        else:
            found.append((name, None, query))
    return found


def _renamed(base: Mapping[str, exp.Expr], head: Mapping[str, exp.Expr]) -> dict[str, str]:
    """Return the old names of steps that were renamed: much the same query, name not there."""
    gone = [name for name in base if name not in head]
    found: dict[str, str] = {}
    for name, query in head.items():
        if name in base:
            continue
        likeness = [
            (SequenceMatcher(None, base[old].sql(), query.sql()).ratio(), -place, old)
            for place, old in enumerate(gone)
            if old not in found.values()
        ]
        best = max(likeness, default=(0.0, 0, ""))
        if best[0] >= LEAST_LIKENESS:
            found[name] = best[2]
    return found


def _with_new_names(query: exp.Expr, renamed: Mapping[str, str]) -> exp.Expr:
    names = {old: new for new, old in renamed.items()}
    if not names:
        return query

    def rename(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Identifier) and node.name in names and _is_table(node):
            return exp.to_identifier(names[node.name], quoted=node.args.get("quoted"))
        return node

    return query.transform(rename)


def _is_table(node: exp.Identifier) -> bool:
    return node.arg_key == "table" or isinstance(node.parent, exp.Table)


def is_import(query: exp.Expr | None) -> str | None:
    """Return the table of a step that only reads one, whatever it filters."""
    if not isinstance(query, exp.Select) or query.args.get("joins"):
        return None
    source = query.args.get("from_") or query.args.get("from")
    if source is None or not isinstance(source.this, exp.Table):
        return None
    is_star = len(query.expressions) == 1 and isinstance(query.expressions[0], exp.Star)
    return str(source.this.name) if is_star else None
