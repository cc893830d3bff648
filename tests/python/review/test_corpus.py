"""Small changes of a small shop, each with what a careful reviewer would say of it.

What is expected stands in tests/python/data/review_cases.yml. To count what is right:

    .venv/bin/pytest -q -n 0 -s -m full tests/python/review/test_corpus.py -k counted
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import DATA
from marketing_analytics.review.findings import Change, Severity
from review.shop_reviews import ShopReviews

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.review.findings import Review

CASES: list[Mapping[str, Any]] = yaml.safe_load(
    (DATA / "review_cases.yml").read_text(encoding="utf-8")
)
BY_NAME = {case["name"]: case for case in CASES}
# A verdict that is stricter than it should be is a false alarm, one that is laxer a miss.
STRICTNESS = ("SAFE", "NEEDS APPROVAL", "NOT SAFE TO MERGE", "NO EVIDENCE")
NOT_EDITED = (Change.UPSTREAM, Change.NONE)


@pytest.fixture(scope="module")
def reviewed(
    worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Review]:
    """Return a function that reviews a change, once."""
    reviews = ShopReviews(tmp_path_factory.mktemp("shop"), worker)
    return cache(lambda name: reviews.review(BY_NAME[name]))


def codes(review: Review) -> dict[str, str]:
    """Return what happened to the nodes that were edited."""
    nodes = review.findings.nodes
    return {node.name: node.code.change for node in nodes if node.code.change not in NOT_EDITED}


# Every run of the tests judges a quarter of them.
FEW = [
    name if place % 4 == 0 else pytest.param(name, marks=pytest.mark.full)
    for place, name in enumerate(BY_NAME)
]


@pytest.mark.parametrize("name", FEW)
def test_a_change_is_judged_as_a_careful_reviewer_would(
    reviewed: Callable[[str], Review], name: str
) -> None:
    case, review = BY_NAME[name], reviewed(name)
    reasons = [
        f"{r.severity} {r.rule} {r.node} {r.column}: {r.text}" for r in review.verdict.reasons
    ]
    assert review.verdict.verdict == case["verdict"], (case["why"], reasons)
    assert codes(review) == case.get("code", codes(review)), reasons
    said = {reason.rule for reason in review.verdict.reasons}
    assert {*case.get("says", ())} <= said, reasons
    asked = [*review.verdict.approvals]
    assert asked == case.get("approvals", asked), reasons
    if case["verdict"] == "SAFE":
        assert asked == []
        assert {r.severity for r in review.verdict.reasons} <= {Severity.NOTE}


@pytest.mark.full
def test_every_change_is_counted(reviewed: Callable[[str], Review]) -> None:
    false_alarms, misses, other_codes = [], [], []
    for name, case in BY_NAME.items():
        review = reviewed(name)
        found = STRICTNESS.index(review.verdict.verdict)
        wanted = STRICTNESS.index(case["verdict"])
        false_alarms += [name] if found > wanted else []
        misses += [name] if found < wanted else []
        other_codes += [name] if codes(review) != case.get("code", codes(review)) else []
    print(
        f"\n{len(BY_NAME)} changes: {len(false_alarms)} false alarms, {len(misses)} misses, "
        f"{len(other_codes)} of another class"
    )
    assert (false_alarms, misses, other_codes) == ([], [], [])
