"""docs/review.md tells the truth: every rule and setting of the default, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from conftest import PROJECT
from marketing_analytics.review.expected import (
    COLUMN_LISTS,
    OF_A_COLUMN,
    OF_A_MODEL,
    WORDS,
    read_expected,
)
from marketing_analytics.review.rules import DEFAULTS, SECTIONS, read_rules
from marketing_analytics.review.settings import read_yaml
from marketing_analytics.review.verdict import judge
from review.fixtures import TODAY, document_case

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (PROJECT / "docs" / "review.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| ([a-z ]+) \| ([a-z]*) ?\| ?(.*?) ?\|$", re.MULTILINE)


def block(place: int) -> str:
    blocks: list[str] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    return blocks[place]


def test_every_rule_stands_there_as_it_is_and_in_its_order() -> None:
    documented = {
        key: {"severity": severity, "elsewhere": elsewhere, **settings_in(settings)}
        for key, _, severity, elsewhere, settings in ROW.findall(TEXT)
    }
    real: dict[str, dict[str, Any]] = {"not_compared": {"severity": "no evidence", "elsewhere": ""}}
    for key, settings in read_yaml(DEFAULTS)["rules"].items():
        real[key] = {"elsewhere": ""} | {
            name: ", ".join(value) if isinstance(value, list) else value
            for name, value in settings.items()
        }
    assert documented == real
    assert list(documented) == list(real) == list(read_rules(None).keys)


def settings_in(cell: str) -> dict[str, str]:
    return dict(item.split(": ", 1) for item in re.findall(r"`([^`]+)`", cell))


def test_every_section_of_the_rules_is_in_the_example_which_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "review.yml"
    file.write_text(block(0))
    assert set(yaml.safe_load(block(0))) == set(SECTIONS)
    assert read_rules(file).exceptions[0].model == "mart_finance_quarterly"


def test_the_declared_example_is_met_by_the_case_that_it_is_of(tmp_path: Path) -> None:
    file = tmp_path / "expected.yml"
    file.write_text(block(1))
    reasons = judge(document_case(), read_rules(None), read_expected(file), TODAY).reasons
    assert "unmet_expectation" not in {reason.rule for reason in reasons}
    assert any(reason.is_expected for reason in reasons)


def test_every_word_of_the_grammar_is_explained() -> None:
    grammar = TEXT[TEXT.index("| key | value |") :]
    for word in (*COLUMN_LISTS, *OF_A_MODEL, "changed", "reason", "columns", *WORDS):
        assert f"`{word}`" in grammar
    for measure in OF_A_COLUMN:
        assert f"`{measure} band`" in grammar
