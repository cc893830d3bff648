"""Ratios, parts of a build and a baseline: what is worse, what is chance, what is written."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.bench import baseline, run
from marketing_analytics.bench.data import World
from marketing_analytics.bench.facts import Bench, Domain, Measured, Pair, Share, Size, Used
from marketing_analytics.bench.queries import hand_queries
from marketing_analytics.bench.run import Asked, build_shares, parts
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def used(seconds: float) -> Used:
    return Used(cpu_seconds=seconds, wall_seconds=seconds / 2)


def measured(mart: str, *pairs: tuple[float, float]) -> Measured:
    return Measured(
        mart=mart,
        domain="shop",
        rows=1,
        difference=None,
        pairs=tuple(Pair(project=used(one), hand=used(other)) for one, other in pairs),
    )


def size(rows: int, *marts: Measured) -> Size:
    return Size(
        asked=rows,
        marts=marts,
        domains=(Domain(name="shop", project_cpu=3, hand_cpu=2),),
        shares={},
        peaks={},
    )


def refuse(name: str) -> float:
    raise AssertionError(f"{name} was measured again")


def test_a_ratio_is_the_median_of_its_pairs() -> None:
    orders = measured("orders", (3, 1), (1, 1), (2, 1))

    assert (orders.cpu_ratio, orders.wall_ratio) == (2, 2)


def test_a_quarter_more_is_not_yet_worse() -> None:
    assert baseline.find_worse(10, {"orders": 2.0}, {"orders": 2.5}, refuse) == []


def test_what_is_worse_each_time_is_found_with_its_best_ratio() -> None:
    again = iter([2.7, 2.6])

    found = baseline.find_worse(10, {"orders": 2.0}, {"orders": 2.9}, lambda _: next(again))

    assert found == [baseline.Worse(name="orders", rows=10, before=2.0, now=2.6)]
    assert list(again) == []


def test_what_is_worse_only_once_is_chance() -> None:
    again = iter([2.4])

    assert baseline.find_worse(10, {"orders": 2.0}, {"orders": 9.0}, lambda _: next(again)) == []


def test_a_ratio_of_the_baseline_that_nobody_measured_is_an_error() -> None:
    with pytest.raises(MarketingAnalyticsError, match="has customers at 10 rows"):
        baseline.find_worse(10, {"customers": 2.0}, {"orders": 2.0}, refuse)


def test_short_queries_are_judged_by_their_domain_alone(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"

    baseline.accept(
        file, size(10, measured("orders", (0.03, 0.02)), measured("customers", (0.03, 0.019)))
    )

    assert baseline.read(file) == {10: {"all of shop": 1.5, "orders": 1.5}}


def test_accepting_again_replaces_the_same_marts_of_the_same_size_alone(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    kept = {"10": {"orders": 9, "customers": 8}, "20": {"orders": 7}}
    file.write_text(json.dumps({"cpu_ratios": kept}))

    baseline.accept(file, size(10, measured("orders", (3, 1))))

    assert baseline.read(file) == {
        10: {"all of shop": 1.5, "customers": 8, "orders": 3},
        20: {"orders": 7},
    }


@pytest.mark.parametrize("content", ["no JSON", "{}", '{"cpu_ratios": []}'])
def test_a_file_that_is_no_baseline_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content)

    with pytest.raises(MarketingAnalyticsError, match="is no baseline"):
        baseline.read(file)


def test_the_committed_baseline_knows_marts_of_every_domain() -> None:
    every = hand_queries()
    domains = {hand.domain for hand in every.values()}

    names = {name for found in baseline.read(baseline.COMMITTED).values() for name in found}

    assert names - set(every) == {baseline.domain_name(domain) for domain in domains}


def test_growth_is_the_power_of_the_rows() -> None:
    small, large = (
        size(rows, measured("orders", (seconds, 1))) for rows, seconds in ((10, 1), (1000, 100))
    )

    assert Bench(sizes=(small, large)).growth("orders") == pytest.approx(1)
    assert Bench(sizes=(small, large)).growth("orders", by_hand=True) == pytest.approx(0)
    assert Bench(sizes=(small,)).growth("orders") is None


def test_a_mart_bears_itself_and_an_equal_part_of_what_is_none() -> None:
    needed = {
        "orders": ["staged", "orders"],
        "customers": ["staged", "orders", "names", "customers"],
        "products": ["products"],
    }

    found = parts(needed, {"staged": 4, "orders": 10, "names": 1, "customers": 3, "products": 2})

    # Two need `staged`, one `names`; `orders` is a mart, whoever reads it.
    assert found == {"orders": 10 + 2, "customers": 3 + 2 + 1, "products": 2}


class Step:
    """A model whose rounds take these seconds, by a clock that its steps move."""

    clock = 0.0

    def __init__(self, name: str, *seconds: float, by_hand: float = 0) -> None:
        self.name = name
        self.seconds = iter(seconds)
        self.seconds_by_hand = by_hand
        self.asked: list[str] = []

    def run(self, _connection: object) -> None:
        Step.clock += next(self.seconds)
        self.asked.append("project")

    last_step = run

    def by_hand(self, _connection: object) -> None:
        Step.clock += self.seconds_by_hand
        self.asked.append("hand")


def shares_of(marts: list[Step], shared: Step, rounds: int) -> dict[str, Share]:
    questions = [
        SimpleNamespace(
            plan=SimpleNamespace(name=mart.name, steps=(shared, mart)),
            last_step=mart.last_step,
            by_hand=mart.by_hand,
        )
        for mart in marts
    ]
    return build_shares(None, questions, rounds)  # type: ignore[arg-type]


def test_a_disturbed_build_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: Step.clock)
    orders = Step("orders", 1.5, 90.0, 2.5, by_hand=4)

    found = shares_of([orders], Step("stg_orders", 1, 1, 1), 3)

    assert found == {"orders": Share(project_cpu=3.5, hand_cpu=4)}


def test_what_no_mart_is_is_shared_and_a_query_by_hand_is_asked_beside_its_mart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "process_time", lambda: Step.clock)
    asked: list[str] = []
    marts = [Step("orders", 2, 2, by_hand=4), Step("customers", 3, 3, by_hand=5)]
    for mart in marts:
        mart.asked = asked

    found = shares_of(marts, Step("stg_orders", 1, 1), 2)

    assert found == {
        "orders": Share(project_cpu=2.5, hand_cpu=4),
        "customers": Share(project_cpu=3.5, hand_cpu=5),
    }
    # Neither is always the first.
    assert asked == ["project", "hand"] * 2 + ["hand", "project"] * 2


@pytest.fixture
def measure_without_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[Size, list[tuple[str, int]]]]:
    """Return what measures a mart per domain, each named as its domain, and tells what it built."""

    def measure_marts(
        domains: tuple[str, ...], marts: tuple[str, ...]
    ) -> tuple[Size, list[tuple[str, int]]]:
        built = []

        def build(_: object, chosen: list[SimpleNamespace], rounds: int) -> dict[str, Share]:
            built.append((" ".join(one.plan.domain for one in chosen), rounds))
            return {one.plan.name: Share(project_cpu=3, hand_cpu=2) for one in chosen}

        found = [SimpleNamespace(plan=SimpleNamespace(name=d, domain=d, steps=())) for d in domains]
        monkeypatch.setattr(run, "questions", lambda *_: found)
        monkeypatch.setattr(
            run, "measure", lambda _, one, *__, **___: measured(one.plan.name, (1, 1))
        )
        monkeypatch.setattr(run, "build_shares", build)
        size = run.measure_size(
            World(folder=tmp_path, rows=1),
            Asked(
                rows=(1,),
                domains=domains,
                marts=marts,
                pairs=2,
                builds=5,
                has_memory=False,
                memory_limit="1GiB",
            ),
            progress=lambda _: None,
        )
        return size, built

    return measure_marts


@pytest.mark.parametrize(
    ("domains", "rounds"),
    [
        (("shop", "gaming"), [("gaming", 2), ("shop", 2), ("shop gaming", 5)]),
        (("shop",), [("shop", 5)]),
    ],
)
def test_what_is_told_of_a_build_is_built_as_often_as_asked(
    measure_without_data: Callable[..., tuple[Size, list[tuple[str, int]]]],
    domains: tuple[str, ...],
    rounds: list[tuple[str, int]],
) -> None:
    _, built = measure_without_data(domains, marts=())

    assert built == rounds


def test_some_marts_are_not_all_of_their_domain(
    measure_without_data: Callable[..., tuple[Size, list[tuple[str, int]]]],
) -> None:
    every, _ = measure_without_data(("shop", "gaming"), marts=())
    some, _ = measure_without_data(("shop", "gaming"), marts=("shop", "gaming"))

    assert [one.name for one in every.totals] == ["gaming", "shop", "these domains"]
    assert some.totals == ()
    assert some.build_ratio(some.marts[0]) == 1.5
