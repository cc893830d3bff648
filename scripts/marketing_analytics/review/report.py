"""From two builds to the report: collect, judge, render, write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.expected import read_expected
from marketing_analytics.review.findings import Review
from marketing_analytics.review.render import html, json, markdown
from marketing_analytics.review.rule_changes import rule_changes
from marketing_analytics.review.rules import read_rules, rules_file
from marketing_analytics.review.run import Given, collect, noise_between
from marketing_analytics.review.selection import select
from marketing_analytics.review.settings import SettingsError
from marketing_analytics.review.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from marketing_analytics.review.build import Built
    from marketing_analytics.review.expected import Expected
    from marketing_analytics.review.rules import Rules

EXPECTED = "expected.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where rules are, where the report goes, and which day it is for the rules' exceptions."""

    project: Path
    output: Path
    rules: Path | None
    expected: Path | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the command prints, and what its exit code depends on."""

    verdict: str
    markdown: str


def write_report(built: Built, options: Options) -> Report:
    """Compare two builds and write review.md, review.html and review.json."""
    review = review_of(built, options)
    text = markdown.render(review)
    options.output.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("review.md", text),
        ("review.html", html.render(review)),
        ("review.json", json.render(review)),
    ):
        (options.output / name).write_text(content, encoding="utf-8")
    return Report(verdict=review.verdict.verdict, markdown=text)


def check_settings(options: Options) -> None:
    """Read the rules and what is declared before anything is built, which takes longer.

    Raises:
        MarketingAnalyticsError: a file does not exist or says what no rule knows.
    """
    read_rules(options.rules or rules_file(options.project))
    _expected(options.expected, options.project)


def review_of(built: Built, options: Options) -> Review:
    """Compare two builds and judge what was found."""
    project = built.projects[1] if built.projects else options.project
    rules = read_rules(options.rules or rules_file(project))
    expected = _expected(options.expected, project)
    with built.open() as session:
        findings = collect(
            Given(
                base=built.base,
                head=built.head,
                session=session,
                base_name=built.base_name,
                head_name=built.head_name,
                is_ignored=rules.is_ignored,
                price=rules.price.of,
                noise=_noise(built),
                projects=built.projects,
            )
        )
    if built.projects and options.rules is None:
        findings = replace(findings, rule_changes=_rule_changes(built.projects[0], rules))
    return Review(findings=findings, verdict=judge(findings, rules, expected, options.today))


def _rule_changes(base: Path, rules: Rules) -> tuple[str, ...]:
    """Return what a branch does to the rules by which it is judged."""
    try:
        return rule_changes(read_rules(rules_file(base)), rules)
    except SettingsError as error:
        return (f"those before cannot be read: {str(error).replace(str(base), 'base')}",)


def _expected(given: Path | None, project: Path) -> Expected | None:
    if given is not None and not given.is_file():
        raise MarketingAnalyticsError(f"{given} does not exist; give the file with --expected")
    path = given or project / EXPECTED
    return read_expected(path) if path.is_file() else None


def _noise(built: Built) -> Mapping[str, Mapping[str, str]]:
    """Return what differs between two builds of the base, if it was built twice."""
    if built.open_again is None:
        return {}
    nodes = sorted(select(built.base, built.head).affected)
    with built.open_again() as session:
        return noise_between(built.base, session, nodes)
