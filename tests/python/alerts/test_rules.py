"""alerts.yml is read strictly, and silences let pass what they say, until they end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from alerts.made import DAY, DEFAULTS, last, looked, rules_of, said, series, steady, world
from marketing_analytics.alerts.rules import DEFAULTS as DEFAULT_FILE
from marketing_analytics.alerts.rules import read_rules
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path

DOUBLED = world(series("spend", "amount", last(steady(200, 5), [400])))
SILENCE = "silences: [{rule: anomaly, series: %s, until: %s, reason: launch}]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule: {}", "unknown key 'rule'; did you mean 'rules'?"),
        ("rules: {anomaly: {least_chnge: 5 %}}", "rules.anomaly: unknown key 'least_chnge'"),
        ("rules: {anomalies: {}}", "did you mean 'anomaly'?"),
        ("rules: {anomaly: {least_change: 25}}", "is '25', which is 2500 %"),
        ("rules: {anomaly: {least_history_days: 7.5}}", "write a whole number"),
        ("rules: {pacing: {is_on: maybe}}", "write one of yes, no"),
        ("rules: {pacing: {over: lots}}", "write a number from 0"),
        ("newest_day: half", "newest_day is 'half'; write one of complete, partial"),
        ("silences: [{rule: anomaly, until: 2024-07-01}]", r"silences[0]: say `reason` too"),
        ("silences: [{rule: anomaly, reason: x}]", r"silences[0]: say `until` too"),
        ("silences: [{until: 2024-07-01, reason: x}]", "say which by one or more of rule"),
        ("silences: [{rule: anomly, until: 2024-07-01, reason: x}]", "silences[0].rule is"),
        ("silences: [{series: c1, until: soon, reason: x}]", "write a date such as"),
        ("silences: [{campaign: c1, until: 2024-07-01, reason: x}]", "unknown key 'campaign'"),
        ("rules: [", "is not YAML"),
        ("rules: {pacing: {over: 120 %}, pacing: {over: 130 %}}", "stands there twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MarketingAnalyticsError) as error:
        rules_of(tmp_path, text)
    assert message in str(error.value)
    assert "alerts.yml" in str(error.value)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    own = rules_of(tmp_path, "rules: {pacing: {over: 130 %, budget_jump: 5}}\nnewest_day: partial")
    assert (own["pacing"]["over"], own["pacing"]["budget_jump"]) == (1.3, 5)
    assert own["pacing"]["under"] == DEFAULTS["pacing"]["under"] == 0.7
    assert own["anomaly"] == DEFAULTS["anomaly"]
    assert own.is_newest_day_partial and not DEFAULTS.is_newest_day_partial
    assert rules_of(tmp_path, "").settings == DEFAULTS.settings
    assert read_rules(DEFAULT_FILE).settings == DEFAULTS.settings


def test_a_rule_that_is_off_is_not_looked_at(tmp_path: Path) -> None:
    alerts = looked(DOUBLED, rules_of(tmp_path, "rules: {anomaly: {is_on: no}}"))
    assert alerts.findings == ()
    assert "anomaly" not in alerts.looked_at


def test_thresholds_are_those_of_the_file(tmp_path: Path) -> None:
    assert looked(DOUBLED, rules_of(tmp_path, "rules: {anomaly: {least_change: 99 %}}")).findings
    strict = rules_of(tmp_path, "rules: {anomaly: {least_change: 150 %}}")
    assert looked(DOUBLED, strict).findings == ()


@pytest.mark.parametrize("series_pattern", ["c1", "Brand", "B*"])
def test_a_silence_lets_pass_until_its_day_is_over(tmp_path: Path, series_pattern: str) -> None:
    silent = looked(DOUBLED, rules_of(tmp_path, SILENCE % (series_pattern, DAY)))
    assert silent.findings == ()
    assert [(one.reason, one.until) for one in silent.silenced] == [("launch", DAY)]
    ended = looked(DOUBLED, rules_of(tmp_path, SILENCE % (series_pattern, "2024-06-29")))
    assert said(ended) == [("anomaly", "c1", "spend")]
    assert ended.notes == (
        f"the silence of rule anomaly, series {series_pattern} has ended on 2024-06-29",
    )


@pytest.mark.parametrize("pattern", ["'[DE] Brand'", "'[[]DE] Brand'", "'[*'"])
def test_brackets_of_a_name_are_no_pattern(tmp_path: Path, pattern: str) -> None:
    named = world(series("spend", "amount", last(steady(200, 5), [400]), label="[DE] Brand"))
    silent = looked(named, rules_of(tmp_path, SILENCE % (pattern, DAY)))
    assert bool(silent.silenced) == (pattern != "'[[]DE] Brand'")


def test_a_silence_of_another_metric_lets_nothing_pass(tmp_path: Path) -> None:
    other = "silences: [{metric: revenue, until: 2024-12-31, reason: x}]"
    assert said(looked(DOUBLED, rules_of(tmp_path, other)))
    both = "silences: [{metric: spend, domain: shop, until: 2024-12-31, reason: x}]"
    assert said(looked(DOUBLED, rules_of(tmp_path, both)))


def test_a_newest_day_that_is_not_over_is_not_judged(tmp_path: Path) -> None:
    morning = world(series("sessions", "count", last(steady(100, 3), [20])))
    assert said(looked(morning))
    partial = looked(morning, rules_of(tmp_path, "newest_day: partial"))
    assert (partial.findings, partial.day) == ((), date(2024, 6, 29))
    assert looked(morning, today=DAY).findings == ()
