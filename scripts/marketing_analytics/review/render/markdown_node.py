"""All that is known of one model, as a folded section of the comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.review.judge_data import rows_sentence
from marketing_analytics.review.render.escape import code, tag, text
from marketing_analytics.review.render.markdown_parts import cells, folded, more
from marketing_analytics.review.render.view import change_words, growth, matrix, state
from marketing_analytics.review.words import amount, count, plain, rows_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.findings import ColumnChange, DataChange, NodeReview
    from marketing_analytics.review.render.view import View

MAX_COLUMNS = 12
MAX_VALUES = 8
MAX_SAMPLES = 5
MAX_SENTENCES = 12
QUANTILES = ("least", "lower quarter", "middle", "upper quarter", "most")


def node_details(node: NodeReview, view: View) -> str:
    """Return the section of a model."""
    parts = [
        "\n".join(_facts(node)),
        *_sentences(node),
        *(_data(node, node.data) if node.data and not node.data.is_identical else ()),
        *_descriptions(node),
    ]
    title = f"{tag(node.name)}: {change_words(node)}, {state(node, view)}"
    return folded(title, "\n\n".join(parts))


def _facts(node: NodeReview) -> Iterator[str]:
    if node.description:
        yield f"- {text(node.description)}"
    yield f"- file: {code(node.path, 200)}, a {text(node.kind)}"
    if node.tags:
        yield f"- tags: {', '.join(code(tag) for tag in node.tags)}"
    yield f"- owner: {text(node.owner or 'none is named')}"
    if node.schedule:
        yield f"- schedule: {text(node.schedule)}"
    if node.not_compared is not None:
        yield f"- **not compared**: {text(node.not_compared)}"
    if node.data is not None:
        key = ", ".join(code(column) for column in node.data.key) or "none, compared as a whole"
        yield f"- rows: {_rows(node, node.data)}; key: {key}"


def _rows(node: NodeReview, data: DataChange) -> str:
    if data.is_identical:
        return f"{count(data.head_rows, rows_of(node))}, all as they were"
    return text(
        f"{data.base_rows:,} → {data.head_rows:,}; {rows_sentence(node, data)}, "
        f"{data.identical:,} identical"
    )


def _sentences(node: NodeReview) -> Iterator[str]:
    if node.code.sentences:
        lines = [f"- {text(sentence)}" for sentence in node.code.sentences[:MAX_SENTENCES]]
        yield "**Key changes**\n\n" + "\n".join(more(lines, len(node.code.sentences)))


def _data(node: NodeReview, data: DataChange) -> Iterator[str]:
    lines = [
        (
            code(column.column),
            "unknown" if column.modified is None else f"{column.modified:,}",
            f"{column.base_nulls:,} → {column.head_nulls:,}",
        )
        for column in data.columns[:MAX_COLUMNS]
    ]
    if lines:
        yield cells(("column", "rows modified", "null"), lines, len(data.columns), right=2)
    for column in data.columns[:MAX_COLUMNS]:
        yield from _numbers(column)
        yield from _categories(node, column)
        yield from _samples(data, column)


def _numbers(column: ColumnChange) -> Iterator[str]:
    numbers = column.numbers
    if numbers is None:
        return
    pairs = [
        ("total", numbers.base_total, numbers.head_total),
        ("mean", numbers.base_mean, numbers.head_mean),
        *zip(QUANTILES, numbers.base_quantiles, numbers.head_quantiles, strict=False),
    ]
    lines = [
        (name, text(amount(base)), text(amount(head)), growth(base, head))
        for name, base, head in pairs
        if base is not None or head is not None
    ]
    head = (code(column.column), "before", "after", "change")
    yield cells(head, lines, right=3)


def _categories(node: NodeReview, column: ColumnChange) -> Iterator[str]:
    categories = column.categories
    if categories is None:
        return
    lines = [
        (
            code(shown(category.value)),
            f"{category.base:,}",
            f"{category.head:,}",
            growth(category.base, category.head),
            *(
                f"{number:,}"
                for number in (
                    category.moved_in,
                    category.moved_out,
                    category.added,
                    category.removed,
                )
            ),
        )
        for category in categories.values[:MAX_VALUES]
    ]
    head = (code(column.column), "before", "after", "change", "came", "left", "new rows", "gone")
    yield cells(head, lines, len(categories.values), right=7)
    yield (
        f"<sub>total variation {plain(round(categories.total_variation, 4))}; "
        f"stability index {plain(round(categories.stability_index, 4))}, for information</sub>"
    )
    if categories.moves and len(categories.values) <= MAX_VALUES:
        values, counts = matrix(categories)
        rows = [
            (f"**{code(shown(base))}**", *(f"{counts.get((base, value), 0):,}" for value in values))
            for base in values
        ]
        matrix_head = ("from ↓ to →", *(code(shown(value)) for value in values))
        yield f"{rows_of(node)} that moved between values of {code(column.column)}:\n\n" + cells(
            matrix_head, rows, right=len(values)
        )


def _samples(data: DataChange, column: ColumnChange) -> Iterator[str]:
    if not column.samples:
        return
    lines = [
        (
            code(", ".join(shown(part) for part in sample.key)),
            code(shown(sample.base)),
            code(shown(sample.head)),
        )
        for sample in column.samples[:MAX_SAMPLES]
    ]
    head = (", ".join(code(name) for name in data.key) or "row", "before", "after")
    yield f"Samples of {code(column.column)}:\n\n" + cells(head, lines, len(column.samples))


def _descriptions(node: NodeReview) -> Iterator[str]:
    described = node.column_descriptions or {}
    missing = [change.column for change in node.schema if not change.is_documented]
    lines = [f"- {code(name)}: {text(what)}" for name, what in list(described.items())[:40] if what]
    lines += [f"- {code(name)}: **not described**" for name in missing]
    if lines:
        yield "**Columns**\n\n" + "\n".join(lines)
