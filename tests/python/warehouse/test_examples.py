"""Every mart shows questions with their SQL, on the docs site and in its comment; each is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from conftest import PROJECT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARTS = sorted((PROJECT / "models" / "marts").rglob("*.sql"))
# A paragraph, a question in bold, then its query as an indented block.
EXAMPLE = re.compile(r"(?<=\n\n)\*\*(.+\?)\*\*\n\n((?:    .+\n)+)", re.MULTILINE)
# They compare two as-of dates, or what came of actions of an earlier one; the sample has one date.
NEED_A_SECOND_DATE = {
    "customer_segment_migrations",
    "next_best_action_results",
    "player_tier_migrations",
}


def examples() -> list[tuple[str, str, str]]:
    """Return mart, question and query of every example."""
    found = []
    for path in MARTS:
        (model,) = yaml.safe_load(path.with_suffix(".yml").read_text())["models"]
        for question, query in EXAMPLE.findall(model["description"]):
            found.append((path.stem, question, query))
    return found


EXAMPLES = examples()


def test_every_mart_has_an_example() -> None:
    assert {mart for mart, _, _ in EXAMPLES} == {path.stem for path in MARTS}


def test_no_question_is_asked_twice_of_a_mart() -> None:
    asked = [(mart, question) for mart, question, _ in EXAMPLES]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(("mart", "question", "query"), EXAMPLES)
def test_an_example_finds_rows(
    mart: str, question: str, query: str, sample: DuckDBPyConnection
) -> None:
    assert re.search(rf"\bfrom \w+\.{mart}\b", query), question
    assert bool(sample.execute(query).fetchall()) == (mart not in NEED_A_SECOND_DATE), question
