"""Freshness, lost tracking, declines, budgets, reconciliation, tests: rule by rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from alerts.made import DAY, days, each, last, looked, said, series, steady, world
from marketing_analytics.alerts.facts import (
    BudgetDay,
    FailedTest,
    LookedAt,
    Source,
    Unreconciled,
)


def rows(count: int = 70, each_day: int = 8, without: tuple[int, ...] = ()) -> dict[date, int]:
    """Return rows by day, but for some days so long ago."""
    return {day: each_day for day in days(count) if (DAY - day).days not in without}


def source(by_day: dict[date, int], domain: str = "marketing", name: str = "sessions") -> Source:
    return Source(domain=domain, name=name, rows=by_day)


# Freshness


def test_a_day_missing_in_the_middle_is_found() -> None:
    alerts = looked(world(sources=(source(rows(without=(5,))),)))
    assert said(alerts) == [("freshness", "sessions", "rows")]
    found = alerts.findings[0]
    assert (found.since, found.day, found.normal) == (DAY - timedelta(5), DAY - timedelta(5), 8)
    assert "has no row on 2024-06-25; about 8" in found.what
    assert looked(world(sources=(source(rows()),))).findings == ()


def test_a_table_that_is_late_is_found_with_all_its_days() -> None:
    late = source(rows(without=(0, 1, 2)))
    found = looked(world(sources=(late, source(rows(), name="conversions")))).findings
    assert [(one.series, one.since, one.day) for one in found] == [
        ("sessions", DAY - timedelta(2), DAY)
    ]
    assert "from 2024-06-28 to 2024-06-30, its newest days; about 24" in found[0].what


def test_a_table_with_quiet_days_may_have_another() -> None:
    every_third = {day: 1 for day in days(70) if (DAY - day).days % 3 == 1}
    assert looked(world(sources=(source(every_third),))).findings == ()


def test_a_shop_that_is_closed_on_sundays_misses_none() -> None:
    open_days = {day: 8 for day in days(70) if day.weekday() != 6}
    assert looked(world(sources=(source(open_days),))).findings == ()
    without_monday = {day: 8 for day in open_days if day != DAY - timedelta(6)}
    assert said(looked(world(sources=(source(without_monday),))))


def test_a_domain_is_late_against_the_others_unless_told_not_to_compare() -> None:
    behind = rows(without=(0, 1, 2))
    one = world(
        as_of={"marketing": DAY, "shop": DAY - timedelta(3)},
        sources=(source(rows()), source(behind, "shop", "orders")),
    )
    assert said(looked(one)) == [("freshness", "orders", "rows")]


def test_the_clock_counts_only_when_asked() -> None:
    one = world(sources=(source(rows()),))
    assert looked(one).findings == ()
    assert looked(one, today=DAY + timedelta(1)).findings == ()
    late = looked(one, today=DAY + timedelta(4)).findings
    assert [(found.since, found.day) for found in late] == [
        (DAY + timedelta(1), DAY + timedelta(3))
    ]


def test_a_missing_day_is_no_anomaly_of_what_is_counted_from_it() -> None:
    # Zero where the table has no row: neither a fall on the day, nor part of what is normal.
    sessions = each(steady(100), lambda back, value: 0.0 if back == 0 else value)
    one = series("sessions", "count", sessions, source="sessions")
    missing = world(one, sources=(source(rows(without=(0,))),))
    assert said(looked(missing)) == [("freshness", "sessions", "rows")]
    there = world(one, sources=(source(rows()),))
    assert said(looked(there)) == [("anomaly", "c1", "sessions")]


# Tracking


def test_sessions_that_vanish_while_money_goes_on_are_lost_tracking_alone() -> None:
    spend = series("spend", "amount", steady(200, 5))
    gone = {
        metric: series(metric, "count", last(steady(level, level / 20), [0, 0]))
        for metric, level in (("sessions", 100), ("conversions", 20))
    }
    alerts = looked(world(spend, *gone.values()))
    assert said(alerts) == [("tracking_lost", "c1", "sessions")]
    found = alerts.findings[0]
    assert (found.value, found.since) == (0, DAY - timedelta(1))
    assert found.what == "0 sessions of Brand, normally about 200, while it goes on spending"


@pytest.mark.parametrize(
    ("length", "rule"), [(1, "tracking_lost"), (20, "tracking_lost"), (40, "decline"), (64, None)]
)
def test_what_is_lost_for_weeks_becomes_a_decline_and_then_ordinary(
    length: int, rule: str | None
) -> None:
    spend = series("spend", "amount", steady(200, 5))
    sessions = series("sessions", "count", last(steady(100, 3), [0.0] * length))
    found = looked(world(spend, sessions)).findings
    assert [one.rule for one in found] == ([rule] if rule else [])
    if rule == "tracking_lost":
        assert found[0].since == DAY - timedelta(length - 1)


def test_conversions_alone_may_be_lost() -> None:
    alerts = looked(
        world(
            series("spend", "amount", steady(200, 5)),
            series("sessions", "count", steady(100, 3)),
            series("conversions", "count", last(steady(20), [0])),
        )
    )
    assert said(alerts) == [("tracking_lost", "c1", "conversions")]


def test_without_spending_nothing_is_lost() -> None:
    stopped = series("spend", "amount", last(steady(200, 5), [0, 0]))
    sessions = series("sessions", "count", last(steady(100, 3), [0, 0]))
    assert not [one for one in looked(world(stopped, sessions)).findings if "track" in one.rule]


def test_a_rare_event_that_stays_away_is_no_loss() -> None:
    rare = each(steady(0), lambda back, _: float(back % 3 == 1))  # one in three days
    alerts = looked(
        world(series("spend", "amount", steady(200, 5)), series("conversions", "count", rare))
    )
    assert alerts.findings == ()


# Declines


def test_a_slow_decline_is_found_that_no_single_day_shows() -> None:
    slow = each(steady(400, 8), lambda back, value: value * 0.985 ** max(0, 42 - back))
    alerts = looked(world(series("orders", "count", slow)))
    assert said(alerts) == [("decline", "c1", "orders")]
    # Mean factor of the last 28 days over that of the 28 before, 0.985 to the power of 15 to 42,
    # against 14 days of 1 and 1 to 14: 0.6540 / 0.9477 = 0.690.
    assert alerts.findings[0].change == pytest.approx(0.690 - 1, abs=0.01)
    assert looked(world(series("orders", "count", steady(400, 8)))).findings == ()


def test_a_smaller_budget_explains_a_decline() -> None:
    cut = each(steady(400, 8), lambda back, value: value * (0.6 if back < 28 else 1))
    sessions = series("sessions", "count", cut)
    spend = series("spend", "amount", {day: value / 2 for day, value in cut.items()})
    assert "decline" not in {rule for rule, *_ in said(looked(world(sessions, spend)))}
    same_money = series("spend", "amount", steady(200, 5))
    assert ("decline", "c1", "sessions") in said(looked(world(sessions, same_money)))


def test_a_rate_declines_too() -> None:
    tried = {day: 400.0 for day in steady(0)}
    fell = each(steady(20, 1), lambda back, value: value - 7 if back < 28 else value)
    alerts = looked(world(series("session_to_conversion_rate", "rate", fell, bases=tried)))
    assert ("decline", "c1", "session_to_conversion_rate") in said(alerts)


def test_a_decline_needs_both_halves() -> None:
    short = {day: value for day, value in steady(400).items() if (DAY - day).days < 40}
    alerts = looked(world(series("orders", "count", short)))
    assert alerts.looked_at["decline"] == LookedAt(looked_at=0, too_little=1)


# Budgets


def month(share: float, before: float = 1.0, budget: float = 100) -> tuple[BudgetDay, ...]:
    """Return 60 days that spend a share of the budget, this month and in the days before it."""
    return tuple(
        BudgetDay(
            campaign="c1",
            label="Brand",
            day=day,
            budget=budget,
            spend=budget * (share if day.month == DAY.month else before),
        )
        for day in days(60)
    )


@pytest.mark.parametrize(
    ("share", "before", "found"),
    [(1.1, 1.0, False), (1.11, 1.0, True), (0.7, 1.0, False), (0.69, 1.0, True), (0.5, 0.5, False)],
)
def test_a_month_off_its_budget(share: float, before: float, found: bool) -> None:
    assert bool(looked(world(budgets=month(share, before))).findings) is found


def test_overspending_is_said_with_both_amounts() -> None:
    alerts = looked(world(budgets=month(1.25)))
    assert alerts.findings[0].what == (
        "Brand has spent 3,750 this month, 125 % of the 3,000 that its daily budgets add up to"
    )


def test_a_month_of_six_days_is_too_young() -> None:
    early = date(2024, 6, 6)
    alerts = looked(world(budgets=month(2)), as_of=early)
    assert alerts.looked_at["pacing"] == LookedAt(looked_at=0, too_little=1)


def test_a_budget_that_jumps_is_found() -> None:
    *before, today = month(1)
    jumped = BudgetDay(campaign="c1", label="Brand", day=DAY, budget=1000, spend=100)
    found = [one for one in looked(world(budgets=(*before, jumped))).findings]
    assert [one.what for one in found if one.metric == "daily_budget"] == [
        "the daily budget of Brand is 1,000, the day before it was 100"
    ]
    assert looked(world(budgets=(*before, today))).findings == ()


# The build


def test_a_total_that_is_not_explained_is_found() -> None:
    row = Unreconciled(
        domain="shop",
        table="marketing.shop_reconciliation",
        stage="payments",
        source_total=9000,
        unexplained=12.5,
    )
    alerts = looked(world(unreconciled=(row,), reconciled_count=10))
    assert [one.what for one in alerts.findings] == [
        "12.50 of 9,000 of payments are not explained between raw and marts"
    ]
    assert alerts.looked_at["reconciliation"].looked_at == 10


def test_failed_tests_are_named_and_warnings_are_let_pass() -> None:
    failed = FailedTest(name="unique_orders", status="fail", failures=3)
    warned = FailedTest(name="shift", status="warn", failures=1)
    alerts = looked(world(failed_tests=(failed, warned)))
    assert [one.what for one in alerts.findings] == ["unique_orders: fail, 3 failing"]


def test_a_build_that_nobody_knows_is_counted() -> None:
    assert looked(world(failed_tests=None)).looked_at["failing_test"].too_little == 1
