"""The SQL of a node without what does not count: comments, layout, and where tables are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from marketing_analytics.review.artifacts import Build, Node
    from marketing_analytics.review.code.side import Side

PLACE = ("this", "db", "catalog")
WORDS = re.compile(r"\w+|[^\w\s]")


def text(side: Side, uid: str) -> str | None:
    """Return the compiled SQL with tables by their unique ids, None where there is none."""
    code = side.code(uid)
    if code is None:
        return None
    for moment in side.moments:
        code = code.replace(moment, "the moment of the build")
        code = code.replace(moment.replace(" ", "T"), "the moment of the build")
    for parent in side.build.nodes[uid].depends_on:
        node = side.build.nodes.get(parent)
        if node is not None:
            code = _relation(node).sub(lambda _, p=parent: side.ids.get(p, p), code)  # type: ignore[misc]
    return code


def _relation(node: Node) -> re.Pattern[str]:
    schema, _, table = node.relation.rpartition(".")
    quote = r"[`\"]?"
    return re.compile(
        rf"(?<![\w.])(?:{quote}[\w-]+{quote}\.)?{quote}{re.escape(schema)}{quote}"
        rf"\.{quote}{re.escape(table)}{quote}(?!\w)",
        re.IGNORECASE,
    )


def tree(side: Side, uid: str) -> exp.Expr:
    """Return the syntax tree of a node with tables by their unique ids."""

    def by_id(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and node.db:
            found = side.node_of(node)
            ident = side.source_of(node) if found is None else side.ids.get(found, found)
            name = exp.to_identifier(ident, quoted=True)
            alias = node.args.get("alias") or exp.TableAlias(
                this=exp.to_identifier(side.names.of(node.this))
            )
            kept = {part: value for part, value in node.args.items() if part not in PLACE}
            return exp.Table(**{**kept, "this": name, "alias": alias})
        return node

    return side.tree(uid).transform(by_id)


def words(side: Side, uid: str) -> list[str]:
    """Return the words of a node's SQL, to tell how alike two are."""
    return WORDS.findall((text(side, uid) or "").lower())


def moments(build: Build) -> frozenset[str]:
    """Return the time of a build as models may spell it out."""
    return frozenset(build.moments)
