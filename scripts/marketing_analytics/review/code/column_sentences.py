"""What a step does to its columns, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.wording import expression_change, fragment

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence about a step, or about a column of it.

    `passed_on` is set where it only says that a column is passed on, `renames` to an old name and
    the new one; `is_of_step` where it names the step itself.
    """

    text: str
    passed_on: str | None = None
    about: str | None = None
    renames: tuple[str, str] | None = None
    is_of_step: bool = False


def column_sentences(
    before: Mapping[str, exp.Expr], after: Mapping[str, exp.Expr], dialect: str
) -> list[Sentence]:
    """Return what happened to the columns of a step, in the order of the SQL."""
    old_names = _renamed(before, after)
    found = []
    for name, query in after.items():
        old_name = old_names.get(name, name)
        old = before.get(old_name)
        if old is None:
            text = f"adds the column {name}: {fragment(query, dialect)}"
            found.append(Sentence(text, _passed_on(name, query), name))
            continue
        said = [] if old == query else expression_change(name, old, query, dialect)
        if old_name != name:
            renames = old_name, name
            is_passed = _passed_on(name, query) if not said else None
            text = f"renames {old_name} to {name}"
            found.append(Sentence(text, is_passed, name, renames))
        found += [Sentence(text, about=name) for text in said]
    for name, query in before.items():
        if name not in after and name not in old_names.values():
            found.append(Sentence(f"drops the column {name}", _passed_on(name, query), name))
    return found


def _renamed(before: Mapping[str, exp.Expr], after: Mapping[str, exp.Expr]) -> dict[str, str]:
    """Return old names by new ones: the same expression, or the one that has taken its place."""
    gone = {name: query for name, query in before.items() if name not in after}
    come = {name: query for name, query in after.items() if name not in before}
    found: dict[str, str] = {}
    for name, query in come.items():
        same = [old for old, was in gone.items() if was == query and old not in found.values()]
        if same and not isinstance(query, exp.Star):
            found[name] = same[0]
    places = list(before), list(after)
    for name in come:
        for old in gone:
            is_free = name not in found and old not in found.values()
            is_place = places[0].index(old) == places[1].index(name)
            if is_free and is_place and _is_one_word(old, name):
                found[name] = old
    return found


def _is_one_word(old: str, new: str) -> bool:
    """Is a name the other with something added?"""
    return new.startswith(old) or old.startswith(new)


def _passed_on(name: str, query: exp.Expr) -> str | None:
    """Return a column's name if it is passed on as it is, or but for its type and nulls."""
    while isinstance(query, (exp.Cast, exp.Paren, exp.Coalesce)):
        query = query.this
    is_same = isinstance(query, exp.Column) and query.name.lower() == name.lower()
    return name if is_same else None


def with_columns(query: exp.Expr | None, names: Mapping[str, str]) -> exp.Expr | None:
    """Return a query that reads columns by their new names, which earlier steps have told of."""
    if query is None or not names:
        return query

    def rename(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in names:
            return exp.column(names[node.name], table=node.args.get("table"))
        return node

    return query.transform(rename)
