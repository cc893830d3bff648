"""How an expression changed, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.functions import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 80
QUOTED = re.compile(r"('(?:[^']|'')*'|\"[^\"]*\")")
COMPARED = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.Between)


def fragment(node: exp.Expr, dialect: str) -> str:
    """Return SQL for a sentence: lower case, tables left out, cut where it is long."""
    bare = node.transform(_without_table)
    written = bare.sql(dialect, comments=False, normalize_functions="lower")
    parts = QUOTED.split(written)
    text = "".join(part if place % 2 else part.lower() for place, part in enumerate(parts))
    return cut(text)


def cut(text: str) -> str:
    """Return a text, its end left out where it is long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _without_table(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Column) and node.args.get("table") is not None:
        return exp.Column(this=node.this)
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        return exp.Table(this=exp.to_identifier(node.name.rpartition(".")[2]))
    return node


def becomes(before: exp.Expr, after: exp.Expr, dialect: str) -> str:
    """Return `a becomes b`, with the tables of columns where nothing else differs."""
    texts = fragment(before, dialect), fragment(after, dialect)
    if texts[0] == texts[1]:
        smaller = smallest(before, after)
        texts = tuple(cut(part.sql(dialect, comments=False)) for part in smaller)  # type: ignore[assignment]
    return f"{texts[0]} becomes {texts[1]}"


