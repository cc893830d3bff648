"""Budgets: is the month's spend where the budget says, and did the budget jump?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import LEVEL_DAYS
from marketing_analytics.alerts.facts import LookedAt
from marketing_analytics.alerts.words import budget_finding, pacing_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from marketing_analytics.alerts.facts import BudgetDay, Finding


def off_budget(
    budgets: Sequence[BudgetDay], day: date, settings: Mapping[str, float]
) -> tuple[list[Finding], LookedAt]:
    """Return the running campaigns that spend more or less than their budget this month."""
    by_campaign: dict[str, dict[date, BudgetDay]] = {}
    for one in budgets:
        if one.day <= day and one.budget > 0:
            by_campaign.setdefault(one.campaign, {})[one.day] = one
    findings: list[Finding] = []
    looked_at = too_little = 0
    for days in by_campaign.values():
        if day not in days:
            continue  # it does not run any more
        findings += _jump(days, day, settings["budget_jump"])
        month = [one for known, one in days.items() if known >= day.replace(day=1)]
        if len(month) < settings["least_days"]:
            too_little += 1
            continue
        looked_at += 1
        findings += _off(days, month, day, settings)
    return findings, LookedAt(looked_at=looked_at, too_little=too_little)


def _off(
    days: Mapping[date, BudgetDay],
    month: Sequence[BudgetDay],
    day: date,
    settings: Mapping[str, float],
) -> Iterator[Finding]:
    spent, budget = sum(one.spend for one in month), sum(one.budget for one in month)
    is_over = spent > settings["over"] * budget
    # Who never spends the budget is limited by something else; that is no news.
    is_under = spent < settings["under"] * budget and not _was_under(days, day, settings)
    if is_over or is_under:
        yield pacing_finding(month[-1], since=day.replace(day=1), spent=spent, budget=budget)


def _was_under(days: Mapping[date, BudgetDay], day: date, settings: Mapping[str, float]) -> bool:
    first = day.replace(day=1)
    before = [one for known, one in days.items() if first - timedelta(LEVEL_DAYS) <= known < first]
    if len(before) < settings["least_days"]:
        return False
    return sum(one.spend for one in before) < settings["under"] * sum(one.budget for one in before)


def _jump(days: Mapping[date, BudgetDay], day: date, limit: float) -> Iterator[Finding]:
    """Yield a budget that is many times, or a fraction, of the day before: a slip of the pen?"""
    before = days.get(day - timedelta(1))
    if before is None or limit <= 0:
        return
    ratio = days[day].budget / before.budget
    if ratio >= limit or ratio <= 1 / limit:
        yield budget_finding(days[day], before=before.budget)
