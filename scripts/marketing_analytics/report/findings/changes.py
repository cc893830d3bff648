"""What changed against the previous period: figures with direction, cause and sample size."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Figure, Finding, Row, Scope, Table, Tone, Unit
from marketing_analytics.report.words import change, count, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from marketing_analytics.metrics import Metric

Z = 1.959963984540054  # 95 %, as var confidence_z is by default
FEW = 10  # events in both periods together, below which a change says nothing
LEAST_PART = 0.25  # of a change that one campaign must explain to be named
MOST_OF_IT = 0.5
NO_CAMPAIGN = "(none)"
NOTHING_ELSE = "No other figure moved further than chance moves it."
VERDICTS: dict[Tone, str] = {
    "good": "better, beyond chance",
    "bad": "worse, beyond chance",
    "plain": "within chance",
    "low volume": "too few to judge",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a metric is counted of two periods: a sum, or a ratio of two sums, over campaigns."""

    metric: str
    over: str
    under: str | None = None
    sample: str  # the measure that tells how much it rests on
    is_of_campaigns: bool = False  # what came otherwise has cost nothing and is left out


MEASURES = (
    Measure(metric="conversion_revenue", over="revenue", sample="conversions"),
    Measure(metric="conversions", over="conversions", sample="conversions"),
    Measure(metric="ad_spend", over="spend", sample="clicks"),
    Measure(
        metric="return_on_ad_spend",
        over="revenue",
        under="spend",
        sample="conversions",
        is_of_campaigns=True,
    ),
    Measure(
        metric="cost_per_acquisition",
        over="spend",
        under="conversions",
        sample="conversions",
        is_of_campaigns=True,
    ),
    Measure(
        metric="session_to_conversion_rate",
        over="conversions",
        under="sessions",
        sample="sessions",
    ),
)
UNITS: dict[str, Unit] = {"count": "count", "money": "money", "ratio": "ratio", "share": "rate"}


def figures(periods: Table, scope: Scope, metrics: Mapping[str, Metric]) -> tuple[Figure, ...]:
    """Return the figures of what a scope lets through, each a metric of two periods."""
    rows = [row for row in periods.rows if _is_in(row, scope)]
    return tuple(_figure(measure, metrics[measure.metric], rows, periods) for measure in MEASURES)


def findings(found: Sequence[Figure], currency: str) -> tuple[Finding, ...]:
    """Return the first figure in words, and every other that changed beyond chance."""
    told = [figure for figure in found[1:] if figure.tone in ("good", "bad")]
    return tuple(
        Finding(
            text=f"{figure.label}: {shown(figure.value, figure.unit, currency)}, "
            f"{figure.change}{_against(figure, currency)} {_judged(figure)}. "
            f"{figure.cause}".strip(),
            query=figure.query,
            tone=figure.tone,
        )
        for figure in (*found[:1], *told)
    ) + (() if told else (Finding(text=NOTHING_ELSE, query="campaign_periods"),))


def _against(figure: Figure, currency: str) -> str:
    """Return what it is compared with, where there is anything."""
    if not figure.previous:
        return ""
    return f" against {shown(figure.previous, figure.unit, currency)}"


def _judged(figure: Figure) -> str:
    return f"({', '.join(filter(None, (figure.verdict, figure.sample)))})"


def _figure(measure: Measure, metric: Metric, rows: Sequence[Row], periods: Table) -> Figure:
    counted = [row for row in rows if not _is_left_out(measure, row)]
    value, previous = (_value(measure, counted, period) for period in ("current", "previous"))
    sizes = [_sum(counted, f"{period}_{measure.sample}") for period in ("current", "previous")]
    tone = _tone(measure, metric, value, previous, counted)
    is_judged = metric.better != "neither" and value is not None and previous is not None
    return Figure(
        name=metric.name,
        label=metric.label,
        unit=UNITS[metric.unit],
        mart=periods.query.mart,
        query=periods.query.name,
        value=value,
        previous=previous,
        tone=tone,
        verdict=VERDICTS[tone] if is_judged else "",
        change=change(value, previous),
        sample=f"from {count(int(sizes[0]), measure.sample)}, {count(int(sizes[1]))} before",
        cause=_cause(measure, counted, value, previous),
    )


