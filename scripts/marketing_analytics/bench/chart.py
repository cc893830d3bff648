"""The ratios as a chart; needs the extra `report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import vl_convert

if TYPE_CHECKING:
    from marketing_analytics.bench.facts import Bench

GOAL = 1.2


def svg(bench: Bench) -> str:
    """Return the ratio of every mart at every size, as SVG."""
    rows = [
        {"mart": one.mart, "domain": one.domain, "rows": f"{size.asked:,}", "ratio": one.cpu_ratio}
        for size in bench.sizes
        for one in size.marts
        if one.pairs
    ]
    base = alt.Chart(alt.InlineData(values=rows))
    dots = base.mark_point(filled=True, size=70, opacity=0.9).encode(
        x=alt.X("ratio:Q", title="CPU time, times that of the query by hand").scale(zero=True),
        y=alt.Y("mart:N", title=None, sort=alt.EncodingSortField("ratio", op="max")),
        color=alt.Color("rows:N", title="rows").scale(range=["#9aa5b1", "#2f6f9f", "#b5482a"]),
        shape=alt.Shape("rows:N", title="rows"),
    )
    lines = [
        alt.Chart(alt.InlineData(values=[{"at": at}])).mark_rule(strokeDash=dash).encode(x="at:Q")
        for at, dash in ((1, [1, 0]), (GOAL, [4, 3]))
    ]
    chart = alt.layer(*lines, dots).properties(width=520, height=alt.Step(16))
    drawn: str = vl_convert.vegalite_to_svg(chart.to_json())
    return drawn
