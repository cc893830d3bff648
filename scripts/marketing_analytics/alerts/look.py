"""Looks at all that was read with all rules, and keeps what a reader should hear of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.anomalies import anomalies
from marketing_analytics.alerts.checks import failed_tests, unreconciled
from marketing_analytics.alerts.declines import declines
from marketing_analytics.alerts.facts import TOTAL, Alerts, LookedAt, Silenced
from marketing_analytics.alerts.freshness import late_or_missing
from marketing_analytics.alerts.pacing import off_budget
from marketing_analytics.alerts.prepare import whole_series
from marketing_analytics.alerts.tracking import lost_tracking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import Finding, World
    from marketing_analytics.alerts.rules import Rules

    Found = tuple[list[Finding], LookedAt]

MOST_OF_IT = 0.8  # of a total's difference, that its parts explain
# What goes with sessions, or with conversions, that are not tracked any more.
FOLLOWS = {
    "sessions": (
        *("sessions", "conversions", "revenue"),
        *("click_to_session_rate", "session_to_conversion_rate"),
    ),
    "conversions": ("conversions", "revenue", "session_to_conversion_rate"),
}


def look(
    world: World,
    rules: Rules,
    *,
    target: str,
    as_of: date | None = None,
    today: date | None = None,
) -> Alerts:
    """Return what is to be said of a target, by its own days or, with `today`, by the clock's."""
    days = judged_days(world, rules, as_of=as_of, today=today)
    newest = max(days.values(), default=None)
    series = whole_series(world, days, rules["freshness"])
    looks: dict[str, Callable[[], Found]] = {
        "failing_test": lambda: failed_tests(world, rules["failing_test"]),
        "reconciliation": lambda: unreconciled(world, rules["reconciliation"]),
        "freshness": lambda: late_or_missing(
            world.sources, _due(days, rules, today), rules["freshness"]
        ),
        "tracking_lost": lambda: lost_tracking(series, days, rules["tracking_lost"]),
        "anomaly": lambda: anomalies(series, days, rules["anomaly"]),
        "decline": lambda: declines(series, days, rules["decline"]),
        "pacing": lambda: (
            off_budget(world.budgets, days["marketing"], rules["pacing"])
            if "marketing" in days
            else ([], LookedAt(looked_at=0))
        ),
    }
    found = {rule: looks[rule]() for rule in looks if rules.is_on(rule)}
    findings = _without_followers([finding for some, _ in found.values() for finding in some])
    order = list(looks)
    findings.sort(key=lambda one: (order.index(one.rule), *_place(one)))
    loud, silenced, notes = _silenced(findings, rules, today or newest)
    return Alerts(
        target=target,
        day=newest,
        findings=tuple(loud),
        silenced=tuple(silenced),
        looked_at={rule: looked for rule, (_, looked) in found.items()},
        notes=(*world.notes, *notes),
    )


def judged_days(
    world: World, rules: Rules, *, as_of: date | None, today: date | None
) -> dict[str, date]:
    """Return the day of each domain that is judged: the newest that is over."""
    days = {}
    for domain, newest in world.as_of.items():
        day = min(newest, as_of) if as_of is not None else newest
        if today is not None:
            day = min(day, today - timedelta(1))
        elif rules.is_newest_day_partial and day == newest:
            day -= timedelta(1)
        days[domain] = day
    return days


def _due(days: Mapping[str, date], rules: Rules, today: date | None) -> dict[str, date]:
    """Return the day up to which each domain should have rows."""
    if today is not None:
        return dict.fromkeys(days, today - timedelta(1))
    if rules["freshness"]["across_domains"]:
        return dict.fromkeys(days, max(days.values())) if days else {}
    return dict(days)


def _without_followers(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings without those that others explain."""
    lost = {(one.domain, one.series, one.metric) for one in findings if one.rule == "tracking_lost"}
    return [
        one for one in findings if not _is_explained(one, lost) and not _is_its_parts(one, findings)
    ]


def _is_its_parts(total: Finding, findings: Sequence[Finding]) -> bool:
    """Is the anomaly of a total no more than those of campaigns that are said anyway?"""
    if total.rule != "anomaly" or total.series != TOTAL:
        return False
    parts = [
        _difference(one)
        for one in findings
        if (one.rule, one.domain, one.metric) == (total.rule, total.domain, total.metric)
        and one.series != TOTAL
    ]
    return bool(parts) and sum(parts) / _difference(total) >= MOST_OF_IT


def _difference(one: Finding) -> float:
    return (one.value or 0.0) - (one.normal or 0.0)


def _is_explained(one: Finding, lost: set[tuple[str, str, str]]) -> bool:
    for domain, series, metric in lost:
        if one.domain != domain or series not in (TOTAL, one.series):
            continue
        if (one.series, one.metric) == (series, metric) and one.rule == "tracking_lost":
            continue  # that one itself
        if one.rule in ("tracking_lost", "anomaly", "decline") and one.metric in FOLLOWS[metric]:
            return True
    return False


def _place(one: Finding) -> tuple[object, ...]:
    """Return what sorts the findings of a rule: totals first, then the surest."""
    chance = 0.0 if one.p_value is None else one.p_value
    return (one.series != TOTAL, chance, one.domain, one.series, one.metric, str(one.since))


def _silenced(
    findings: Sequence[Finding], rules: Rules, day: date | None
) -> tuple[list[Finding], list[Silenced], list[str]]:
    """Divide the findings into those that are said and those that a silence lets pass."""
    notes = [
        f"the silence of {silence} has ended on {silence.until}"
        for silence in rules.silences
        if day is not None and silence.until < day
    ]
    active = [one for one in rules.silences if day is None or one.until >= day]
    loud, silenced = [], []
    for finding in findings:
        silence = next((one for one in active if one.fits(finding)), None)
        if silence is None:
            loud.append(finding)
        else:
            silenced.append(Silenced(finding=finding, reason=silence.reason, until=silence.until))
    return loud, silenced, notes
