"""docs/alerts.md tells the truth: every rule, setting and key, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from alerts.made import last, looked, rules_of, series, steady, world
from conftest import PROJECT
from marketing_analytics.alerts import payload
from marketing_analytics.alerts.rules import DEFAULTS

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (PROJECT / "docs" / "alerts.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table after a text, without its head."""
    lines = TEXT.split(heading, 1)[1].splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_every_rule_and_setting_is_there_with_its_default() -> None:
    rules = yaml.load(DEFAULTS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["rules"]
    documented = {
        rule.strip("`"): dict(re.findall(r"`(\w+): ([^`]+)`", settings))
        for rule, _, settings in table("## What it looks for")
    }
    assert documented == rules


def test_every_key_of_the_json_is_there() -> None:
    doubled = last(steady(200, 5), [400])
    content = payload.content(looked(world(series("spend", "amount", doubled))))

    def named(heading: str) -> set[str]:
        return {key for row in table(heading) for key in re.findall(r"`(\w+)`", row[0])}

    assert named("## JSON") == set(content)
    assert named("| `notes` |") == set(content["findings"][0])
    assert set(content["looked_at"]["anomaly"]) == {"count", "too_little_history"}


def test_the_example_of_settings_is_read(tmp_path: Path) -> None:
    example = TEXT.split("```yaml\n")[1].split("```")[0]
    own = rules_of(tmp_path, example)
    assert own["anomaly"]["false_alarms"] == 0.02
    assert not own.is_on("pacing")
    assert own.is_newest_day_partial
    assert [silence.reason for silence in own.silences] == ["the launch"]
