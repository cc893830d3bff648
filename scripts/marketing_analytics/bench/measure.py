"""What the project and the query by hand use for the same answer, in turns in one process."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

import duckdb

from marketing_analytics.bench.facts import Measured, Pair, Used

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from marketing_analytics.bench.answers import Question

    Answer: TypeAlias = Callable[[DuckDBPyConnection], None]

LEAST_CPU_SECONDS = 0.5  # that the pairs of a mart take together, so that chance evens out


def measure(
    connection: DuckDBPyConnection, question: Question, pairs: int, *, is_compared: bool = True
) -> Measured:
    """Answer in turns and return the pairs; nothing but the reason where there is no figure."""
    try:
        return _measured(connection, question, pairs, is_compared=is_compared)
    except duckdb.OutOfMemoryException:
        return Measured(
            mart=question.plan.name,
            domain=question.plan.domain,
            rows=0,
            difference="too little memory",
            pairs=(),
        )


def _measured(
    connection: DuckDBPyConnection, question: Question, pairs: int, *, is_compared: bool
) -> Measured:
    different = None
    if is_compared:
        different = question.difference(connection)
    else:  # the first run of a query is another one than all that follow
        question.plan.create_schemas(connection)
        _both(connection, question, is_project_first=True)
    rows = 0
    if different is None:
        rows = _count(connection, question.plan.relation)
    found: list[Pair] = []
    while different is None and not _is_enough(found, pairs):
        found.append(_both(connection, question, is_project_first=len(found) % 2 == 0))
    return Measured(
        mart=question.plan.name,
        domain=question.plan.domain,
        rows=rows,
        difference=different,
        pairs=tuple(found),
    )


def pair(
    connection: DuckDBPyConnection, project: Answer, hand: Answer, *, is_project_first: bool
) -> Pair:
    """Answer once by each, the one or the other first."""
    if is_project_first:
        return Pair(project=used(connection, project), hand=used(connection, hand))
    by_hand = used(connection, hand)
    return Pair(project=used(connection, project), hand=by_hand)


def _both(connection: DuckDBPyConnection, question: Question, *, is_project_first: bool) -> Pair:
    return pair(
        connection, question.by_project, question.by_hand, is_project_first=is_project_first
    )


def _is_enough(found: list[Pair], pairs: int) -> bool:
    if len(found) < pairs:
        return False
    least = median(min(one.project.cpu_seconds, one.hand.cpu_seconds) for one in found)
    return len(found) * least >= LEAST_CPU_SECONDS or len(found) >= 5 * pairs


def used(connection: DuckDBPyConnection, answer: Answer) -> Used:
    """Return what this process uses for an answer."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer(connection)
    return Used(
        cpu_seconds=time.process_time() - cpu,
        wall_seconds=time.perf_counter() - wall,
    )


def _count(connection: DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
