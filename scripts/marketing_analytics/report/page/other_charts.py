"""Charts of forecasts, the shop, finance and gaming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from marketing_analytics.report.page.marks import (
    BLUE,
    GREY,
    ORANGE,
    bars,
    base,
    colours,
    line_at,
)

if TYPE_CHECKING:
    from marketing_analytics.report.facts import Table


def backtests(table: Table) -> Any:
    """Return what was forecast beside what came."""
    return (
        base()
        .transform_calculate(
            forecast="datum.expected_purchases", came="datum.actual_purchase_count"
        )
        .transform_fold(["forecast", "came"], as_=["what", "purchases"])
        .mark_bar()
        .encode(
            y=alt.Y("domain:N", title=None),
            yOffset=alt.YOffset("what:N"),
            x=alt.X("purchases:Q", title="purchases"),
            color=colours("what:N", {"forecast": ORANGE, "came": BLUE}),
            tooltip=["domain:N", "what:N", alt.Tooltip("purchases:Q", format=",.0f")],
        )
        .properties(height=alt.Step(18))
    )


def next_actions(table: Table) -> Any:
    """Return bars of the value at risk."""
    return bars("next_action", "value_at_risk_12m", "value at risk")


def shop_products(table: Table) -> Any:
    """Return bars of revenue."""
    return bars("product_name", "total_revenue", "revenue")


def finance_quarters(table: Table) -> Any:
    """Return columns of net revenue; a quarter that is not over is grey."""
    return (
        base()
        .transform_calculate(over="datum.is_complete ? 'complete' : 'not over yet'")
        .mark_bar()
        .encode(
            x=alt.X("quarter_start_date:O", title="quarter from", axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("net_amount:Q", title="net revenue"),
            color=colours("over:N", {"complete": BLUE, "not over yet": GREY}),
            tooltip=["quarter_start_date:N", alt.Tooltip("net_amount:Q", format=",.0f"), "over:N"],
        )
        .properties(height=220)
    )


def player_channels(table: Table) -> Any:
    """Return what is credited by first and by last touch."""
    bars = (
        base()
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
            color=colours("touch:N", {"first": ORANGE, "last": BLUE}),
            tooltip=["channel:N", "touch:N", alt.Tooltip("returned:Q", format=",.2f")],
        )
        .properties(height=alt.Step(14))
    )
    return alt.layer(bars, line_at(1))
