"""A day that is not like the days before, series by series."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.made import DAY, DEFAULTS, days, each, last, looked, said, series, steady, world
from marketing_analytics.alerts.facts import LookedAt


def test_a_spend_that_doubles_is_found_and_said_in_words() -> None:
    alerts = looked(world(series("spend", "amount", last(steady(200, 5), [400]))))
    assert said(alerts) == [("anomaly", "c1", "spend")]
    found = alerts.findings[0]
    assert (found.value, found.since) == (400, DAY)
    assert found.normal == pytest.approx(200, rel=0.02)
    assert found.what.startswith("spend of Brand is 400 (+100 %), normally 1")
    assert found.look_at.startswith("marketing.campaign_funnel_daily")
    assert looked(world(series("spend", "amount", steady(200, 5)))).findings == ()


def test_a_fall_is_found_as_a_rise_is() -> None:
    assert said(looked(world(series("spend", "amount", last(steady(200, 5), [90])))))
    assert said(looked(world(series("spend", "amount", last(steady(200, 5), [0])))))


def test_since_is_the_first_of_the_days_in_a_row() -> None:
    alerts = looked(world(series("spend", "amount", last(steady(200, 5), [410, 395, 400]))))
    assert alerts.findings[0].since == DAY - timedelta(2)


def test_a_spend_that_follows_its_budget_is_none() -> None:
    spend = last(steady(200, 5), [400])
    budgets = {day: 210.0 for day in spend}
    raised = {**budgets, DAY: 420.0}
    assert looked(world(series("spend", "amount", spend, bases=raised))).findings == ()
    assert said(looked(world(series("spend", "amount", spend, bases=budgets))))


def test_a_small_change_is_none_however_sure() -> None:
    values = last(steady(10_000, 1), [12_000])  # 20 %, the limit is 25 %
    assert looked(world(series("spend", "amount", values))).findings == ()


def test_a_busy_weekday_is_ordinary_on_its_day_only() -> None:
    # 300 on Sundays, 100 else; the judged day is a Sunday.
    weekly = {day: 300.0 if day.weekday() == 6 else 100.0 for day in steady(0)}
    wobbly = {day: value + steady(0, 3)[day] for day, value in weekly.items()}
    assert looked(world(series("sessions", "count", wobbly))).findings == ()
    quiet = looked(world(series("sessions", "count", last(wobbly, [100]))))
    assert said(quiet) == [("anomaly", "c1", "sessions")]
    assert quiet.findings[0].normal == pytest.approx(300, rel=0.05)


def test_few_events_are_judged_by_poisson() -> None:
    # A mean of one a day: 5 has the chance 0.004, 12 has 1e-9.
    rare = each(steady(0), lambda back, _: float(back % 3))
    assert looked(world(series("conversions", "count", last(rare, [5])))).findings == ()
    assert said(looked(world(series("conversions", "count", last(rare, [12])))))


def test_a_mostly_empty_amount_and_a_short_past_are_silent_but_counted() -> None:
    sparse = each(steady(0), lambda back, _: 90.0 if back % 5 == 0 else 0.0)
    short = last(steady(100, 1, 20), [900])
    alerts = looked(
        world(series("revenue", "amount", last(sparse, [900])), series("spend", "amount", short))
    )
    assert alerts.findings == ()
    assert alerts.looked_at["anomaly"] == LookedAt(looked_at=0, too_little=2)


def test_a_campaign_that_does_not_run_is_not_judged() -> None:
    ended = {day: value for day, value in steady(100).items() if day != DAY}
    assert looked(world(series("spend", "amount", ended))).looked_at["anomaly"].looked_at == 0


def test_a_rate_is_judged_by_its_trials() -> None:
    def rate(successes: float, trials: float) -> list[tuple[str, str, str]]:
        shown = last({day: 1000.0 for day in steady(0)}, [trials])
        clicked = last(steady(50, 3), [successes])
        return said(looked(world(series("click_through_rate", "rate", clicked, bases=shown))))

    assert rate(50, 1000) == []
    assert rate(10, 1000) == [("anomaly", "c1", "click_through_rate")]
    assert rate(0, 40) == []  # two were to be expected
    assert rate(200, 1000) == [("anomaly", "c1", "click_through_rate")]


def test_an_event_counted_more_often_than_its_trials_is_a_rate_of_one() -> None:
    tried = {day: 20.0 for day in steady(0)}
    alerts = looked(world(series("click_to_session_rate", "rate", steady(25), bases=tried)))
    assert alerts.findings == ()


def test_the_more_series_the_surer_one_must_be() -> None:
    # Root 10 with a spread of about 0.5: 150 is some 4.4 spreads off, enough alone, not among 999.
    odd = last(steady(100, 4), [146])
    alone = world(series("sessions", "count", odd))
    many = world(
        series("sessions", "count", odd),
        *(series("sessions", "count", steady(100, 4), name=f"c{n}") for n in range(2, 1000)),
    )
    assert said(looked(alone))
    assert DEFAULTS["anomaly"]["false_alarms"] == pytest.approx(0.008)
    assert looked(many).findings == ()


def test_a_total_counts_those_who_ran_throughout() -> None:
    # The second begins ten days ago: the total of all would double, that of the first does not.
    begun = {day: value for day, value in steady(200, 5).items() if day > DAY - timedelta(10)}
    old = [series("spend", "amount", steady(200, 5), name=f"c{n}") for n in (1, 2)]
    alerts = looked(world(*old, series("spend", "amount", begun, name="c3")))
    assert alerts.findings == ()
    assert alerts.looked_at["anomaly"] == LookedAt(looked_at=3, too_little=1)  # two and their total


def test_a_total_is_not_said_where_its_campaign_is_all_of_it() -> None:
    calm = [series("spend", "amount", steady(200, 5), name=f"c{n}") for n in (2, 3)]
    doubled = series("spend", "amount", last(steady(400, 5), [800]))
    assert said(looked(world(doubled, *calm))) == [("anomaly", "c1", "spend")]
    # Eleven that go up and down at different times, each a little more today: news of the total.
    more = [
        series(
            *("spend", "amount"),
            last({day: steady(200, 20)[day - timedelta(n)] for day in days(53)}, [275]),
            name=f"c{n}",
        )
        for n in range(11)
    ]
    assert said(looked(world(*more))) == [("anomaly", "(total)", "spend")]


def test_a_segment_that_leaps_is_found_from_twelve_builds_on() -> None:
    def sizes(count: int, leap: float) -> list[tuple[str, str, str]]:
        values = last(steady(400, 2, count), [leap])
        return said(looked(world(series("customers", "size", values, domain="marketing"))))

    assert sizes(30, 400) == []
    assert sizes(30, 640) == [("anomaly", "c1", "customers")]
    assert sizes(12, 640) == []  # eleven before it
    assert sizes(14, 640) == [("anomaly", "c1", "customers")]
