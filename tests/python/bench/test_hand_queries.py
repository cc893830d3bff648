"""The hand-written queries give the answers of the marts, from raw data alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.bench.plan import read_plans
from marketing_analytics.bench.queries import hand_queries, left_out
from marketing_analytics.bench.same import difference

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.bench.plan import MartPlan

RAW = {"marketing_raw", "dbt_production", "lottery_raw"}
HAND = hand_queries()


@pytest.fixture(scope="module")
def plans(sample_folder: Path) -> dict[str, MartPlan]:
    return read_plans(sample_folder)


@pytest.mark.parametrize("mart", HAND)
def test_a_hand_query_gives_all_rows_of_its_mart(
    sample: DuckDBPyConnection, plans: dict[str, MartPlan], mart: str
) -> None:
    for statement in HAND[mart].preparations:
        sample.execute(statement)
    sample.execute(f"create or replace temp table by_hand as {HAND[mart].query}")

    assert difference(sample, plans[mart].relation, "by_hand", plans[mart].key) is None


@pytest.mark.parametrize("mart", HAND)
def test_a_hand_query_reads_no_model(plans: dict[str, MartPlan], mart: str) -> None:
    built = {step.schema for plan in plans.values() for step in plan.steps}

    read = set(re.findall(r"\b([a-z_]+)\.[a-z_]+", HAND[mart].query))

    assert not read & built
    assert read & RAW


def test_every_mart_has_a_hand_query_in_its_domain_or_a_reason_why_not(
    plans: dict[str, MartPlan],
) -> None:
    assert sorted([*HAND, *left_out()]) == sorted(plans)
    assert {mart: hand.domain for mart, hand in HAND.items()} == {
        mart: plan.domain for mart, plan in plans.items() if mart in HAND
    }
    assert all(left_out().values())
