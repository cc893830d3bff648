"""The charts, as Vega-Lite that Altair writes; the page hands each the rows of its query.

Colours read well on white and on black; what is neither is the colour of the text around it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from marketing_analytics.report.page import marketing_charts, other_charts
from marketing_analytics.report.page.marks import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketing_analytics.report.facts import Row, Table

MOST_ROWS = 2_000  # of a chart that draws each by itself
SUMMED = ("weeks", "value_tiers")  # draw sums of their rows: with fewer these would be others
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "domainColor": TEXT,
        "tickColor": TEXT,
        "gridColor": TEXT,
        "gridOpacity": 0.15,
        "domainOpacity": 0.4,
        "tickOpacity": 0.4,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 140,
        "tickCount": 6,
    },
    "legend": {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "labelFontSize": 12,
        "orient": "top",
        "title": None,
        "columns": 2,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a table: what it shows in a sentence, its rows, and its Vega without them."""

    name: str
    query: str
    rows: tuple[Row, ...]  # those that it draws
    caption: str
    spec: dict[str, Any]


def chart(name: str, table: Table) -> Chart | None:
    """Return a chart of a table; None where its rows have nothing to draw."""
    caption, is_drawn, draw = CHARTS[name]
    rows = tuple(row for row in table.rows if is_drawn(row))
    if not rows:
        return None
    if name not in SUMMED:
        rows = rows[:MOST_ROWS]
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    drawn = draw(table).properties(width="container", autosize=fit).configure(**CONFIG)
    # Compiled here: the page then says nothing of it on the console, and opens sooner.
    spec = vl_convert.vegalite_to_vega(drawn.to_dict())
    kept = _used(spec, table)
    return Chart(
        name=name,
        query=table.query.name,
        rows=tuple({column: row[column] for column in kept} for row in rows),
        caption=caption,
        spec=spec,
    )


def _used(spec: dict[str, Any], table: Table) -> list[str]:
    """Return the columns that a chart draws or the filter reads: a page carries no others."""
    written = json.dumps(spec)
    filtered = (table.query.channel, table.query.campaign)
    return [
        column.name
        for column in table.query.columns
        if column.name in written
        or column.name in filtered
        or (column.name == "campaign_name" and '"label"' in written)
    ]


def _is_some(column: str) -> Callable[[Any], bool]:
    return lambda row: bool(row[column])


def _has(column: str) -> Callable[[Any], bool]:
    return lambda row: row[column] is not None


CHARTS: dict[str, tuple[str, Callable[[Any], bool], Callable[[Table], Any]]] = {
    "weeks": ("Spend and revenue, week by week.", _has("revenue"), marketing_charts.weeks),
    "leaks": (
        "What each campaign loses at its worst step, against the median campaign.",
        lambda row: bool(row["is_rated"] and row["leak_lost_revenue"] > 0),
        marketing_charts.leaks,
    ),
    "channel_value": (
        "The margin that customers have brought so far for each unit of cost. The dashed line is "
        "as much as they cost; channels without spend are left out.",
        _has("value_to_cost_ratio"),
        marketing_charts.channel_value,
    ),
    "value_tiers": (
        "How many customers are of high, medium and low value, and what they bring.",
        _has("revenue_amount"),
        marketing_charts.value_tiers,
    ),
    "credit": (
        "Conversions that each model credits to a channel: the longer the line, the more a "
        "decision hangs on the model.",
        _has("linear_conversions"),
        marketing_charts.credit,
    ),
    "backtests": (
        "What the forecast would have said, beside what came.",
        _has("expected_purchases"),
        other_charts.backtests,
    ),
    "next_actions": (
        "Value at risk over 12 months among the customers to contact, by action.",
        _is_some("value_at_risk_12m"),
        other_charts.next_actions,
    ),
    "shop_products": (
        "Revenue of the best selling products.",
        _is_some("total_revenue"),
        other_charts.shop_products,
    ),
    "finance_quarters": (
        "Net revenue by quarter.",
        _has("net_amount"),
        other_charts.finance_quarters,
    ),
    "player_channels": (
        "What advertising for players returns, by the touch that is credited. The dashed line is "
        "as much as was spent; channels without spend are left out.",
        _has("first_touch_purchase_return_ratio"),
        other_charts.player_channels,
    ),
}
