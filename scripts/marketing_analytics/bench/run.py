"""Measures what was asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.bench.alone import peak_megabytes
from marketing_analytics.bench.answers import Question
from marketing_analytics.bench.baseline import domain_name, find_worse, ratios
from marketing_analytics.bench.data import World, make
from marketing_analytics.bench.facts import Bench, Domain, Peak, Share, Size
from marketing_analytics.bench.measure import measure, pair, used
from marketing_analytics.bench.peers import measure_peers
from marketing_analytics.bench.plan import all_steps, read_plans
from marketing_analytics.bench.queries import hand_queries
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.load.sql import text
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.bench.baseline import Worse
    from marketing_analytics.bench.facts import PeerUsed
    from marketing_analytics.bench.queries import HandQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to measure."""

    rows: tuple[int, ...]
    domains: Collection[str]
    marts: Collection[str]
    pairs: int
    builds: int  # of all marts that are measured
    has_memory: bool
    is_compared: bool = True
    peers: Path | None = None  # folder of the other programs' environments, where they are asked
    memory_limit: str


def run(
    project: Path,
    folder: Path,
    asked: Asked,
    *,
    progress: Callable[[str], None],
    done: Callable[[Size], None],
) -> Bench:
    """Measure every size, the smallest first; tell `done` of each."""
    sizes = []
    for rows in sorted(set(asked.rows)):
        world = World(folder=folder / str(rows), rows=rows)
        make(project, world, {hand.domain for hand in _chosen(asked)}, progress)
        sizes.append(measure_size(world, asked, progress))
        done(sizes[-1])
    return Bench(sizes=tuple(sizes))


def check(
    project: Path,
    folder: Path,
    before: Mapping[int, Mapping[str, float]],
    asked: Asked,
    *,
    progress: Callable[[str], None],
    done: Callable[[Size], None],
) -> tuple[Bench, list[Worse]]:
    """Measure what a baseline has, at its sizes, and return what has become worse, too."""
    sizes, found = [], []
    for rows, names in sorted(before.items()):
        world = World(folder=folder / str(rows), rows=rows)
        domains = _domains(names)
        make(project, world, domains, progress)
        # The tests compare all answers on the sample.
        of_size = replace(asked, rows=(rows,), domains=domains, marts=(), is_compared=False)
        size = measure_size(world, of_size, progress)

        def again(name: str, world: World = world, of_size: Asked = of_size) -> float:
            return _measured_again(name, world, of_size, progress)

        sizes.append(size)
        done(size)
        found += find_worse(rows, names, ratios(size), again)
    return Bench(sizes=tuple(sizes)), found


def _domains(names: Iterable[str]) -> set[str]:
    """Return the domains of a baseline's names."""
    every = hand_queries()
    by_name = {domain_name(hand.domain): hand.domain for hand in every.values()}
    return {by_name.get(name) or every[name].domain for name in names if name in {*by_name, *every}}


def _measured_again(
    name: str, world: World, asked: Asked, progress: Callable[[str], None]
) -> float:
    """Return the ratio of a mart or a domain, measured with more pairs."""
    every = hand_queries()
    marts = [name] if name in every else []
    domains = () if marts else [d for d in asked.domains if domain_name(d) == name]
    more = replace(
        asked, marts=marts, domains=domains, pairs=2 * asked.pairs, builds=2 * asked.builds
    )
    size = measure_size(world, more, progress)
    if marts:
        return size.marts[0].cpu_ratio
    return size.domains[0].cpu_ratio


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


