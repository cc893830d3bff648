"""The folded part of the comment, in the order in which it is kept where room is short."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from marketing_analytics.review.render.escape import code, text
from marketing_analytics.review.render.markdown_node import node_details
from marketing_analytics.review.render.markdown_parts import cells, folded, more, reason_line
from marketing_analytics.review.render.view import TEST_SIGNS, monthly, state
from marketing_analytics.review.words import count, listed, money, seconds, short_name, shown, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.render.view import View

MAX_ROWS = 40


def details(view: View) -> Iterator[str]:
    """Yield the folded sections, the most important first; each can be left out by itself."""
    for node in view.changed:
        yield node_details(node, view)
    for section in (_reasons, _downstream, _tests, _gaps, _cost, _noise, _commands):
        yield from section(view)
    for node in view.nodes:
        if node.level > 0 and (node.unique_id in view.touched or node.not_compared is not None):
            yield node_details(node, view)


def _reasons(view: View) -> Iterator[str]:
    reasons = view.review.verdict.reasons
    if reasons:
        lines = [reason_line(reason, view) for reason in reasons[:MAX_ROWS]]
        title = f"All reasons: {len(reasons):,}, the strongest first"
        yield folded(title, "\n".join(more(lines, len(reasons))))


def _downstream(view: View) -> Iterator[str]:
    if not view.reached:
        return
    lines = []
    for level, nodes in groupby(view.reached, key=lambda node: node.level):
        every = list(nodes)
        names = [f"{code(node.name)} ({state(node, view)})" for node in every[:MAX_ROWS]]
        rest = f" and {len(every) - len(names):,} more" if len(every) > len(names) else ""
        lines.append(f"- {count(level, 'steps')} away: {', '.join(names)}{rest}")
    metrics = view.review.findings.metrics
    if metrics:
        names = [code(short_name(name)) for name in metrics[:MAX_ROWS]]
        lines.append(f"- metrics: {', '.join(names)}")
    yield folded(f"Downstream: {count(len(view.reached), 'models')}", "\n".join(lines))


def _tests(view: View) -> Iterator[str]:
    if not view.tests:
        return
    lines = [
        (
            TEST_SIGNS[test.kind],
            code(test.name),
            text(test.base_status or "not there"),
            text(test.head_status or "not there"),
            text(f"{test.kind}{f', {test.failures:,} rows' if test.failures else ''}"),
            text(test.what or test.description, 200),
        )
        for test in view.tests[:MAX_ROWS]
    ]
    kinds = {test.kind: 0 for test in view.tests}
    for test in view.tests:
        kinds[test.kind] += 1
    title = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
    head = ("", "test", "before", "after", "", "what it says")
    yield folded(f"Tests: {title}", cells(head, lines, len(view.tests)))


def _gaps(view: View) -> Iterator[str]:
    gaps = view.review.findings.gaps
    if not gaps:
        return
    lines = [
        (
            code(view.name(gap.node)),
            code(f"{gap.path}:{gap.line}" if gap.line else gap.path),
            text(gap.construct),
            f"{code(gap.column)} of {code(view.name(gap.source))}",
            _values(gap.listed),
            _values(gap.uncovered),
            _values(gap.vanished),
        )
        for gap in gaps[:MAX_ROWS]
    ]
    head = ("reader", "where", "how", "column", "lists", "lacks", "no row has")
    title = f"Lists of values that do not go with the data: {len(gaps):,}"
    yield folded(title, cells(head, lines, len(gaps)))


def _values(values: tuple[str, ...]) -> str:
    return listed([code(shown(value), 40) for value in values]) if values else ""


def _cost(view: View) -> Iterator[str]:
    currency = view.review.verdict.currency
    priced = [
        (node, node.cost)
        for node in view.nodes
        if node.cost is not None and (node.level == 0 or node.cost.head_money is not None)
    ]
    if not priced:
        return
    has_bytes = any(cost.head_bytes is not None for _, cost in priced)
    has_money = any(cost.head_money is not None for _, cost in priced)
    lines = []
    for node, cost in priced[:MAX_ROWS]:
        line = [code(node.name), f"{seconds(cost.base_seconds)} → {seconds(cost.head_seconds)}"]
        if has_bytes:
            line.append(f"{size(cost.base_bytes)} → {size(cost.head_bytes)}")
        if has_money:
            each = [money(paid, currency) for paid in (cost.base_money, cost.head_money)]
            months = [
                _month(paid, cost.runs_per_month, currency)
                for paid in (cost.base_money, cost.head_money)
            ]
            line += [text(" → ".join(each)), text(" → ".join(months))]
        lines.append([*line, text(node.schedule or "none")])
    head = ["model", "run time", *(["read"] if has_bytes else [])]
    head += ["per build", "per month"] if has_money else []
    yield folded("Cost and schedule", cells([*head, "schedule"], lines, len(priced)))


def _month(per_build: float | None, runs: float | None, currency: str) -> str:
    month = monthly(per_build, runs)
    if month is None or runs is None:
        return "unknown"
    return f"{money(month, currency)} ({runs:g} builds)"


def _noise(view: View) -> Iterator[str]:
    if view.left_out:
        lines = [
            (code(node), code(column), text(why)) for node, column, why in view.left_out[:MAX_ROWS]
        ]
        title = f"Not compared on purpose: {count(len(view.left_out), 'columns')}"
        yield folded(title, cells(("model", "column", "why"), lines, len(view.left_out)))


def _commands(view: View) -> Iterator[str]:
    if view.commands:
        lines = [f"# {what}\n{command}" for what, command in view.commands]
        body = "\n\n".join(lines).replace("`", "")
        yield folded("How to test it", f"```bash\n{body}\n```")
