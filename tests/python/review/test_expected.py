"""Declared expectations: how they are written, and what the data must do to meet them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.review.expected import read_band, read_expected
from marketing_analytics.review.rules import read_rules
from marketing_analytics.review.settings import SettingsError
from marketing_analytics.review.verdict import judge
from review.fixtures import (
    SAME,
    TODAY,
    categories,
    category,
    column,
    data,
    found,
    node,
    numbers,
    schema,
)

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review import findings as f

CHANGED = node(
    data=data(
        column(
            "tier",
            modified=50,
            categories=categories(
                category("High", 100, 127),
                category("Low", 900, 823),
                category("New", 0, 50),
                category("Old", 40, 0),
                category(None, 10, 10),
            ),
        ),
        column(
            "revenue",
            modified=700,
            base_nulls=5,
            head_nulls=25,
            numbers=numbers(Decimal("200.00"), Decimal("190.00"), base_mean=2.0, head_mean=1.9),
        ),
        head_rows=1010,
        added=20,
        removed=10,
        modified=700,
        identical=290,
    ),
    schema=(schema("segment", "added", None, "TEXT"), schema("old", "removed", "TEXT", None)),
)


def unmet(path: Path, declared: str, *nodes: f.NodeReview) -> list[str]:
    file = path / "expected.yml"
    file.write_text(f"customers: {{{declared}}}")
    verdict = judge(found(*nodes), read_rules(None), read_expected(file), TODAY)
    return [reason.text for reason in verdict.reasons if reason.rule == "unmet_expectation"]


@pytest.mark.parametrize(
    "declared",
    [
        'tier: {High: "+20..35 %"}',
        'tier: {High: "+27..27 %"}',
        'tier: {High: "+27 %"}',
        'tier: {High: "+27.0 %"}',
        'tier: {High: "+27"}',  # customers
        'tier: {High: any, Low: "-10..+5 %", New: new, Old: gone, "null": 0 %}',
        'tier: {Old: "-100 %"}',
        'tier: {New: "+50"}',
        "tier: modified 5 %",
        "revenue: total -5 %",
        "revenue: total -10..-10",
        "revenue: [mean -6..-4 %, nulls +20, modified 70..80 %]",
        "columns: {revenue: modified 700}",
        "rows: +1 %",
        "rows: +0..2 %",
        "added: 2 %, removed: 10, modified: 600..700",
        "columns_added: [segment], columns_removed: old",
        "changed: all",
        "changed: [revenue, tier]",
    ],
)
def test_what_came_as_declared_is_met(declared: str, tmp_path: Path) -> None:
    assert unmet(tmp_path, declared, CHANGED) == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (
            'tier: {High: "+28..35 %"}',
            "High of tier was declared as +28..35 %, but went 100 → 127, +27.0 %",
        ),
        (
            'tier: {High: "+20..26.9 %"}',
            "High of tier was declared as +20..26.9 %, but went 100 → 127, +27.0 %",
        ),
        (
            'tier: {high: "+27 %"}',
            "high of tier was declared as +27 %, but has not changed; "
            "there are High, Low, New, Old and null",
        ),
        ("tier: {High: new}", "High of tier was declared as new, but went 100 → 127, +27.0 %"),
        ('tier: {New: "+5 %"}', "New of tier was declared as +5 %, but went 0 → 50"),
        (
            'tier: {"null": "+1 %"}',
            "null of tier was declared as +1 %, but has not changed",
        ),
        (
            "revenue: total -4..-1 %",
            "total of revenue was declared as -4..-1 %, but went 200 → 190, -5.0 %",
        ),
        (
            "tier: total -4..-1 %",
            "total of tier was declared as -4..-1 %, but is not compared that way: "
            "it has no such number",
        ),
        ("email: modified 3", "modified of email was declared as 3, but has not changed"),
        ("rows: 0 %", "rows was declared as 0 %, but went 1,000 → 1,010, +1.0 %"),
        ("added: 0..10", "added was declared as 0..10, but is 20 rows, +2.0 %"),
        ("columns_added: [tax]", "tax was declared among columns_added, but is not added"),
        ("changed: none", "changed was declared as none, but rows differ, in tier and revenue"),
        ("changed: [tier]", "changed was declared as tier, but so have revenue"),
        (
            "changed: [tier, revenue, email]",
            "email was declared among changed, but is as it was",
        ),
    ],
)
def test_what_came_otherwise_is_not(declared: str, said: str, tmp_path: Path) -> None:
    assert unmet(tmp_path, declared, CHANGED) == [said]


def test_what_was_declared_and_did_not_happen_is_unsafe(tmp_path: Path) -> None:
    assert unmet(tmp_path, "changed: all", node(data=SAME)) == [
        "changed was declared as all, but every row is as it was"
    ]
    assert unmet(tmp_path, "revenue: total -5 %", node(data=SAME)) == [
        "total of revenue was declared as -5 %, but has not changed"
    ]
    assert unmet(tmp_path, "rows: +1 %") == [
        "customers, which the change does not reach: rows was declared as +1 %, but has not changed"
    ]
    assert unmet(tmp_path, "changed: none, rows: 0 %", node(data=SAME)) == []


def test_of_what_was_not_compared_nothing_is_held_against_the_branch(tmp_path: Path) -> None:
    unknown = node(data=None, not_compared="it was not built")
    assert unmet(tmp_path, "changed: all, rows: +1 %", unknown) == []


def test_a_spread_is_expected_only_where_every_value_that_moves_is(tmp_path: Path) -> None:
    file = tmp_path / "expected.yml"

    def spread(declared: str) -> bool:
        file.write_text(f"customers: {{tier: {{{declared}}}}}")
        values = categories(category("A", 500, 300), category("B", 500, 700))
        changed = found(node(data=data(column("tier", categories=values))))
        reasons = judge(changed, read_rules(None), read_expected(file), TODAY).reasons
        return next(r.is_expected for r in reasons if r.rule == "distribution_shift")

    assert not spread("A: -40 %")
    assert spread("A: -40 %, B: +40 %")
    assert not spread("A: -40 %, B: +30 %")


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("+20..35 %", "0.2", "0.35"),
        ("+20 .. +35%", "0.2", "0.35"),
        ("-5..-1 %", "-0.05", "-0.01"),
        ("-5..1 %", "-0.05", "0.01"),
        ("\u22125..1 %", "-0.05", "0.01"),
        ("+27 %", "0.265", "0.275"),
        ("+27.5 %", "0.2745", "0.2755"),
        ("0 %", "0", "0"),
        ("+3..5", "3", "5"),
        ("-3", "-3", "-3"),
    ],
)
def test_bands(written: str, low: str, high: str) -> None:
    band = read_band(written, "here")
    assert (band.low, band.high) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("customers: {rows: 2 %}", "customers.rows is '2 %'; begin with + or -"),
        ("customers: {rows: more}", "customers.rows is 'more'; write"),
        ("customers: {rows: +5..2 %}", "customers.rows is '+5..2 %'; write the lower end first"),
        ("customers: {rows: [1]}", "customers.rows is ['1']; write"),
        ("customers: {tier: +5 %}", "customers.tier is '+5 %'; begin with one of total, mean"),
        ("customers: {tier: {High: lots}}", "customers.tier.High is 'lots'; write"),
        ("customers: {tier: []}", "customers.tier: says nothing"),
        ("customers: {columns: {rows: +5 %}}", "customers.columns.rows is '+5 %'; begin with"),
        ("customers: {columns_added: []}", "customers.columns_added: name the columns"),
        ("customers: {reason: ''}", "customers.reason: must be a text"),
        ("customers:", "customers: says nothing"),
        ("customers: 5", "customers: must have keys"),
        ("[customers]", "must have keys with values"),
        ("customers: {rows: 0 %, rows: +1 %}", "'rows' stands there twice"),
        ("customers: {", "is not YAML"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    content: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "expected.yml"
    file.write_text(content)
    with pytest.raises(SettingsError) as raised:
        read_expected(file)
    assert f"{file}" in str(raised.value)
    assert message in str(raised.value)


def test_an_empty_file_declares_nothing(tmp_path: Path) -> None:
    file = tmp_path / "expected.yml"
    file.write_text("# later\n")
    assert read_expected(file).numbers == ()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read .*expected\.yml"):
        read_expected(tmp_path / "expected.yml")
