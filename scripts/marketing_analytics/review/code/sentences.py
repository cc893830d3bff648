"""What a change of SQL does, in a reviewer's words: clause by clause, in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.clauses import Clauses, clauses
from marketing_analytics.review.code.column_sentences import (
    Sentence,
    column_sentences,
    with_columns,
)
from marketing_analytics.review.code.folding import folded
from marketing_analytics.review.code.steps import is_import, pairs, steps
from marketing_analytics.review.code.wording import (
    becomes,
    cut_sentence,
    fragment,
)
from marketing_analytics.review.findings import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marketing_analytics.review.code.compare import Difference

PLAIN_STEPS = ("", "final")


def sentences(base: exp.Expr, head: exp.Expr, own: Difference, dialect: str) -> list[str]:
    """Return what changed from one query to the other."""
    if own.change is Change.NO_EFFECT:
        texts = ["columns stand in another order"] if own.is_reordered else []
        same = base == head
        return texts or ["comments or layout" if same else "written otherwise, selects the same"]
    before, after = steps(base), steps(head)
    before, after = folded(before, after), folded(after, before)
    imports = {
        name: table.rpartition(".")[2]
        for found in (before, after)
        for name, query in found.items()
        if (table := is_import(query)) is not None
    }
    every: list[tuple[str, Sentence]] = []
    names: dict[str, str] = {}
    for name, old, new in pairs(before, after):
        said = _step(name, with_columns(old, names), new, imports, dialect)
        names |= dict(sentence.renames for sentence in said if sentence.renames is not None)
        every += [(name, sentence) for sentence in said]
    told = {sentence.about for _, sentence in every if sentence.passed_on is None}
    found = [_text(name, sentence, own, told) for name, sentence in every]
    return list(dict.fromkeys(text for text in found if text)) or _without_words(own)


def _text(name: str, sentence: Sentence, own: Difference, told: set[str | None]) -> str:
    """Return a sentence with its step; empty where a column is passed on that was told of."""
    if sentence.passed_on is None:
        is_placed = name not in PLAIN_STEPS and not sentence.is_of_step
        return cut_sentence(sentence.text) + (f" (in {name})" if is_placed else "")
    if sentence.passed_on in told:
        return ""
    if sentence.passed_on in own.added:
        return f"adds the column {sentence.passed_on}"
    return f"drops the column {sentence.passed_on}" if sentence.passed_on in own.removed else ""


def _without_words(own: Difference) -> list[str]:
    found = [f"adds the column {name}" for name in own.added]
    found += [f"drops the column {name}" for name in own.removed]
    found += [f"{name} is computed otherwise" for name in own.altered]
    return found if own.change is not Change.ROWS else ["selects other rows"]


def _step(
    name: str,
    old: exp.Expr | None,
    new: exp.Expr | None,
    imports: Mapping[str, str],
    dialect: str,
) -> list[Sentence]:
    if new is None or old is None:
        query, verb = (new, "adds") if old is None else (old, "drops")
        if is_import(query) is not None and query is not None and not query.args.get("where"):
            return []  # the join of it is told
        tables = dict.fromkeys(table.name for table in (query or exp.null()).find_all(exp.Table))
        reads = ", ".join(imports.get(table, table.rpartition(".")[2]) for table in tables)
        text = f"{verb} the step {name}" + (f" of {reads}" if reads else "")
        return [Sentence(text, is_of_step=True)]
    if old == new:
        return []
    if isinstance(old, exp.SetOperation) or isinstance(new, exp.SetOperation):
        return _union(old, new, imports, dialect)
    if not isinstance(old, exp.Select) or not isinstance(new, exp.Select):
        return [Sentence(f"{name or 'the query'} is written otherwise")]
    before, after = clauses(old, imports, dialect), clauses(new, imports, dialect)
    return [
        *_distinct(before, after),
        *column_sentences(before.columns, after.columns, dialect),
        *_joins(before, after, dialect),
        *_conditions("filter", "adds a filter", before.where, after.where, dialect),
        *_keys(before, after),
        *_conditions("groups", "keeps only groups of", before.having, after.having, dialect),
        *_conditions("rows kept", "keeps only rows of", before.qualify, after.qualify, dialect),
        *_limit(before, after),
    ]


def _union(
    old: exp.Expr, new: exp.Expr, imports: Mapping[str, str], dialect: str
) -> list[Sentence]:
    kinds = [_union_kind(query) for query in (old, new)]
    found = []
    if kinds[0] and kinds[1] and kinds[0] != kinds[1]:
        found.append(Sentence(f"{kinds[0]} becomes {kinds[1]}"))
    before, after = _branches(old), _branches(new)
    gone = [query for query in before if query not in after]
    come = [query for query in after if query not in before]
    for one, other in zip(gone, come, strict=False):
        found += _step("", one, other, imports, dialect)
    for query in come[len(gone) :]:
        found.append(Sentence(f"{kinds[1]} with one more: {fragment(query, dialect)}"))
    for query in gone[len(come) :]:
        found.append(Sentence(f"{kinds[0]} with one less: {fragment(query, dialect)}"))
    return found


def _union_kind(query: exp.Expr) -> str:
    if not isinstance(query, exp.SetOperation):
        return ""
    return query.key if query.args.get("distinct") else f"{query.key} all"


def _branches(query: exp.Expr) -> list[exp.Expr]:
    if isinstance(query, exp.SetOperation):
        return [*_branches(query.this), *_branches(query.expression)]
    return [query.unnest() if isinstance(query, exp.Subquery) else query]


def _distinct(before: Clauses, after: Clauses) -> list[Sentence]:
    if before.distinct == after.distinct:
        return []
    if not after.distinct:
        return [Sentence("distinct dropped")]
    if not before.distinct:
        return [Sentence("distinct added")]
    return [Sentence(f"{before.distinct} becomes {after.distinct}")]


def _joins(before: Clauses, after: Clauses, dialect: str) -> list[Sentence]:
    found = []
    if before.source != after.source:
        swapped = before.source in after.joins and after.source in before.joins
        if not swapped:
            found.append(Sentence(f"reads {after.source} instead of {before.source}"))
    for name, join in after.joins.items():
        old = before.joins.get(name)
        if old is None:
            if name != before.source:
                found.append(Sentence(f"joins {name} ({join.kind} join)"))
            continue
        if old.kind != join.kind:
            found.append(Sentence(f"join of {name}: {old.kind} becomes {join.kind}"))
        found += _conditions(
            f"join of {name}", f"join of {name}: also on", old.on, join.on, dialect
        )
    for name, join in before.joins.items():
        if name not in after.joins and name != after.source:
            found.append(Sentence(f"no longer joins {name} ({join.kind} join)"))
    return found


def _conditions(
    name: str,
    adds: str,
    before: Sequence[exp.Expr],
    after: Sequence[exp.Expr],
    dialect: str,
) -> list[Sentence]:
    gone = [part for part in before if part not in after]
    found = []
    for part in after:
        if part in before:
            continue
        old = next((one for one in gone if _columns_of(one) & _columns_of(part)), None)
        if old is None:
            colon = "" if adds.endswith((" on", " of")) else ":"
            found.append(Sentence(f"{adds}{colon} {fragment(part, dialect)}"))
        else:
            gone.remove(old)
            found.append(Sentence(f"{name}: {becomes(old, part, dialect)}"))
    dropped = "drops the filter: " if name == "filter" else f"{name}: no longer "
    return [*found, *(Sentence(f"{dropped}{fragment(part, dialect)}") for part in gone)]


def _columns_of(node: exp.Expr) -> set[str]:
    return {column.name.lower() for column in node.find_all(exp.Column)}


def _keys(before: Clauses, after: Clauses) -> list[Sentence]:
    if before.groups is None or after.groups is None:
        if before.groups == after.groups:
            return []
        if before.groups is None:
            return [Sentence(f"groups by {', '.join(after.groups or ()) or 'nothing'}")]
        return [Sentence("no longer groups")]
    added = [key for key in after.groups if key not in before.groups]
    dropped = [key for key in before.groups if key not in after.groups]
    found = [Sentence(f"groups also by {', '.join(added)}")] if added else []
    return found + ([Sentence(f"no longer groups by {', '.join(dropped)}")] if dropped else [])


def _limit(before: Clauses, after: Clauses) -> list[Sentence]:
    if before.limit == after.limit and (before.order == after.order or not after.limit):
        return []
    if not before.limit:
        return [Sentence(f"keeps only the first {after.limit} rows")]
    if not after.limit:
        return [Sentence(f"no longer keeps only the first {before.limit} rows")]
    if before.limit != after.limit:
        return [Sentence(f"limit {before.limit} becomes {after.limit}")]
    return [
        Sentence(f"order before limit: {before.order or 'none'} becomes {after.order or 'none'}")
    ]
