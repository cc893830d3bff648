"""Findings in words: what, how much, against which normal, since when, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.alerts.facts import TOTAL, Finding

if TYPE_CHECKING:
    from datetime import date

    from marketing_analytics.alerts.facts import (
        BudgetDay,
        FailedTest,
        Series,
        Source,
        Unreconciled,
    )
    from marketing_analytics.alerts.judged import Judged

SMALL = 100  # below, an amount shows its cents
LOOK_AT = {
    ("marketing", "spend"): "marketing.campaign_funnel_daily; budget and bids of the campaign",
    ("shop", "revenue"): "marketing.orders",
    ("shop", "orders"): "marketing.orders",
    ("shop", "refunds"): "staging.stg_refunds",
    ("shop", "refund_amount"): "staging.stg_refunds",
    ("shop", "customers"): "marketing.customer_segment_migrations",
    ("finance", "customers"): "mart_marketing.customer_revenue_segment_history",
    ("gaming", "players"): "customer.player_tier_migrations",
    ("gaming", "spend"): "customer.campaign_return_on_ad_spend",
    ("gaming", "signups"): "customer.dim_customer",
    ("gaming", "deposits"): "staging.stg_deposits",
    ("gaming", "deposit_amount"): "staging.stg_deposits",
    ("gaming", "visits"): "staging.stg_web_events",
}
ELSEWHERE = {
    "marketing": "marketing.campaign_funnel_daily",
    "gaming": "staging.stg_ticket_purchases",
}


def amount(value: float, kind: str = "amount") -> str:
    """Return a value as people write it: a share in per cent, cents only where they matter."""
    if kind == "rate":
        return f"{value * 100:.3g} %"
    if kind == "amount" and abs(value) < SMALL:
        return f"{value:,.2f}"
    if kind != "amount" and value != round(value) and abs(value) < SMALL:
        return f"{value:,.1f}"
    return f"{value:,.0f}"


def percent(change: float) -> str:
    """Return a relative change, signed."""
    return f"{change * 100:+,.0f} %"


def _who(label: str, domain: str) -> str:
    return f"all of {domain}" if label == TOTAL else label


def _metric(name: str) -> str:
    return name.replace("_", " ")


def _look_at(domain: str, metric: str) -> str:
    return LOOK_AT.get((domain, metric), ELSEWHERE.get(domain, domain))


def anomaly_finding(judged: Judged, p_value: float) -> Finding:
    """Return the finding of a day that is off."""
    one = judged.series
    shown = amount(judged.value, one.kind)
    change = f" ({percent(judged.value / judged.normal - 1)})" if judged.normal else ""
    ordinary = f"{amount(judged.low, one.kind)} to {amount(judged.high, one.kind)}"
    return Finding(
        rule="anomaly",
        domain=one.domain,
        series=one.name,
        label=one.label,
        metric=one.metric,
        day=judged.day,
        since=judged.since,
        value=judged.value,
        normal=judged.normal,
        low=judged.low,
        high=judged.high,
        p_value=p_value,
        what=f"{_metric(one.metric)} of {_who(one.label, one.domain)} is {shown}{change}, "
        f"normally {ordinary}",
        look_at=_look_at(one.domain, one.metric),
    )


def decline_finding(
    one: Series, *, day: date, since: date, value: float, normal: float, p_value: float
) -> Finding:
    """Return the finding of four weeks below the four before."""
    each = "" if one.kind == "rate" else " a day"
    return Finding(
        rule="decline",
        domain=one.domain,
        series=one.name,
        label=one.label,
        metric=one.metric,
        day=day,
        since=since,
        value=value,
        normal=normal,
        p_value=p_value,
        what=f"{_metric(one.metric)} of {_who(one.label, one.domain)} fell to "
        f"{amount(value, one.kind)}{each} in 28 days, from {amount(normal, one.kind)}{each} in the "
        f"28 before ({percent(value / normal - 1)})",
        look_at=_look_at(one.domain, one.metric),
    )


def tracking_finding(
    one: Series, *, day: date, since: date, value: float, normal: float
) -> Finding:
    """Return the finding of money that seems to bring nothing."""
    return Finding(
        rule="tracking_lost",
        domain=one.domain,
        series=one.name,
        label=one.label,
        metric=one.metric,
        day=day,
        since=since,
        value=value,
        normal=normal,
        what=f"{amount(value, one.kind)} {_metric(one.metric)} of {_who(one.label, one.domain)}, "
        f"normally about {amount(round(normal), one.kind)}, while it goes on spending",
        look_at="the tag, the consent banner, the landing page and its UTM parameters",
    )


def freshness_finding(
    source: Source, *, first: date, last: date, expected: float, is_late: bool
) -> Finding:
    """Return the finding of a raw table that lacks days."""
    stretch = f"on {first}" if first == last else f"from {first} to {last}"
    late = ", its newest days" if is_late else ""
    return Finding(
        rule="freshness",
        domain=source.domain,
        series=source.name,
        label=source.name,
        metric="rows",
        day=last,
        since=first,
        value=0,
        normal=expected,
        what=f"{source.name} of {source.domain} has no row {stretch}{late}; "
        f"about {amount(round(expected), 'count')} were to be expected",
        look_at="the export and the load of that table",
    )


def pacing_finding(one: BudgetDay, *, since: date, spent: float, budget: float) -> Finding:
    """Return the finding of a month that is not on its budget."""
    return Finding(
        rule="pacing",
        domain="marketing",
        series=one.campaign,
        label=one.label,
        metric="spend",
        day=one.day,
        since=since,
        value=spent,
        normal=budget,
        what=f"{one.label} has spent {amount(spent)} this month, {spent / budget * 100:.0f} % of "
        f"the {amount(budget)} that its daily budgets add up to",
        look_at="daily_budget in staging.stg_campaigns_daily; budget and bids of the campaign",
    )


def budget_finding(one: BudgetDay, *, before: float) -> Finding:
    """Return the finding of a budget that jumped."""
    return Finding(
        rule="pacing",
        domain="marketing",
        series=one.campaign,
        label=one.label,
        metric="daily_budget",
        day=one.day,
        since=one.day,
        value=one.budget,
        normal=before,
        what=f"the daily budget of {one.label} is {amount(one.budget)}, the day before it was "
        f"{amount(before)}",
        look_at="who changed the budget, and whether it was meant",
    )


def reconciliation_finding(row: Unreconciled) -> Finding:
    """Return the finding of a total that is not explained."""
    return Finding(
        rule="reconciliation",
        domain=row.domain,
        series=row.stage,
        label=row.stage,
        metric="unexplained_total",
        day=None,
        since=None,
        value=row.unexplained,
        normal=0.0,
        what=f"{amount(row.unexplained)} of {amount(row.source_total)} of {row.stage} are not "
        f"explained between raw and marts",
        look_at=row.table,
    )


def failed_test_finding(failed: FailedTest) -> Finding:
    """Return the finding of a test that did not pass."""
    rows = "" if failed.failures is None else f", {failed.failures:,} failing"
    why = f" ({failed.message})" if failed.message and failed.failures is None else ""
    return Finding(
        rule="failing_test",
        domain="build",
        series=failed.name,
        label=failed.name,
        metric=failed.status,
        day=None,
        since=None,
        value=None if failed.failures is None else float(failed.failures),
        normal=0.0,
        what=f"{failed.name}: {failed.status}{rows}{why}",
        look_at=f"dbt build --select {failed.name}",
    )