def _tone(
    measure: Measure,
    metric: Metric,
    value: float | None,
    previous: float | None,
    rows: Sequence[Row],
) -> Tone:
    now, before = (_sum(rows, f"{period}_{measure.sample}") for period in ("current", "previous"))
    events = [_sum(rows, f"{period}_conversions") for period in ("current", "previous")]
    if metric.better != "neither" and sum(events) < FEW:
        return "low volume"
    if value is None or previous is None or value == previous or metric.better == "neither":
        return "plain"
    is_better = (value > previous) == (metric.better == "higher")
    if metric.unit == "share":
        is_beyond = differ(events[0], now, events[1], before)
    else:
        # Money moves with the sizes of orders, too: only what their number bears out is judged.
        drawn = _drawn(rows, events) if measure.under else _counted(events)
        is_beyond = drawn != 0 and (drawn > 0) == is_better
    if not is_beyond:
        return "plain"
    return "good" if is_better else "bad"


def _counted(events: Sequence[float]) -> int:
    """Return 1 or -1 where one of two counts is larger beyond chance, else 0."""
    moved = events[0] - events[1]
    return 0 if abs(moved) <= Z * sqrt(sum(events)) else (1 if moved > 0 else -1)


def _drawn(rows: Sequence[Row], events: Sequence[float]) -> int:
    """Return the same of conversions per unit spent: spend is known, conversions are drawn.

    Where nothing has changed, conversions fall into this period in proportion to its spend.
    """
    spent = [_sum(rows, f"{period}_spend") for period in ("current", "previous")]
    if min(spent) < 0 or not sum(spent):
        return 0  # more was given back than spent: conversions have no part in it
    part = spent[0] / sum(spent)
    moved = events[0] - sum(events) * part
    spread = sqrt(sum(events) * part * (1 - part))
    return 0 if spread == 0 or abs(moved) <= Z * spread else (1 if moved > 0 else -1)


def differ(hits: float, tries: float, hits_before: float, tries_before: float) -> bool:
    """Return whether two shares differ beyond chance: the pooled z test of two proportions."""
    if not tries or not tries_before or hits > tries or hits_before > tries_before:
        return False
    pooled = (hits + hits_before) / (tries + tries_before)
    spread = sqrt(pooled * (1 - pooled) * (1 / tries + 1 / tries_before))
    return spread > 0 and abs(hits / tries - hits_before / tries_before) > Z * spread


def _cause(
    measure: Measure,
    rows: Sequence[Row],
    value: float | None,
    previous: float | None,
) -> str:
    """Return whose absence would change the change most, where that is much of it."""
    if value is None or previous is None or value == previous or len(rows) == 1:
        return ""
    best: tuple[float, Row, float, float] | None = None
    for row in rows:
        rest = [other for other in rows if other is not row]
        now, before = (_value(measure, rest, period) for period in ("current", "previous"))
        if now is None or before is None:
            continue
        part = _part(value, previous, now, before)
        if best is None or part > best[0]:
            best = (part, row, now, before)
    if best is None or best[0] < LEAST_PART:
        return f"Spread over {count(len(rows), 'campaigns')}."
    part, row, now, before = best
    if now == before:
        return f"All of it is {_name(row)}."
    begin = f"{'Mostly' if part >= MOST_OF_IT else 'In part'} {_name(row)}"
    if not before:
        return f"{begin}."
    without = "them" if row["campaign_id"] == NO_CAMPAIGN else "it"
    return f"{begin}: {change(now, before)} without {without}."


def _part(value: float, previous: float, now: float, before: float) -> float:
    """Return how much of a change is gone where only `now` and `before` are left.

    By the relative change, which is the one that is told; by amounts where there was nothing.
    """
    if previous > 0 and before > 0:
        return 1 - (now - before) / before / ((value - previous) / previous)
    return 1 - (now - before) / (value - previous)


def _name(row: Row) -> str:
    if row["campaign_id"] == NO_CAMPAIGN:
        return "visits without a campaign"
    return str(row["campaign_name"])


def _value(measure: Measure, rows: Sequence[Row], period: str) -> float | None:
    over = _sum(rows, f"{period}_{measure.over}")
    if measure.under is None:
        return over
    under = _sum(rows, f"{period}_{measure.under}")
    return over / under if under else None


def _sum(rows: Iterable[Row], column: str) -> float:
    return float(sum(row[column] for row in rows))


def _is_left_out(measure: Measure, row: Row) -> bool:
    return measure.is_of_campaigns and not row["has_ad_data"]


def _is_in(row: Row, scope: Scope) -> bool:
    if scope.campaign is not None:
        return bool(row["campaign_id"] == scope.campaign)
    return scope.channel is None or bool(row["channel"] == scope.channel)
