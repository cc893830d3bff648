"""Charts of campaigns, channels and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from marketing_analytics.report.findings.credit import NO_TOUCH, models_run
from marketing_analytics.report.page.marks import (
    BAR_HEIGHT,
    BLUE,
    GREEN,
    GREY,
    MOST_BARS,
    ORANGE,
    base,
    colours,
    day,
    line_at,
    names,
    summed,
)

if TYPE_CHECKING:
    from marketing_analytics.report.facts import Table

KINDS = {"first touch": ORANGE, "last touch": BLUE, "other rules": GREY, "Shapley, Markov": GREEN}


def weeks(table: Table) -> Any:
    """Return lines of spend and revenue."""
    return (
        base()
        .transform_fold(["spend", "revenue"], as_=["what", "amount"])
        .transform_calculate(day="toDate(datum.week_end)")
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("day:T", title="week up to", scale=alt.Scale(type="utc")),
            y=alt.Y("sum(amount):Q", title="amount"),
            color=colours("what:N", {"revenue": BLUE, "spend": ORANGE}),
            strokeDash=alt.StrokeDash(
                "what:N",
                scale=alt.Scale(domain=["revenue", "spend"], range=[[1, 0], [5, 3]]),
                title=None,
            ),
            tooltip=["what:N", day("day", "week up to"), summed("amount")],
        )
        .properties(height=220)
    )


def leaks(table: Table) -> Any:
    """Return bars of the money lost; what chance may explain is grey."""
    return (
        base()
        .transform_calculate(sure="datum.is_leak_significant ? 'beyond chance' : 'within chance'")
        .transform_window(
            place="row_number()", sort=[alt.SortField("leak_lost_revenue", "descending")]
        )
        .transform_filter(f"datum.place <= {MOST_BARS}")
        .mark_bar()
        .encode(
            y=names("label", "leak_lost_revenue"),
            x=alt.X("leak_lost_revenue:Q", title="money lost"),
            color=colours("sure:N", {"beyond chance": ORANGE, "within chance": GREY}),
            tooltip=[
                alt.Tooltip("label:N", title="campaign"),
                alt.Tooltip("leak_step:N", title="worst step"),
                alt.Tooltip("leak_lost_conversions:Q", title="conversions lost", format=",.1f"),
                alt.Tooltip("leak_lost_revenue:Q", title="money lost", format=",.0f"),
            ],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )


def channel_value(table: Table) -> Any:
    """Return bars of value to cost; what rests on few customers is grey."""
    bars = (
        base()
        .transform_calculate(
            size="datum.customer_count < 30 ? 'fewer than 30' : 'from 30 customers'"
        )
        .mark_bar()
        .encode(
            y=names("acquisition_channel", "value_to_cost_ratio"),
            x=alt.X("value_to_cost_ratio:Q", title="margin per unit of cost"),
            color=colours("size:N", {"from 30 customers": BLUE, "fewer than 30": GREY}),
            tooltip=[
                "acquisition_channel:N",
                alt.Tooltip("value_to_cost_ratio:Q", format=",.2f"),
                "customer_count:Q",
            ],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )
    return alt.layer(bars, line_at(1))


def value_tiers(table: Table) -> Any:
    """Return what share of customers and revenue each tier has."""
    return (
        base()
        .transform_calculate(customers="datum.customer_count", revenue="datum.revenue_amount")
        .transform_fold(["customers", "revenue"], as_=["what", "amount"])
        .mark_bar()
        .encode(
            y=alt.Y("what:N", title=None),
            x=alt.X("sum(amount):Q", stack="normalize", title="share", axis=alt.Axis(format="%")),
            color=colours("ltv_segment:N", {"high": BLUE, "medium": GREEN, "low": GREY}),
            order=alt.Order("tier:Q"),
            tooltip=["what:N", "ltv_segment:N", summed("amount")],
        )
        .transform_calculate(tier="{high: 1, medium: 2, low: 3}[datum.ltv_segment]")
        .properties(height=alt.Step(34))
    )


def credit(table: Table) -> Any:
    """Return what each model credits, on a line from the least to the most."""
    models = models_run(table.rows)
    columns: list[str | alt.FieldName] = [f"{model}_conversions" for model, _ in models]
    kinds = {
        "first_touch_conversions": "first touch",
        "last_touch_conversions": "last touch",
        "shapley_conversions": "Shapley, Markov",
        **{f"markov_{order}_conversions": "Shapley, Markov" for order in (1, 2, 3)},
    }
    told = ", ".join(f"{column}: '{kind}'" for column, kind in kinds.items())
    known = base().transform_filter(f"datum.channel != '{NO_TOUCH}'")
    drawn = known.transform_fold(columns, as_=["model", "credited"])
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
            color=colours("kind:N", KINDS),
            # The same domain as the colours have, so that both make one legend.
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(KINDS)), title=None),
            tooltip=["channel:N", "model:N", alt.Tooltip("credited:Q", format=",.1f")],
        )
    )
    return alt.layer(line, points).properties(height=alt.Step(26))
