"""The rules' file: what is read, and what is refused with file, key and value."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.review.rule_changes import rule_changes
from marketing_analytics.review.rules import read_rules, rules_file
from marketing_analytics.review.settings import SettingsError
from review.fixtures import node

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review.rules import Rules


def read(path: Path, content: str) -> Rules:
    file = path / "review.yml"
    file.write_text(content)
    return read_rules(file)


def test_a_project_may_have_rules_of_its_own(tmp_path: Path) -> None:
    assert rules_file(tmp_path) is None
    (tmp_path / "review.yml").write_text("")
    assert rules_file(tmp_path) == tmp_path / "review.yml"


def test_an_empty_file_leaves_the_default(tmp_path: Path) -> None:
    default, empty = read_rules(None), read(tmp_path, "# nothing yet\n")
    assert all(default.of(key) == empty.of(key) for key in default.settings)
    assert empty.price == default.price


def test_shares_are_read_in_percent_and_as_fractions(tmp_path: Path) -> None:
    for written in ("12.5 %", "12.5%", "0.125"):
        rules = read(tmp_path, f"rules: {{segment_shift: {{limit: {written}}}}}")
        assert rules.of("segment_shift").limit == Fraction(1, 8)


def test_what_a_team_says_of_a_rule_replaces_the_default_s_overrides(tmp_path: Path) -> None:
    money = node(tags=("finance",))
    assert read_rules(None).of("total_change", money).limit == Fraction(1, 100)
    rules = read(tmp_path, "rules: {total_change: {limit: 0.1 %}}")
    assert rules.of("total_change", money).limit == Fraction(1, 1000)
    rules = read(tmp_path, "rules: {total_change: {severity: approval}}")
    assert rules.of("total_change", money).limit == Fraction(1, 100)


def test_prices(tmp_path: Path) -> None:
    assert read_rules(None).price.of(10.0, 2**40) is None
    price = read(tmp_path, "price: {per_tebibyte: 6.25, currency: EUR}").price
    assert (price.of(10.0, 2**39), price.currency) == (3.125, "EUR")
    assert price.of(10.0, None) is None
    price = read(tmp_path, "price: {per_tebibyte: 6.25, per_hour: 36}").price
    assert price.of(10.0, 2**40) == pytest.approx(6.35)


def test_ignored_columns(tmp_path: Path) -> None:
    rules = read(tmp_path, "ignored_columns: [loaded_at, orders.note]")
    assert rules.is_ignored("any", "loaded_at")
    assert rules.is_ignored("any", "dbt_updated_at")
    assert rules.is_ignored("orders", "note")
    assert not rules.is_ignored("customers", "note")


def test_an_exception(tmp_path: Path) -> None:
    text = "exceptions: [{rule: cost, model: m, reason: paid by sales, until: 2024-12-31}]"
    (exception,) = read(tmp_path, text).exceptions
    assert (exception.rule, exception.until) == ("cost", date(2024, 12, 31))


def test_what_a_branch_does_to_its_rules_is_said(tmp_path: Path) -> None:
    base = read(tmp_path, "ignored_columns: [note]")
    head = read(
        tmp_path,
        """
        rules: {segment_shift: {limit: 50 %, elsewhere: off}}
        overrides: [{tags: [a], rules: {cost: {severity: off}}}]
        ignored_columns: [note, revenue]
        exceptions: [{rule: cost, model: m, reason: paid by sales, until: 2024-12-31}]
        """,
    )
    assert rule_changes(base, head) == (
        "segment_shift.elsewhere: note → off",
        "segment_shift.limit: 0.1 → 0.5",
        "the overrides are others",
        "ignored_columns has more: revenue",
        "an exception from cost for m until 2024-12-31: paid by sales",
    )
    assert rule_changes(head, head) == rule_changes(base, base) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("limits: {}", "unknown key 'limits'"),
        ("rules: {segment_shfit: {limit: 1 %}}", "did you mean 'segment_shift'?"),
        ("rules: {cost: {limits: 1 %}}", "rules.cost: unknown key 'limits'; did you mean 'limit'"),
        ("rules: {cost: {elsewhere: note}}", "rules.cost: unknown key 'elsewhere'"),
        ("rules: {cost: {severity: bad}}", "cost.severity is 'bad'; write one of unsafe, approval"),
        ("rules: {cost: {limit: ten}}", "rules.cost.limit is 'ten'; write a number from 0"),
        ("rules: {cost: {limit: -5 %}}", "rules.cost.limit is '-5'; write a number from 0"),
        ("rules: {cost: {limit: nan}}", "rules.cost.limit is 'nan'; write a number"),
        ("rules: {cost: {limit: 50}}", "is '50', which is 5000 %; write 50 % if you mean that"),
        ("rules: {cost: {limit: [1]}}", "rules.cost.limit is ['1']; write a number"),
        ("rules: {segment_shift: {least_rows: 2.5}}", "least_rows is '2.5'; write a whole number"),
        ("rules: {total_change: {mean_of: {a: b}}}", "total_change.mean_of: must be a list"),
        ("rules: {cost: 5}", "rules.cost: must have keys"),
        ("rules: {cost: {limit: 1 %}, cost: {limit: 2 %}}", "line 1: 'cost' stands there twice"),
        ("rules: {not_compared: {severity: off}}", "unknown key 'not_compared'"),
        ("overrides: {}", "overrides: must be a list"),
        ("overrides: [{rules: {}}]", "overrides[0]: say under `models` or `tags`"),
        ("overrides: [{tags: a}]", "overrides[0]: say under `rules` what differs"),
        ("overrides: [{tags: a, rules: {cst: {}}}]", "overrides[0].rules: unknown key 'cst'"),
        ("price: {per_tebibyte: much}", "price.per_tebibyte is 'much'; write a number"),
        ("exceptions: [{rule: cost}]", "exceptions[0]: say `model` too"),
        (
            "exceptions: [{rule: x, model: m, reason: r, until: 2024-12-31}]",
            "exceptions[0].rule is 'x'; write one of",
        ),
        (
            "exceptions: [{rule: cost, model: m, reason: r, until: soon}]",
            "exceptions[0].until is 'soon'; write a date such as 2024-12-31",
        ),
        (
            "exceptions: [{rule: cost, model: m, reason: '', until: 2024-12-31}]",
            "exceptions[0].reason: must be a text",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    content: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, content)
    assert str(raised.value).startswith(f"{tmp_path / 'review.yml'}: ")
    assert message in str(raised.value)
