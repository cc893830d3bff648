"""What the charts have in common: colours that read well on white and on black, axes, bars."""

from __future__ import annotations

from typing import Any

import altair as alt

BLUE, ORANGE, GREY, GREEN = "#3d7fc4", "#c9661c", "#868e97", "#2f8f5b"
ROWS = "rows"  # the name that the page gives its rows by
BAR_HEIGHT = 22
MOST_BARS = 15
TEXT = "currentColor"


def base() -> alt.Chart:
    """Return a chart of the rows that the page puts in."""
    return alt.Chart(alt.NamedData(name=ROWS))


def bars(name: str, value: str, title: str) -> Any:
    """Return bars of the rows with the highest values."""
    return (
        base()
        .transform_window(place="row_number()", sort=[alt.SortField(value, "descending")])
        .transform_filter(f"datum.place <= {MOST_BARS}")
        .mark_bar(color=BLUE)
        .encode(
            y=names(name, value),
            x=alt.X(f"{value}:Q", title=title),
            tooltip=[f"{name}:N", alt.Tooltip(f"{value}:Q", format=",.0f")],
        )
        .properties(height=alt.Step(BAR_HEIGHT))
    )


def names(name: str, by: str) -> alt.Y:
    """Return names from the highest value down."""
    return alt.Y(f"{name}:N", title=None, sort=alt.EncodingSortField(by, "max", "descending"))


def line_at(value: float) -> Any:
    """Return a line, such as the one where revenue is as much as the cost."""
    return base().mark_rule(strokeDash=[4, 3], color=TEXT).encode(x=alt.datum(value))


def colours(field: str, colours: dict[str, str]) -> alt.Color:
    """Return a colour per value of a field, told in a legend."""
    return alt.Color(
        field, scale=alt.Scale(domain=list(colours), range=list(colours.values())), title=None
    )


def day(field: str, title: str) -> alt.Tooltip:
    """Return a day for the tooltip."""
    return alt.Tooltip(f"{field}:T", title=title, timeUnit="utcyearmonthdate")


def summed(field: str) -> alt.Tooltip:
    """Return a sum for the tooltip."""
    return alt.Tooltip(f"sum({field}):Q", title=field, format=",.0f")