def expression_change(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    """Return what changed about a column's expression, a sentence each."""
    before, after = _bare(before), _bare(after)
    for words in WORDS:
        found = words(name, before, after, dialect)
        if found:
            return found
    if any(fragment(side, dialect).endswith("…") for side in (before, after)):
        smaller = smallest(before, after)
        if smaller[0] is not before:
            return expression_change(name, *smaller, dialect)
    return [f"{name}: {becomes(before, after, dialect)}"]


def _cast(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    casts = [isinstance(side, exp.Cast) for side in (before, after)]
    if casts in ([True, False], [False, True]):
        inner = [side.this if isinstance(side, exp.Cast) else side for side in (before, after)]
        is_case = all(isinstance(side, exp.Case) for side in inner)
        # The type is told of with the table's columns.
        return expression_change(name, inner[0], inner[1], dialect) if is_case else []
    if not isinstance(before, exp.Cast) or not isinstance(after, exp.Cast):
        return []
    if before.to == after.to:
        return expression_change(name, before.this, after.this, dialect)
    if before.this == after.this:
        types = [side.to.sql(dialect).lower() for side in (before, after)]
        return [f"{name}: type {types[0]} becomes {types[1]}"]
    return []


def _literals(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    changed = _changed_literals(before, after) or []
    return [_literal_change(name, *pair, dialect) for pair in changed]


def _nulls(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    if isinstance(after, exp.Coalesce) and after.this == before and len(after.expressions) == 1:
        return [f"{name}: null becomes {fragment(after.expressions[0], dialect)}"]
    if isinstance(before, exp.Coalesce) and before.this == after:
        return [f"{name}: null stays null, was {fragment(before.expressions[0], dialect)}"]
    return []


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, (exp.Paren, exp.Alias)):
        node = node.this
    return node


def smallest(before: exp.Expr, after: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return the smallest parts that hold all that differs."""
    while type(before) is type(after) and not isinstance(before, (exp.Column, exp.Literal)):
        parts = [list(_parts(node)) for node in (before, after)]
        if len(parts[0]) != len(parts[1]):
            break
        differing = [pair for pair in zip(*parts, strict=True) if pair[0] != pair[1]]
        if len(differing) != 1 or _own(before) != _own(after):
            break
        before, after = differing[0]
    return before, after


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    for value in node.args.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                yield part


def _own(node: exp.Expr) -> list[str]:
    return [
        f"{name}={value}"
        for name, value in sorted(node.args.items())
        if value and not isinstance(value, (exp.Expr, list))
    ]


def _changed_literals(
    before: exp.Expr, after: exp.Expr, around: exp.Expr | None = None
) -> list[tuple[exp.Expr, exp.Expr, exp.Expr | None]] | None:
    """Return literals that differ and what they stand in; None if anything else differs."""
    if isinstance(before, exp.Literal) and isinstance(after, exp.Literal):
        return [] if before == after else [(before, after, around)]
    parts = list(_parts(before)), list(_parts(after))
    if type(before) is not type(after) or len(parts[0]) != len(parts[1]):
        return None
    if isinstance(before, (exp.Identifier, exp.WindowSpec)) or not parts[0]:
        return [] if before == after else None
    if _own(before) != _own(after):
        return None
    found = []
    for one, other in zip(*parts, strict=True):
        inner = _changed_literals(one, other, before)
        if inner is None:
            return None
        found += inner
    return found


def _literal_change(
    name: str,
    before: exp.Expr,
    after: exp.Expr,
    around: exp.Expr | None,
    dialect: str,
) -> str:
    change = f"{fragment(before, dialect)} becomes {fragment(after, dialect)}"
    is_threshold = isinstance(around, COMPARED) and not before.args.get("is_string")
    return f"threshold {change} in {name}" if is_threshold else f"{name}: {change}"


def _case(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    are_cases = isinstance(before, exp.Case) and isinstance(after, exp.Case)
    if not are_cases or before.args.get("this") != after.args.get("this"):
        return []
    old, new = _branches(before, dialect), _branches(after, dialect)
    moved = _moved(old, new)
    found = []
    for condition, (then, branch) in new.items():
        if condition in old:
            found += _result(name, condition, old[condition][0], then)
        elif then in moved:
            earlier = old[moved[then]][1]
            found += expression_change(f"{name} {then}", earlier.this, branch.this, dialect)
        else:
            found.append(f"adds the case branch {then} to {name}: {condition}")
    gone = {c: then for c, (then, _) in old.items() if c not in new and then not in moved}
    found += [f"drops the case branch {then} of {name}: {c}" for c, then in gone.items()]
    defaults = [case.args.get("default") or exp.Null() for case in (before, after)]
    if defaults[0] != defaults[1]:
        found.append(f"else of {name}: {becomes(defaults[0], defaults[1], dialect)}")
    if not found and list(old) != list(new):
        found.append(f"{name}: its case branches stand in another order")
    return [cut_sentence(sentence) for sentence in found]


def _result(name: str, condition: str, before: str, after: str) -> list[str]:
    return [] if before == after else [f"{name}: {before} becomes {after} where {condition}"]


Branches = dict[str, tuple[str, exp.Expr]]


def _moved(old: Branches, new: Branches) -> dict[str, str]:
    """Return the old conditions of what branches give that have another condition now."""
    come = {then for condition, (then, _) in new.items() if condition not in old}
    return {t: c for c, (t, _) in old.items() if c not in new and t in come}


def _branches(case: exp.Expr, dialect: str) -> Branches:
    """Return the branches of a case by condition: what they give, and the branch itself."""
    return {
        fragment(branch.this, dialect): (fragment(branch.args["true"], dialect), branch)
        for branch in case.args["ifs"]
    }


def cut_sentence(sentence: str) -> str:
    """Return a sentence of bearable length."""
    return sentence if len(sentence) <= 2 * LONGEST else sentence[: 2 * LONGEST - 1] + "…"


def _window(name: str, before: exp.Expr, after: exp.Expr, dialect: str) -> list[str]:
    if not isinstance(before, exp.Window) or not isinstance(after, exp.Window):
        return []
    found = []
    if unwrapped(before.this) != unwrapped(after.this):
        return []
    within = [
        ", ".join(fragment(p, dialect) for p in w.args.get("partition_by") or []) or "nothing"
        for w in (before, after)
    ]
    if within[0] != within[1]:
        found.append(f"window of {name}: within {within[0]} becomes within {within[1]}")
    orders = [
        ", ".join(fragment(p, dialect) for p in w.args["order"].expressions)
        if w.args.get("order") is not None
        else "no order"
        for w in (before, after)
    ]
    if orders[0] != orders[1]:
        found.append(f"window of {name}: order {orders[0]} becomes {orders[1]}")
    frames = [_frame(w.args.get("spec"), dialect) for w in (before, after)]
    if frames[0] != frames[1]:
        found.append(f"window of {name}: {frames[0]} becomes {frames[1]}")
    return found


def _frame(spec: exp.Expr | None, dialect: str) -> str:
    if spec is None:
        return "no frame"
    start, end = spec.args.get("start"), spec.args.get("end")
    kind, side = (str(spec.args.get(part)).upper() for part in ("kind", "start_side"))
    is_counted = isinstance(start, exp.Literal) and (kind, side) == ("ROWS", "PRECEDING")
    if is_counted and start is not None and str(end or "CURRENT ROW").upper() == "CURRENT ROW":
        return f"{int(str(start.this)) + 1} rows"
    return spec.sql(dialect).lower()


WORDS = (_cast, _literals, _case, _window, _nulls)
