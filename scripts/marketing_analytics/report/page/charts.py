"""The charts, as Vega-Lite that Altair writes; the page hands each the rows of its query.

Colours read well on white and on black; what is neither is the colour of the text around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from marketing_analytics.report.findings.credit import models_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketing_analytics.report.facts import Table

BLUE, ORANGE, GREY, GREEN = "#3d7fc4", "#c9661c", "#868e97", "#2f8f5b"
ROWS = "rows"  # the name that the page gives its rows by
BAR_HEIGHT = 22
MOST_BARS = 15
TEXT = "currentColor"
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
        "columns": 4,
        "symbolType": "square",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of a table: what it shows in a sentence, and its Vega-Lite."""

    name: str
    query: str
    caption: str
    spec: dict[str, Any]


def chart(name: str, table: Table) -> Chart | None:
    """Return a chart of a table; None where its rows have nothing to draw."""
    caption, is_drawn, draw = CHARTS[name]
    if not any(is_drawn(row) for row in table.rows):
        return None
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    drawn = draw(table).properties(width="container", autosize=fit).configure(**CONFIG)
    # Without the named rows, which the page puts in.
    spec = drawn.to_dict()
    return Chart(name=name, query=table.query.name, caption=caption, spec=spec)


def _base() -> alt.Chart:
    return alt.Chart(alt.NamedData(name=ROWS))


def _weeks(table: Table) -> Any:
    return (
        _base()
        .transform_fold(["spend", "revenue"], as_=["what", "amount"])
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("week_end:T", title="week up to", scale=alt.Scale(type="utc")),
            y=alt.Y("sum(amount):Q", title="amount"),
            color=_colours("what:N", {"revenue": BLUE, "spend": ORANGE}),
            strokeDash=alt.StrokeDash(
                "what:N",
                scale=alt.Scale(domain=["revenue", "spend"], range=[[1, 0], [5, 3]]),
                title=None,
            ),
            tooltip=["what:N", _day("week_end", "week up to"), _sum("amount")],
        )
        .properties(height=220)
    )


