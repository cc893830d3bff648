"""A mart that becomes slow is found, and a quiet run finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.bench.answers import Question
from marketing_analytics.bench.baseline import find_worse
from marketing_analytics.bench.data import World, load_source
from marketing_analytics.bench.measure import measure
from marketing_analytics.bench.plan import read_plans
from marketing_analytics.bench.queries import hand_queries
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

MART = "customer_lifetime_value"
PAIRS = 5


@pytest.fixture(scope="module")
def world(made_once: Callable[..., Path]) -> World:
    def fill(folder: Path) -> None:
        load_source(PROJECT, World(folder=folder, rows=300_000), "marketing_raw", lambda _: None)

    return World(folder=made_once("bench-marketing", fill), rows=300_000)


@pytest.fixture(scope="module")
def connection(world: World) -> Iterator[DuckDBPyConnection]:
    connection = connect(world.database)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def question(compiled: Callable[[str], Path]) -> Question:
    return Question(plan=read_plans(compiled("{}"))[MART], hand=hand_queries()[MART])


@pytest.fixture(scope="module")
def before(connection: DuckDBPyConnection, question: Question) -> dict[str, float]:
    return {MART: measure(connection, question, PAIRS).cpu_ratio}


def slowed(question: Question, model: str, sql: str) -> Question:
    (step,) = (step for step in question.plan.steps if step.name == model)
    return Question(
        plan=question.plan.with_sql(model, sql.format(sql=step.sql)), hand=question.hand
    )


def test_a_quiet_run_finds_nothing(
    connection: DuckDBPyConnection, question: Question, before: dict[str, float]
) -> None:
    def again(_: str) -> float:
        return measure(connection, question, PAIRS).cpu_ratio

    assert find_worse(300_000, before, {MART: again(MART)}, again) == []


@pytest.mark.parametrize(
    ("model", "sql"),
    [
        # A second look at every session, which changes no row.
        ("stg_sessions", "{sql} union all select * from ({sql}) where md5(session_id) = 'none'"),
        # Each buyer beside a hundred others.
        (
            "int_user_ltv_metrics",
            "select metrics.* from ({sql}) as metrics cross join range(100) as others(n) "
            "where hash(user_id, n) % 100 <> 100 and n = 0 "
            "or (n > 0 and hash(user_id, n) = 0)",
        ),
    ],
)
def test_a_mart_that_scans_or_joins_more_is_found(
    connection: DuckDBPyConnection,
    question: Question,
    before: dict[str, float],
    model: str,
    sql: str,
) -> None:
    slow = slowed(question, model, sql)

    def again(_: str) -> float:
        return measure(connection, slow, PAIRS).cpu_ratio

    (worse,) = find_worse(300_000, before, {MART: again(MART)}, again)

    assert worse.name == MART
    assert worse.now > 1.25 * worse.before


def test_there_is_a_creative_for_ten_sessions(connection: DuckDBPyConnection) -> None:
    (count, ids, campaigns) = connection.execute(
        "select count(*), count(distinct creative_id), count(distinct campaign_id) "
        "from marketing_raw.ad_creatives"
    ).fetchone() or (0, 0, 0)

    assert count == ids
    assert 30_000 <= count < 30_100
    assert campaigns > 10


def test_a_mart_with_another_answer_gets_no_figure(
    connection: DuckDBPyConnection, question: Question
) -> None:
    wrong = slowed(question, "stg_sessions", "select * from ({sql}) limit 1000")

    measured = measure(connection, wrong, PAIRS)

    assert measured.difference is not None
    assert "acquisition_channel in " in measured.difference
    assert measured.pairs == ()


def test_too_little_memory_is_told_and_nothing_is_lost(
    connection: DuckDBPyConnection, question: Question
) -> None:
    (before,) = connection.execute("select current_setting('memory_limit')").fetchone() or ("",)
    connection.execute("set memory_limit = '5MB'")
    try:
        found = measure(connection, question, PAIRS)
    finally:
        connection.execute(f"set memory_limit = '{before}'")

    assert found.pairs == ()
    assert found.difference == "too little memory"
