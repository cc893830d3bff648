"""Measures what was asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.bench.alone import peak_megabytes
from marketing_analytics.bench.answers import Question
from marketing_analytics.bench.data import World, make
from marketing_analytics.bench.facts import Bench, Domain, Peak, Size
from marketing_analytics.bench.measure import measure
from marketing_analytics.bench.plan import read_plans, whole_domain
from marketing_analytics.bench.queries import hand_queries
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.bench.queries import HandQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to measure."""

    rows: tuple[int, ...]
    domains: Collection[str]
    marts: Collection[str]
    pairs: int
    has_memory: bool
    memory_limit: str


def run(project: Path, folder: Path, asked: Asked, progress: Callable[[str], None]) -> Bench:
    """Measure every size, the smallest first."""
    sizes = []
    for rows in sorted(set(asked.rows)):
        world = World(folder=folder / str(rows), rows=rows)
        make(project, world, {hand.domain for hand in _chosen(asked)}, progress)
        sizes.append(_size(world, asked, progress))
    return Bench(sizes=tuple(sizes))


def questions(artifacts: Path, asked: Asked) -> list[Question]:
    """Return the marts that were asked for beside their queries by hand."""
    plans = read_plans(artifacts)
    return [Question(plan=plans[hand.mart], hand=hand) for hand in _chosen(asked)]


def _chosen(asked: Asked) -> list[HandQuery]:
    every = hand_queries()
    for name in asked.marts:
        if name not in every:
            raise MarketingAnalyticsError(
                f"{name} has no query by hand; there are {', '.join(every)}"
            )
    chosen = [
        hand
        for hand in every.values()
        if (not asked.marts or hand.mart in asked.marts)
        and (not asked.domains or hand.domain in asked.domains)
    ]
    if not chosen:
        raise MarketingAnalyticsError("no mart is in all that was asked for; leave --domain out")
    return sorted(chosen, key=lambda hand: (hand.domain, hand.mart))


def _size(world: World, asked: Asked, progress: Callable[[str], None]) -> Size:
    chosen = questions(world.artifacts, asked)
    connection = connect(world.database)
    try:
        connection.execute(f"set memory_limit = '{asked.memory_limit}'")
        marts = []
        for one in chosen:
            progress(f"{world.rows:,} rows: {one.plan.name}")
            marts.append(measure(connection, one, asked.pairs))
        domains = []
        for name in sorted({one.plan.domain for one in chosen}):
            progress(f"{world.rows:,} rows: all of {name}")
            of_domain = [one for one in chosen if one.plan.domain == name]
            hand_cpu = sum(m.hand_cpu for m in marts if m.domain == name and m.pairs)
            if hand_cpu:
                cpu = _whole(connection, of_domain)
                domains.append(Domain(name=name, project_cpu=cpu, hand_cpu=hand_cpu))
    finally:
        connection.close()
    peaks = {}
    if asked.has_memory:
        for one in chosen:
            progress(f"{world.rows:,} rows: memory of {one.plan.name}")
            peaks[one.plan.name] = _peak(world, one, asked.memory_limit)
    return Size(asked=world.rows, marts=tuple(marts), domains=tuple(domains), peaks=peaks)


def _whole(connection: DuckDBPyConnection, of_domain: Sequence[Question]) -> float:
    """Return the CPU seconds of all marts together, each model built once."""
    began = time.process_time()
    for step in whole_domain([one.plan for one in of_domain]):
        step.run(connection)
    for one in of_domain:
        one.read(connection)
    return time.process_time() - began


def _peak(world: World, question: Question, limit: str) -> Peak:
    project, hand = (
        peak_megabytes(world, question, by_hand=by_hand, limit=limit) for by_hand in (False, True)
    )
    return Peak(project=project, hand=hand)
