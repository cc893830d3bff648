"""The parts of a query that are understood. What has another is unknown, not taken as harmless."""

from __future__ import annotations

from sqlglot import exp

from marketing_analytics.review.code.terms import UnreadableError

ENDS = {"with_", "with", "order", "limit", "offset"}
WITHOUT_MEANING = {"hint", "hints", "locks"}
UNDERSTOOD: dict[type[exp.Expr], set[str]] = {
    exp.Select: ENDS
    | {"expressions", "from_", "from", "joins", "laterals", "where", "group", "having", "qualify"}
    | {"windows", "distinct"},
    exp.SetOperation: ENDS | {"this", "expression", "distinct"},
    exp.Subquery: ENDS | {"this", "alias", "pivots", "sample"},
    exp.Table: {"this", "db", "catalog", "alias", "pivots", "sample"},
    exp.Join: {"this", "side", "kind", "method", "on", "using"},
}


def check(node: exp.Expr) -> None:
    """Raise UnreadableError if a part of a query has a meaning that is not known here."""
    for kind, understood in UNDERSTOOD.items():
        if isinstance(node, kind):
            for name, value in node.args.items():
                if value and name not in understood | WITHOUT_MEANING:
                    raise UnreadableError(f"{node.key} with {name.rstrip('_')}")
