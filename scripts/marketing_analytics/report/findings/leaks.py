"""Where the money leaks: the campaigns that lose most, and what to do with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.words import amount, count, listed, out_of, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 5  # leaks told in words; the table has all
NEED_NOT_BE_TOLD = 1  # conversions lost below which a leak is not told
ORDINALS = ("", "second-", "third-")
STEPS = {
    "click_to_session": ("total_clicks", "total_sessions", "clicks", "before the visit begins"),
    "session_to_conversion": (
        "total_sessions",
        "total_conversions",
        "sessions",
        "before the purchase",
    ),
}


def findings(leaks: Table, currency: str) -> tuple[Finding, ...]:
    """Return the total, the worst leaks beyond chance, what to stop, and what cannot be judged."""
    rows = leaks.rows
    significant = [row for row in rows if _is_told(row)]
    told = [_leak(row, rows, currency) for row in significant[:MOST]]
    return (
        *_total(significant, currency),
        *told,
        *_to_stop(rows, currency),
        *_unknown(rows),
    )


def _is_told(row: Row) -> bool:
    return bool(
        row["is_rated"]
        and row["is_leak_significant"]
        and row["leak_step"] != "none"
        and row["leak_lost_conversions"] >= NEED_NOT_BE_TOLD
    )


def _total(significant: Sequence[Row], currency: str) -> tuple[Finding, ...]:
    if not significant:
        text = "No campaign falls behind the median campaign by more than chance explains."
        return (Finding(text=text, query="campaign_leaks"),)
    lost = sum(row["leak_lost_conversions"] for row in significant)
    worth = sum(row["leak_lost_revenue"] for row in significant)
    text = (
        f"{count(len(significant), 'campaigns')} fall{'s' if len(significant) == 1 else ''} behind "
        f"the median campaign by more than chance explains. At the median rate of the worst step "
        f"of each, they would have made about {_more(lost)} "
        f"(≈ {amount(worth, currency)}). Each is estimated on its own."
    )
    return (Finding(text=text, query="campaign_leaks", tone="bad"),)


def _leak(row: Row, rows: Sequence[Row], currency: str) -> Finding:
    begin = _unclicked(row) if row["leak_step"] == "impression_to_click" else _lost(row, rows)
    text = (
        f"{begin} At the median rate it would have made about "
        f"{_more(row['leak_lost_conversions'])} (≈ {amount(row['leak_lost_revenue'], currency)})."
    )
    return _finding(row, text, "bad")


def _unclicked(row: Row) -> str:
    """Return it as what does happen: that most impressions are not clicked on is no news."""
    return (
        f"{row['campaign_name']} is clicked on in {percent(row['leak_step_rate'])} of "
        f"{count(row['total_impressions'], 'impressions')}, the median campaign in "
        f"{percent(row['leak_median_rate'])}."
    )


def _lost(row: Row, rows: Sequence[Row]) -> str:
    entered, went_on, what, where = STEPS[row["leak_step"]]
    praise = _rank_of_click_through(row, rows)
    of = f"{percent(row['click_through_rate'])} of {count(row['total_impressions'], 'impressions')}"
    begin = (
        f"{row['campaign_name']} has the {praise} click-through ({of}) but loses"
        if praise
        else f"{row['campaign_name']} loses"
    )
    lost = out_of(row[entered] - row[went_on], row[entered])
    return (
        f"{begin} {lost} {what} {where}: {percent(row['leak_step_rate'])} go on, of the median "
        f"campaign {percent(row['leak_median_rate'])}."
    )


def _more(conversions: float) -> str:
    rounded = round(conversions)
    return f"{count(rounded)} more conversion{'' if rounded == 1 else 's'}"


def _rank_of_click_through(row: Row, rows: Sequence[Row]) -> str:
    """Return "third-best", where a click-through above the rest's is worth telling."""
    if row["click_through_comparison"] != "higher":
        return ""
    rated = [other["click_through_rate"] for other in rows if other["is_rated"]]
    rank = sum(rate > row["click_through_rate"] for rate in rated)
    return f"{ORDINALS[rank]}best" if rank < len(ORDINALS) else ""


def _to_stop(rows: Sequence[Row], currency: str) -> tuple[Finding, ...]:
    return tuple(
        _finding(
            row,
            f"Stop {row['campaign_name']}: {amount(row['revenue_amount'], currency)} of revenue "
            f"for {amount(row['spend_amount'], currency)} spent, from "
            f"{count(row['total_conversions'], 'conversions')}. "
            f"{row['recommended_action_reason'].removesuffix('.')}.",
            "bad",
        )
        for row in rows
        if row["recommended_action"] == "stop"
    )


def _unknown(rows: Sequence[Row]) -> tuple[Finding, ...]:
    names = [row["campaign_name"] for row in rows if not row["is_rated"]]
    if not names:
        return ()
    verb = "has" if len(names) == 1 else "have"
    text = f"{listed(names)} {verb} too little data to be judged."
    return (Finding(text=text, query="campaign_leaks", tone="low volume"),)


def _finding(row: Row, text: str, tone: str) -> Finding:
    return Finding(
        text=text,
        query="campaign_leaks",
        tone="bad" if tone == "bad" else "plain",
        channel=row["channel"],
        campaign=row["campaign_id"],
    )
