"""An expression in canonical form: what means the same has one key, however it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from marketing_analytics.review.code.conditions import conjuncts
from marketing_analytics.review.code.functions import (
    PASSES_ON,
    PICKING,
    function_name,
    is_aggregate,
)
from marketing_analytics.review.code.stability import instability
from marketing_analytics.review.code.terms import (
    FIRST_ROW,
    MOMENT,
    NONE,
    Term,
    UnreadableError,
    combined,
    digest,
)
from marketing_analytics.review.code.windows import window

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketing_analytics.review.code.scope import Scope

FLIPPED: dict[type[exp.Expr], str] = {exp.GT: "lt", exp.GTE: "lte"}
OPPOSITE: dict[type[exp.Expr], type[exp.Expr]] = {exp.EQ: exp.NEQ, exp.NEQ: exp.EQ}


def term(node: exp.Expr, scope: Scope) -> Term:
    """Return what an expression means where it stands."""
    handler = HANDLERS.get(type(node))
    if handler is not None:
        return handler(node, scope)
    if isinstance(node, exp.Query):
        return scope.scalar(node)
    if isinstance(node, exp.Table):
        raise UnreadableError(f"the table {node.name} in place of a value")
    made = _generic(node, scope)
    if scope.core is not None and is_aggregate(node) and id(node) not in scope.windowed:
        made = replace(made, key=digest("of group", made.key, scope.core))
    return made


def _generic(node: exp.Expr, scope: Scope) -> Term:
    parts: list[str] = []
    terms: list[Term] = []
    scope.comparisons.aggregate_depth += is_aggregate(node)
    for name in sorted(node.args):
        value = node.args[name]
        if value is None or value is False or value == []:
            continue
        found = [
            _part(node, part, scope, terms)
            for part in (value if isinstance(value, list) else [value])
        ]
        parts.append(f"{name}={','.join(found)}")
    scope.comparisons.aggregate_depth -= is_aggregate(node)
    made = combined(digest(node.key, *parts), terms)
    values = NONE
    if terms and (isinstance(node, PASSES_ON) or function_name(node) in PICKING):
        values = terms[0].values
    return replace(made, values=values, unstable=instability(node, scope, made, terms))


def _part(node: exp.Expr, value: Any, scope: Scope, terms: list[Term]) -> str:
    if isinstance(value, exp.DataType):
        return value.sql(scope.dialect)
    if isinstance(value, exp.Identifier):
        return f"name {scope.name(value)}"
    if isinstance(value, exp.Expr):
        terms.append(term(value, scope))
        return terms[-1].key
    return str(value).lower() if function_name(node) or isinstance(node, exp.Var) else repr(value)


def _column(node: exp.Expr, scope: Scope) -> Term:
    return scope.column(node)


def _child(node: exp.Expr, scope: Scope) -> Term:
    return term(node.this, scope)


def _literal(node: exp.Expr, scope: Scope) -> Term:
    text = str(node.this)
    if node.args.get("is_string"):
        if any(text.replace("T", " ").startswith(moment) for moment in scope.moments):
            return Term("the moment of the build", unstable=MOMENT)
        return Term("'" + text.replace("'", "''") + "'", literal=text)
    return Term(text, literal=text)


def _boolean(node: exp.Expr, scope: Scope) -> Term:
    return Term("true" if node.this else "false")


def _null(node: exp.Expr, scope: Scope) -> Term:
    return Term("null")


def _flat(kind: type[exp.Expr]) -> Callable[[exp.Expr, Scope], Term]:
    def flat(node: exp.Expr, scope: Scope) -> Term:
        parts: list[exp.Expr] = []
        todo = [node]
        while todo:
            part = todo.pop().unnest()
            if isinstance(part, kind):
                todo += [part.expression, part.this]
            elif kind is exp.And:
                parts += conjuncts(part)
            else:
                parts.append(part)
        terms = [term(part, scope) for part in parts]
        keys = sorted({t.key for t in terms})
        return terms[0] if len(keys) == 1 else combined(digest(kind.key, *keys), terms)

    return flat


def _not(node: exp.Expr, scope: Scope) -> Term:
    inner = node.this.unnest()
    if isinstance(inner, exp.Not):
        return term(inner.this, scope)
    if isinstance(inner, exp.In) and len(inner.expressions) == 1:
        return term(exp.NEQ(this=inner.this, expression=inner.expressions[0]), scope)
    opposite = OPPOSITE.get(type(inner))
    if opposite is not None:
        return term(opposite(this=inner.this, expression=inner.expression), scope)
    with scope.comparisons.negated():
        made = term(inner, scope)
    return combined(digest("not", made.key), [made])


def _two_sided(node: exp.Expr, scope: Scope) -> Term:
    left, right = term(node.this, scope), term(node.expression, scope)
    if isinstance(node, (exp.EQ, exp.NEQ)):
        scope.comparisons.compared(left, right, is_equal=isinstance(node, exp.EQ))
        for one, other in ((left, right), (right, left)):
            if one.picks is not None and other.key == "1" and isinstance(node, exp.EQ):
                return replace(combined(digest(FIRST_ROW, one.key), [one]), picks=one.picks)
        name = node.key
        keys = sorted((left.key, right.key))
    elif type(node) in FLIPPED:
        name, keys = FLIPPED[type(node)], [right.key, left.key]
    elif isinstance(node, (exp.Add, exp.Mul, exp.NullSafeEQ, exp.NullSafeNEQ)):
        name, keys = node.key, sorted((left.key, right.key))
    else:
        name, keys = node.key, [left.key, right.key]
    return combined(digest(name, *keys), [left, right])


def _between(node: exp.Expr, scope: Scope) -> Term:
    if node.args.get("symmetric"):
        return _generic(node, scope)
    return term(exp.and_(*conjuncts(node), copy=False), scope)


def _in(node: exp.Expr, scope: Scope) -> Term:
    this = term(node.this, scope)
    if node.args.get("query") is not None:
        rows = scope.query(node.args["query"])
        first = next(iter(rows.columns.values()))
        made = combined(digest("in query", this.key, rows.rows, first.key), [this, first])
        return replace(made, reads=made.reads | rows.reads)
    listed = [term(part, scope) for part in node.expressions]
    if not listed:
        return _generic(node, scope)
    scope.comparisons.listed(this, listed)
    keys = sorted({part.key for part in listed})
    if len(keys) == 1:
        return combined(digest("eq", *sorted((this.key, keys[0]))), [this, *listed])
    return combined(digest("in", this.key, *keys), [this, *listed])


def _exists(node: exp.Expr, scope: Scope) -> Term:
    rows = scope.query(node.this)
    return Term(digest("exists", rows.rows), rows.reads, NONE, rows.unstable)


def _case(node: exp.Expr, scope: Scope) -> Term:
    subject = node.this if isinstance(node, exp.Case) else None
    branches = node.args.get("ifs") or [node]
    parts: list[str] = []
    terms: list[Term] = []
    values: set[tuple[str, str]] = set()
    conditions = []
    for branch in branches:
        condition = branch.this
        if subject is not None:
            condition = exp.EQ(this=subject, expression=condition)
        conditions.append(condition)
        with scope.comparisons.within_case(node):
            when = term(condition, scope)
        then = term(branch.args["true"], scope)
        parts += [when.key, then.key]
        terms += [when, then]
        values |= then.values
    default = node.args.get("default") or node.args.get("false")
    otherwise = term(default, scope) if default is not None else Term("null")
    scope.comparisons.case(node, has_else=otherwise.key != "null")
    made = combined(digest("case", *parts, otherwise.key), [*terms, otherwise])
    return replace(made, values=frozenset(values) | otherwise.values)


def _coalesce(node: exp.Expr, scope: Scope) -> Term:
    terms = [term(part, scope) for part in (node.this, *node.expressions)]
    values = frozenset().union(*(t.values for t in terms))
    return combined(digest("coalesce", *(t.key for t in terms)), terms, values)


def _cast(node: exp.Expr, scope: Scope) -> Term:
    inner = node.this.unnest()
    is_twice = type(inner) is type(node) and inner.args.get("to") == node.args["to"]
    if is_twice and not any(node.args.get(part) for part in ("format", "default", "action")):
        return term(inner, scope)
    return _generic(node, scope)


def _count(node: exp.Expr, scope: Scope) -> Term:
    this = node.this
    if isinstance(this, exp.Literal) and not node.expressions:
        node = exp.Count(this=exp.Star(), big_int=node.args.get("big_int"))
    made = _generic(node, scope)
    if scope.core is not None and id(node) not in scope.windowed:
        made = replace(made, key=digest("of group", made.key, scope.core))
    return made


def _ordered(node: exp.Expr, scope: Scope) -> Term:
    made = term(node.this, scope)
    way = "desc" if node.args.get("desc") else "asc"
    nulls = "first" if node.args.get("nulls_first") else "last"
    return combined(digest("by", made.key, way, nulls), [made])


def _star(node: exp.Expr, scope: Scope) -> Term:
    return Term("*")


HANDLERS: dict[type[exp.Expr], Callable[[exp.Expr, Scope], Term]] = {
    exp.Column: _column,
    exp.Dot: lambda node, scope: scope.column(node),
    exp.Paren: _child,
    exp.Alias: _child,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.And: _flat(exp.And),
    exp.Or: _flat(exp.Or),
    exp.Not: _not,
    **dict.fromkeys(
        (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Add, exp.Mul), _two_sided
    ),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), _two_sided),
    exp.Between: _between,
    exp.In: _in,
    exp.Exists: _exists,
    exp.Case: _case,
    exp.If: _case,
    exp.Coalesce: _coalesce,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Count: _count,
    exp.Ordered: _ordered,
    exp.Star: _star,
    exp.Window: window,
    exp.Lambda: lambda node, scope: scope.lambda_term(node),
}
