"""The ratios as a chart; needs the extra `report`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

if TYPE_CHECKING:
    from marketing_analytics.bench.facts import Bench

GOAL = 1.2
COLORS = ["#9aa5b1", "#2f6f9f", "#b5482a"]
PADDING = 30  # pixels: a browser's letters may be wider than those that it is laid out with


def svg(bench: Bench) -> str:
    """Return the ratio of every mart at every size, alone and in a build of all, as SVG."""
    rows: list[dict[str, Any]] = [
        {
            "mart": one.mart,
            "rows": f"{size.asked:,}",
            "alone": one.cpu_ratio,
            "build": size.build_ratio(one),
        }
        for size in bench.sizes
        for one in size.marts
        if one.pairs
    ]
    order = list(dict.fromkeys(row["mart"] for row in sorted(rows, key=lambda row: row["alone"])))
    panels = alt.hconcat(
        _panel(rows, "alone", "alone", alt.Y("mart:N", title=None, sort=order)),
        _panel(rows, "build", "in a build", alt.Y("mart:N", title=None, sort=order, axis=None)),
    )
    drawn: str = vl_convert.vegalite_to_svg(panels.properties(padding=PADDING).to_json())
    return drawn


def _panel(
    rows: list[dict[str, Any]], field: str, title: str, by_mart: alt.Y
) -> alt.LayerChart | alt.FacetChart:
    """Return the dots of one ratio, with lines at that of the query by hand and at the goal."""
    dots = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            x=alt.X(f"{field}:Q", title="CPU time, times that of the query by hand"),
            y=by_mart,
            color=alt.Color("rows:N", title="rows").scale(range=COLORS),
            shape=alt.Shape("rows:N", title="rows"),
        )
    )
    lines = [
        alt.Chart(alt.InlineData(values=[{"at": at}])).mark_rule(strokeDash=dash).encode(x="at:Q")
        for at, dash in ((1, [1, 0]), (GOAL, [4, 3]))
    ]
    return alt.layer(*lines, dots).properties(width=330, height=alt.Step(16), title=title)