def measure_size(world: World, asked: Asked, progress: Callable[[str], None]) -> Size:
    """Measure one size, whose data are there."""
    chosen = questions(world.artifacts, asked)
    connection = connect(world.database)
    try:
        connection.execute(f"set memory_limit = {text(asked.memory_limit)}")
        connection.execute("set enable_progress_bar = false")
        marts = []
        for one in chosen:
            progress(f"{world.rows:,} rows: {one.plan.name}")
            marts.append(measure(connection, one, asked.pairs, is_compared=asked.is_compared))
        has_figure = {one.mart for one in marts if one.pairs}
        told = [one for one in chosen if one.plan.name in has_figure]
        builds: dict[str, dict[str, Share]] = {}
        shares: dict[str, Share] = {}
        domains = sorted({one.plan.domain for one in told})
        has_several = len(domains) > 1
        rounds = asked.pairs if has_several else asked.builds
        for domain in domains:
            progress(f"{world.rows:,} rows: all of {domain}")
            of_domain = [one for one in told if one.plan.domain == domain]
            builds[domain] = shares = build_shares(connection, of_domain, rounds)
        if has_several:
            progress(f"{world.rows:,} rows: all domains")
            shares = build_shares(connection, told, asked.builds)
    finally:
        for schema in sorted({step.schema for one in chosen for step in one.plan.steps}):
            connection.execute(f'drop schema if exists "{schema}" cascade')
        connection.close()
    peaks = {}
    if asked.has_memory:
        for one in chosen:
            progress(f"{world.rows:,} rows: memory of {one.plan.name}")
            peaks[one.plan.name] = _peak(world, one, asked.memory_limit)
    peers: tuple[PeerUsed, ...] = ()
    if asked.peers is not None:
        peers = measure_peers(asked.peers, world, chosen, progress)
    is_all = not asked.marts  # some marts of a domain are not all of it
    return Size(
        asked=world.rows,
        marts=tuple(marts),
        domains=tuple(
            total for name, found in builds.items() if is_all and (total := _total(name, found))
        ),
        everything=_total("these domains", shares) if is_all and has_several else None,
        shares=shares,
        peaks=peaks,
        peers=peers,
    )


def build_shares(
    connection: DuckDBPyConnection, chosen: Sequence[Question], rounds: int
) -> dict[str, Share]:
    """Build all marts once per round, answer each by hand beside it, and return what each took.

    Each model is built once. A mart bears itself, whoever reads it too: it is built for its own
    sake. What is none of these marts is borne equally by those that need it. Nothing where memory
    is too little; of several rounds the medians.
    """
    try:
        found = [
            _build(connection, chosen, is_project_first=number % 2 == 0) for number in range(rounds)
        ]
    except duckdb.OutOfMemoryException:
        return {}
    return {
        name: Share(
            project_cpu=median(shares[name].project_cpu for shares in found),
            hand_cpu=median(shares[name].hand_cpu for shares in found),
        )
        for name in (one.plan.name for one in chosen)
    }


def _build(
    connection: DuckDBPyConnection, chosen: Sequence[Question], *, is_project_first: bool
) -> dict[str, Share]:
    """Build all once; the query by hand is asked beside its mart, as a machine's pace changes."""
    questions = {one.plan.name: one for one in chosen}
    taken, by_hand = {}, {}
    for step in all_steps([one.plan for one in chosen]):
        question = questions.get(step.name)
        if question is None:
            taken[step.name] = used(connection, step.run).cpu_seconds
            continue
        both = pair(
            connection, question.last_step, question.by_hand, is_project_first=is_project_first
        )
        taken[step.name] = both.project.cpu_seconds
        by_hand[step.name] = both.hand.cpu_seconds
    of_marts = parts({one.plan.name: [s.name for s in one.plan.steps] for one in chosen}, taken)
    return {
        name: Share(project_cpu=project, hand_cpu=by_hand[name])
        for name, project in of_marts.items()
    }


def parts(needed: Mapping[str, Sequence[str]], taken: Mapping[str, float]) -> dict[str, float]:
    """Return the part of each mart in what all models took; together they are all of it.

    `needed` has the models of each mart, itself among them.
    """
    marts_of = Counter(name for names in needed.values() for name in names)
    return {
        mart: taken[mart] + sum(taken[n] / marts_of[n] for n in names if n not in needed)
        for mart, names in needed.items()
    }


def _total(name: str, shares: Mapping[str, Share]) -> Domain | None:
    """Return what some marts take together, in a build and by hand; None without a build."""
    if not shares:
        return None
    return Domain(
        name=name,
        project_cpu=sum(share.project_cpu for share in shares.values()),
        hand_cpu=sum(share.hand_cpu for share in shares.values()),
    )


def _peak(world: World, question: Question, limit: str) -> Peak:
    project, hand = (
        peak_megabytes(world, question, by_hand=by_hand, limit=limit) for by_hand in (False, True)
    )
    return Peak(project=project, hand=hand)
