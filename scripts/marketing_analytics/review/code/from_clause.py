"""The tables of a from clause, the columns of a select list, the keys of a group by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.conditions import conjuncts
from marketing_analytics.review.code.functions import aggregates, written_name
from marketing_analytics.review.code.joins import Item
from marketing_analytics.review.code.parts import check
from marketing_analytics.review.code.scope import Source
from marketing_analytics.review.code.terms import (
    CHANCE,
    Relation,
    Term,
    UnreadableError,
    combined,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketing_analytics.review.code.query import Reader
    from marketing_analytics.review.code.scope import Scope

JOINED_BY = {"": "inner", "OUTER": "inner"}
SAMPLED = f"{CHANCE}: a sample"


def items(node: exp.Select, scope: Scope) -> list[Item]:
    """Return the tables that a select reads, in order."""
    first = node.args.get("from_") or node.args.get("from")
    if first is None:
        return [Item("", Relation(core="one row", columns={}, unique=frozenset({NONE_KEYS})), "")]
    found = [item(first.this, scope)]
    for lateral in node.args.get("laterals") or []:
        found.append(_lateral(lateral, scope, found))
        found[-1].kind = "cross"
    for join in node.args.get("joins") or []:
        check(join)
        added = _joined_item(join, scope, found)
        added.kind = join_kind(join)
        on = join.args.get("on")
        added.conditions = conjuncts(on)
        added.using = tuple(scope.name(part) for part in join.args.get("using") or [])
        found.append(added)
    return found


NONE_KEYS: frozenset[str] = frozenset()


def join_kind(join: exp.Join) -> str:
    """Return how a table is joined, in a word, such as left."""
    method, side = join.args.get("method"), join.args.get("side")
    kind = join.args.get("kind") or ""
    if method:
        return f"{method} {side or ''} {kind}".lower()
    if kind in ("SEMI", "ANTI"):
        return kind.lower()
    if side:
        return str(side).lower()
    return str(JOINED_BY.get(kind, kind)).lower()


def _joined_item(join: exp.Join, scope: Scope, before: list[Item]) -> Item:
    if isinstance(join.this, (exp.Lateral, exp.Unnest)):
        return _lateral(join.this, scope, before)
    return item(join.this, scope)


def item(node: exp.Expr, scope: Scope) -> Item:
    """Return a table, a step or a query of a from clause."""
    check(node)
    alias = node.args.get("alias")
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query):
        relation = scope.reader.query(node, scope.ctes, scope.outer)
    elif isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        relation = _table(node, scope)
    elif isinstance(node, exp.Values):
        relation = values(node, scope)
    elif isinstance(node, (exp.Subquery, exp.Paren)):
        raise UnreadableError("joins in brackets")
    else:
        return _lateral(node, scope, [])
    if node.args.get("sample") is not None:
        key = digest("sample", relation.rows, node.args["sample"].sql())
        relation = replace(relation, core=key, filters=frozenset(), unstable=SAMPLED)
    for pivot in node.args.get("pivots") or []:
        relation = _unpivoted(pivot, relation, scope)
        alias = pivot.args.get("alias") or alias
    name = scope.name(alias.this) if alias is not None and alias.this is not None else ""
    if not name and isinstance(node, exp.Table):
        name = scope.name(node.this)
    return Item(name, with_names(relation, alias, scope.reader), "")


def _table(node: exp.Table, scope: Scope) -> Relation:
    if not node.db:
        known = scope.ctes.get(scope.name(node.this))
        if known is not None:
            return known
    return scope.reader.table(node)


def with_names(relation: Relation, alias: exp.Expr | None, reader: Reader) -> Relation:
    """Return a relation with the column names that its alias lists."""
    listed = [reader.name(part) for part in alias.args.get("columns") or []] if alias else []
    if not listed:
        return relation
    if relation.is_open:
        raise UnreadableError("the columns of a table are renamed of which none is known")
    olds = list(relation.columns)
    columns = dict(zip([*listed, *olds[len(listed) :]], relation.columns.values(), strict=True))
    return replace(relation, columns=columns)


def values(node: exp.Values, scope: Scope) -> Relation:
    """Return the rows that a query spells out."""
    terms = [scope.term(part) for row in node.expressions for part in row.expressions]
    width = len(node.expressions[0].expressions)
    keys = [term.key for term in terms]
    columns = {
        f"col{place}": combined(
            digest("value", str(place), *keys[place::width]), terms[place::width]
        )
        for place in range(width)
    }
    return Relation(core=digest("values", *keys), columns=columns)


def _lateral(node: exp.Expr, scope: Scope, before: list[Item]) -> Item:
    """Return a function that makes rows, or a query that reads the tables before it."""
    alias = node.args.get("alias")
    scope.sources = {one.alias: Source(one.relation) for one in before}
    scope.touched = set()
    inner = node.this if isinstance(node, (exp.Lateral, exp.Table)) else node
    if isinstance(inner, exp.Subquery):
        relation = scope.query(inner)
    else:
        parts = [scope.term(part) for part in _arguments(inner)]
        outer = "outer" if node.args.get("outer") else ""
        key = digest("made by", inner.key, outer, *(part.key for part in parts))
        made = combined(key, parts)
        names = [scope.name(part) for part in (alias.args.get("columns") or [])] if alias else []
        name = scope.name(alias.this) if alias is not None and alias.this is not None else ""
        names = names or [name or written_name(inner)]
        columns = {n: Term(digest("made", str(i), key), made.reads) for i, n in enumerate(names)}
        if inner.key == "generateseries" and written_name(inner) not in columns:
            columns[written_name(inner)] = next(iter(columns.values()))
        relation = Relation(core=key, columns=columns, reads=made.reads)
    is_lateral = bool(scope.touched)
    name = scope.name(alias.this) if alias is not None and alias.this is not None else inner.key
    return Item(name, with_names(relation, alias, scope.reader), "", is_lateral=is_lateral)


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    found = []
    for name, value in node.args.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr) and name != "alias":
                found.append(part)
    return found


def _unpivoted(pivot: exp.Pivot, relation: Relation, scope: Scope) -> Relation:
    if not pivot.args.get("unpivot") or relation.is_open:
        raise UnreadableError("a pivot")
    fields = pivot.args.get("fields") or []
    if len(fields) != 1 or not isinstance(fields[0], exp.In):
        raise UnreadableError("a pivot")
    turned = []
    for part in fields[0].expressions:
        inner = part.this if isinstance(part, (exp.Alias, exp.PivotAlias)) else part
        turned += [scope.name(column.this) for column in inner.find_all(exp.Column)]
    missing = [name for name in turned if name not in relation.columns]
    if missing:
        raise UnreadableError(f"there is no column {missing[0]}")
    terms = [relation.columns[name] for name in turned]
    written = digest("unpivot", relation.rows, *(t.key for t in terms), pivot.sql(scope.dialect))
    columns = {n: t for n, t in relation.columns.items() if n not in turned}
    for part in [fields[0].this, *pivot.expressions]:
        name = scope.name(part if isinstance(part, exp.Identifier) else part.this)
        columns[name] = combined(digest("turned", name, written), terms)
    columns[scope.name(fields[0].this)] = Term(digest("turned", "names", written))
    whole = combined("", terms)  # rows without a value are left out
    return Relation(core=written, columns=columns, reads=relation.reads | whole.reads)


def is_star(node: exp.Select) -> bool:
    """Does a select list pass on all columns as they are?"""
    return (
        len(node.expressions) == 1
        and isinstance(node.expressions[0], exp.Star)
        and not any(
            node.expressions[0].args.get(part)
            for part in ("except_", "except", "replace", "rename")
        )
    )


def outputs(node: exp.Select, scope: Scope, tables: Sequence[Item]) -> dict[str, exp.Expr | Term]:
    """Return the columns of a select list by name, stars written out."""
    found: dict[str, exp.Expr | Term] = {}
    for place, part in enumerate(node.expressions):
        for name, value in _output(part, scope, tables, place):
            key = name if name not in found else f"{name}:{place}"
            found[key] = value
    return found


def _output(
    part: exp.Expr, scope: Scope, tables: Sequence[Item], place: int
) -> list[tuple[str, exp.Expr | Term]]:
    if isinstance(part, exp.Star):
        return _expanded(part, scope, [table.alias for table in tables], merge=True)
    if isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
        return _expanded(part.this, scope, [scope.name(part.args["table"])], merge=False)
    if isinstance(part, exp.Alias):
        return [(scope.name(part.args["alias"]), part.this)]
    if isinstance(part, exp.Aliases) or part.key in ("columns", "explode", "posexplode", "inline"):
        raise UnreadableError(f"a select list with {part.key}")
    name = part.parts[-1] if isinstance(part, exp.Column) else None
    if isinstance(part, exp.Dot):
        name = part.expression
    return [(scope.name(name) if name is not None else f":{place}", part)]


def _expanded(
    star: exp.Star, scope: Scope, aliases: Sequence[str], *, merge: bool
) -> list[tuple[str, exp.Expr | Term]]:
    left_out = {scope.name(_identifier(p)) for p in star.args.get("except_") or []}
    left_out |= {scope.name(_identifier(p)) for p in star.args.get("except") or []}
    replaced = {scope.name(p.args["alias"]): p.this for p in star.args.get("replace") or []}
    new_names = {
        scope.name(_identifier(p.this)): scope.name(p.args["alias"])
        for p in star.args.get("rename") or []
    }
    found: list[tuple[str, exp.Expr | Term]] = []
    merged: set[str] = set()
    for alias in aliases:
        source = scope.sources.get(alias)
        if source is None and merge:
            continue  # of a semi join
        if source is None or source.relation.is_open:
            raise UnreadableError(f"the columns of {alias} are not known")
        for name in source.relation.columns:
            if name in left_out or (merge and name in scope.merged and name in merged):
                continue
            merged.add(name)
            term = source.column(name)
            if term is not None:
                found.append((new_names.get(name, name), replaced.get(name, term)))
    return found


def _identifier(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Column) else node


def group_keys(
    group: exp.Group | None, scope: Scope, selected: Sequence[exp.Expr | Term]
) -> tuple[list[Term], list[Term]]:
    """Return the keys of a group by, and what else there is to it: grouping sets, rollups."""
    if group is None:
        return [], []
    if group.args.get("all"):
        plain = [p for p in selected if isinstance(p, Term) or not aggregates(p)]
        return [p if isinstance(p, Term) else scope.term(p) for p in plain], []
    keys: list[Term] = []
    others: list[Term] = []
    for part in group.expressions:
        inner = part.unnest()
        if isinstance(inner, exp.Literal) and not inner.args.get("is_string"):
            picked = selected[int(inner.this) - 1]
            keys.append(picked if isinstance(picked, Term) else scope.term(picked))
        elif isinstance(inner, (exp.GroupingSets, exp.Cube, exp.Rollup)):
            others.append(scope.term(inner))
        elif isinstance(inner, exp.Tuple):
            keys += [scope.term(one) for one in inner.expressions]
        else:
            keys.append(scope.term(inner))
    for name in ("grouping_sets", "cube", "rollup", "totals"):
        for part in group.args.get(name) or []:
            others.append(scope.term(part))
    return keys, others