def _leaks(table: Table) -> Any:
    return (
        _base()
        .transform_filter("datum.is_rated && datum.leak_lost_revenue > 0")
        .transform_calculate(sure="datum.is_leak_significant ? 'beyond chance' : 'within chance'")
        .transform_window(place="row_number()", sort=[alt.SortField("leak_lost_revenue", "descending")])
        .transform_filter(f"datum.place <= {MOST_BARS}")
        .mark_bar()
        .encode(
            y=_names("label", "leak_lost_revenue"),
            x=alt.X("leak_lost_revenue:Q", title="money lost"),
            color=_colours("sure:N", {"beyond chance": ORANGE, "within chance": GREY}),
            tooltip=[
                alt.Tooltip("label:N", title="campaign"),
                alt.Tooltip("leak_step:N", title="worst step"),
                alt.Tooltip("leak_lost_conversions:Q", title="conversions lost", format=",.1f"),
                alt.Tooltip("leak_lost_revenue:Q", title="money lost", format=",.0f"),
            ],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )


def _channel_value(table: Table) -> Any:
    bars = (
        _base()
        .transform_filter("isValid(datum.value_to_cost_ratio)")
        .transform_calculate(
            size="datum.customer_count < 30 ? 'fewer than 30 customers' : '30 customers or more'"
        )
        .mark_bar()
        .encode(
            y=_names("acquisition_channel", "value_to_cost_ratio"),
            x=alt.X("value_to_cost_ratio:Q", title="revenue per unit of cost"),
            color=_colours(
                "size:N", {"30 customers or more": BLUE, "fewer than 30 customers": GREY}
            ),
            tooltip=[
                "acquisition_channel:N",
                alt.Tooltip("value_to_cost_ratio:Q", format=",.2f"),
                "customer_count:Q",
            ],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )
    return alt.layer(bars, _line_at(1))


def _value_tiers(table: Table) -> Any:
    return (
        _base()
        .transform_calculate(customers="datum.customer_count", revenue="datum.revenue_amount")
        .transform_fold(["customers", "revenue"], as_=["what", "amount"])
        .mark_bar()
        .encode(
            y=alt.Y("what:N", title=None),
            x=alt.X("sum(amount):Q", stack="normalize", title="share", axis=alt.Axis(format="%")),
            color=_colours("ltv_segment:N", {"high": BLUE, "medium": GREEN, "low": GREY}),
            order=alt.Order("tier:Q"),
            tooltip=["what:N", "ltv_segment:N", _sum("amount")],
        )
        .transform_calculate(tier="{high: 1, medium: 2, low: 3}[datum.ltv_segment]")
        .properties(height=alt.Step(34))
    )


def _credit(table: Table) -> Any:
    models = models_run(table.rows)
    columns = [f"{model}_conversions" for model, _ in models]
    kinds = {
        "first_touch_conversions": "first touch",
        "last_touch_conversions": "last touch",
        "shapley_conversions": "Shapley and Markov",
        **{f"markov_{order}_conversions": "Shapley and Markov" for order in (1, 2, 3)},
    }
    told = ", ".join(f"{column}: '{kind}'" for column, kind in kinds.items())
    drawn = _base().transform_fold(columns, as_=["model", "credited"])
    y = alt.Y("channel:N", title=None, sort=alt.EncodingSortField("credited", "max", "descending"))
    line = drawn.mark_rule(strokeWidth=3, opacity=0.35, color=GREY).encode(
        y=y, x=alt.X("min(credited):Q", title="conversions credited"), x2="max(credited):Q"
    )
    points = (
        drawn.transform_calculate(kind=f"({{{told}}})[datum.model] || 'other rules'")
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            y=y,
            x="credited:Q",
            color=_colours(
                "kind:N",
                {
                    "first touch": ORANGE,
                    "last touch": BLUE,
                    "other rules": GREY,
                    "Shapley and Markov": GREEN,
                },
            ),
            shape=alt.Shape("kind:N", title=None),
            tooltip=["channel:N", "model:N", alt.Tooltip("credited:Q", format=",.1f")],
        )
    )
    return alt.layer(line, points).properties(height=alt.Step(26))


def _backtests(table: Table) -> Any:
    return (
        _base()
        .transform_filter("isValid(datum.expected_purchases)")
        .transform_calculate(forecast="datum.expected_purchases", came="datum.actual_purchase_count")
        .transform_fold(["forecast", "came"], as_=["what", "purchases"])
        .mark_bar()
        .encode(
            y=alt.Y("domain:N", title=None),
            yOffset=alt.YOffset("what:N"),
            x=alt.X("purchases:Q", title="purchases"),
            color=_colours("what:N", {"forecast": ORANGE, "came": BLUE}),
            tooltip=["domain:N", "what:N", alt.Tooltip("purchases:Q", format=",.0f")],
        )
        .properties(height=alt.Step(18))
    )


def _next_actions(table: Table) -> Any:
    return _bars("next_action", "value_at_risk_12m", "value at risk")


def _shop_products(table: Table) -> Any:
    return _bars("product_name", "total_revenue", "revenue")


def _finance_quarters(table: Table) -> Any:
    return (
        _base()
        .transform_calculate(over="datum.is_complete ? 'complete' : 'not over yet'")
        .mark_bar()
        .encode(
            x=alt.X("quarter_start_date:O", title="quarter from", axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("net_amount:Q", title="net revenue"),
            color=_colours("over:N", {"complete": BLUE, "not over yet": GREY}),
            tooltip=["quarter_start_date:N", alt.Tooltip("net_amount:Q", format=",.0f"), "over:N"],
        )
        .properties(height=220)
    )


def _player_channels(table: Table) -> Any:
    bars = (
        _base()
        .transform_filter("isValid(datum.first_touch_purchase_return_ratio)")
        .transform_calculate(
            first="datum.first_touch_purchase_return_ratio",
            last="datum.last_touch_purchase_return_ratio",
        )
        .transform_fold(["first", "last"], as_=["touch", "returned"])
        .mark_bar()
        .encode(
            y=alt.Y("channel:N", title=None),
            yOffset=alt.YOffset("touch:N"),
            x=alt.X("returned:Q", title="purchases per dollar"),
            color=_colours("touch:N", {"first": ORANGE, "last": BLUE}),
            tooltip=["channel:N", "touch:N", alt.Tooltip("returned:Q", format=",.2f")],
        )
        .properties(height=alt.Step(14))
    )
    return alt.layer(bars, _line_at(1))


def _bars(name: str, value: str, title: str) -> Any:
    return (
        _base()
        .transform_filter(f"datum['{value}'] > 0")
        .transform_window(place="row_number()", sort=[alt.SortField(value, "descending")])
        .transform_filter(f"datum.place <= {MOST_BARS}")
        .mark_bar(color=BLUE)
        .encode(
            y=_names(name, value),
            x=alt.X(f"{value}:Q", title=title),
            tooltip=[f"{name}:N", alt.Tooltip(f"{value}:Q", format=",.0f")],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )


def _names(name: str, by: str) -> alt.Y:
    return alt.Y(f"{name}:N", title=None, sort=alt.EncodingSortField(by, "max", "descending"))


def _line_at(value: float) -> Any:
    """Return a line, such as the one where revenue is as much as the cost."""
    return _base().mark_rule(strokeDash=[4, 3], color=TEXT).encode(x=alt.datum(value))


def _colours(field: str, colours: dict[str, str]) -> alt.Color:
    return alt.Color(
        field, scale=alt.Scale(domain=list(colours), range=list(colours.values())), title=None
    )


def _day(field: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:T", title=title, timeUnit="utcyearmonthdate")


def _sum(field: str) -> alt.Tooltip:
    return alt.Tooltip(f"sum({field}):Q", title=field, format=",.0f")


def _has(column: str) -> Callable[[Any], bool]:
    return lambda row: bool(row[column])


CHARTS: dict[str, tuple[str, Callable[[Any], bool], Callable[[Table], Any]]] = {
    "weeks": ("Spend and revenue, week by week.", _has("revenue"), _weeks),
    "leaks": (
        "What each campaign loses at its worst step, against the median campaign.",
        lambda row: bool(row["is_rated"] and row["leak_lost_revenue"] > 0),
        _leaks,
    ),
    "channel_value": (
        "What customers have brought so far for each unit of cost. The dashed line is as much "
        "as they cost; channels without spend are left out.",
        _has("value_to_cost_ratio"),
        _channel_value,
    ),
    "value_tiers": (
        "How many customers are of high, medium and low value, and what they bring.",
        _has("revenue_amount"),
        _value_tiers,
    ),
    "credit": (
        "Conversions that each model credits to a channel: the longer the line, the more a "
        "decision hangs on the model.",
        _has("linear_conversions"),
        _credit,
    ),
    "backtests": (
        "What the forecast would have said, beside what came.",
        _has("expected_purchases"),
        _backtests,
    ),
    "next_actions": ("Value at risk over 12 months among the customers to contact, by action.", _has("value_at_risk_12m"), _next_actions),
    "shop_products": ("Revenue of the best selling products.", _has("total_revenue"), _shop_products),
    "finance_quarters": ("Net revenue by quarter.", _has("net_amount"), _finance_quarters),
    "player_channels": (
        "What advertising for players returns, by the touch that is credited. The dashed line is "
        "as much as was spent; channels without spend are left out.",
        _has("spend_usd"),
        _player_channels,
    ),
}
