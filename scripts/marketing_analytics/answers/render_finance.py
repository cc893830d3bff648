"""Turns the answers of finance into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from marketing_analytics.answers.compute import sum_up
from marketing_analytics.answers.layout import Section, percent, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from marketing_analytics.answers.compute import RevenueTotals
    from marketing_analytics.answers.facts import Finance


def finance_sections(finance: Finance, *, is_narrow: bool) -> Iterator[Section]:
    """Yield what customers brought in, if there are any."""
    if finance.segments:
        totals = sum_up(finance.segments)
        yield Section(
            question="What did customers bring in over the last 90 days?",
            parts=(
                _segment_table(finance, totals, is_narrow=is_narrow),
                Text(_summary(finance, totals)),
            ),
        )


def _segment_table(finance: Finance, totals: RevenueTotals, *, is_narrow: bool) -> Table:
    numbers = ["customers", "net revenue", "refunds", "share of net"]
    shown = [0, 1, 3] if is_narrow else range(len(numbers))
    filled = table("segment", *(numbers[column] for column in shown), right=numbers)
    for segment, share in zip(finance.segments, totals.shares, strict=True):
        cells = (
            Text(f"{segment.customers:,}"),
            Text(whole(segment.net_revenue), style="bold red" if segment.net_revenue < 0 else ""),
            Text(whole(segment.refunds)),
            Text(percent(share)),
        )
        filled.add_row(Text(segment.name), *(cells[column] for column in shown))
    return filled


def _summary(finance: Finance, totals: RevenueTotals) -> str:
    net = f"Net of 90 days: {whole(totals.net_revenue)} after {whole(totals.refunds)} of refunds"
    counts = finance.without_refund
    kinds = ((counts.returned, "returned order"), (counts.pending, "pending return"))
    named = [f"{count:,} {kind}{'s' * (count > 1)}" for count, kind in kinds if count]
    if not named:
        return f"{net}."
    verbs = "has {} and counts" if counts.returned + counts.pending == 1 else "have {} and count"
    return f"{net}; {' and '.join(named)} {verbs.format('no refund entered')} as paid back."
