"""`mktg alert` from argv to exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts.built import AUDIT, built
from alerts.test_webhook import SECRET, server
from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.errors import MarketingAnalyticsError

DOUBLED = """
    update marketing.campaign_funnel_daily set spend_amount = 220
    where campaign_id = 'c1' and activity_date = date '2024-06-30'
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("MKTG_DATABASE_DIR", str(tmp_path))
    monkeypatch.delenv("MKTG_ALERT_WEBHOOK", raising=False)
    return tmp_path


def alert(folder: Path, *arguments: str) -> Result:
    given = ["alert", "--artifacts", str(folder), *arguments]
    return CliRunner().invoke(cli, given, catch_exceptions=False)


def test_nothing_to_say_is_exit_code_0(folder: Path) -> None:
    built(folder)
    ended = alert(folder)
    assert ended.exit_code == 0
    assert ended.stdout.startswith("No alerts for sample as of 2024-06-30\n\nLooked at: ")


def test_a_finding_is_exit_code_1_said_and_written(folder: Path) -> None:
    built(folder, DOUBLED)
    output = folder / "new" / "alerts.json"
    ended = alert(folder, "--output", str(output))
    assert ended.exit_code == 1
    assert "anomaly         spend of Brand is 220 (+118 %), normally " in ended.stdout
    written = json.loads(output.read_text())
    assert (written["format"], written["version"], written["day"]) == (
        *("mktg alert", 1, "2024-06-30"),
    )
    found = written["findings"][0]
    assert (found["rule"], found["series"], found["value"]) == ("anomaly", "c1", 220.0)
    assert found["since"] == "2024-06-30"
    assert found["change"] == pytest.approx(1.18, abs=0.01)


NAMED = r"""
    update {table} set campaign_name = chr(27) || '[2Jsale:fire:' || chr(10) || 'No alerts'
    where campaign_id = 'c1'
"""


def test_a_name_stays_on_its_line_and_commands_no_terminal(folder: Path) -> None:
    tables = ("marketing.campaign_funnel_daily", "staging.stg_campaigns_daily")
    overspent = "update staging.stg_campaigns_daily set spend = 220"
    built(folder, DOUBLED, overspent, *(NAMED.format(table=table) for table in tables))
    ended = alert(folder)
    name = "\N{REPLACEMENT CHARACTER}[2Jsale:fire: No alerts"
    assert f"anomaly         spend of {name} is 220 " in ended.stdout
    assert f"pacing          {name} has spent 6,600 this month" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_the_same_data_give_the_same_bytes(folder: Path) -> None:
    built(folder, DOUBLED)
    for name in ("a.json", "b.json"):
        alert(folder, "--output", str(folder / name))
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


def test_an_earlier_day_is_judged_as_it_was(folder: Path) -> None:
    built(folder, DOUBLED)
    ended = alert(folder, "--as-of", "2024-06-29")
    assert ended.exit_code == 0
    assert "as of 2024-06-29" in ended.stdout


def test_a_clock_and_a_day_are_not_both(folder: Path) -> None:
    built(folder)
    ended = CliRunner().invoke(cli, ["alert", "--today", "--as-of", "2024-06-29"])
    assert ended.exit_code == 2
    assert "not both" in ended.output


def test_by_the_clock_old_data_are_late(folder: Path) -> None:
    built(folder)
    ended = alert(folder, "--today")
    assert ended.exit_code == 1
    assert "has no row from 2024-07-01 to " in ended.stdout


def test_tests_that_failed_in_the_last_build_are_counted(folder: Path) -> None:
    built(folder, AUDIT)
    ended = alert(folder)
    assert ended.exit_code == 1
    assert "failing test    last build: fail, 2 failing" in ended.stdout
    assert "Note: tests are counted, not named" in ended.stdout


def test_rules_are_those_of_the_file(folder: Path) -> None:
    built(folder, DOUBLED)
    rules = folder / "mine.yml"
    rules.write_text("silences: [{metric: spend, until: 2024-07-31, reason: launch}]")
    ended = alert(folder, "--rules", str(rules))
    assert ended.exit_code == 0
    assert "silenced until 2024-07-31 (launch): spend of Brand is 220" in ended.stdout
    rules.write_text("silence: []")
    with pytest.raises(MarketingAnalyticsError, match="unknown key 'silence'"):
        alert(folder, "--rules", str(rules))


def test_before_a_build_it_says_what_to_run(folder: Path) -> None:
    with pytest.raises(MarketingAnalyticsError, match="run `mktg build --target sample` first"):
        alert(folder)


@pytest.mark.parametrize(("form", "key"), [("generic", "findings"), ("slack", "blocks")])
def test_findings_are_posted(folder: Path, form: str, key: str) -> None:
    built(folder, DOUBLED)
    with server() as (address, received):
        ended = alert(folder, "--webhook", address, "--format", form)
    assert ended.exit_code == 1
    assert [key in one["body"] for one in received] == [True]
    assert SECRET not in ended.output


def test_nothing_is_posted_where_there_is_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder)
    with server() as (address, received):
        monkeypatch.setenv("MKTG_ALERT_WEBHOOK", address)
        assert alert(folder).exit_code == 0
    assert received == []


def test_a_webhook_that_fails_is_an_error_after_the_list(folder: Path) -> None:
    built(folder, DOUBLED)
    output = folder / "alerts.json"
    with (
        server(500) as (address, _),
        pytest.raises(MarketingAnalyticsError, match="it answered 500"),
    ):
        alert(folder, "--webhook", address, "--output", str(output))
    assert output.is_file()


def test_a_wrong_address_is_refused_before_anything_is_read(folder: Path) -> None:
    with pytest.raises(MarketingAnalyticsError, match="begins with https://"):
        alert(folder, "--webhook", "hooks.example.com/" + SECRET)
