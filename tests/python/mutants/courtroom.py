"""The judges of the suite: which raw data, which tests, which compilation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from mutants.answers import answers_of, in_memory_warehouse
from mutants.judges import Answers, DataTests, UnitTests
from mutants.scene import SOURCES, Scene
from mutants.worlds import References, known_worlds, models_above, world_scene
from warehouse import (
    test_attribution,
    test_forecasts,
    test_rate_comparisons,
    test_sample,
    test_traps,
    test_traps_gaming,
    test_traps_shop,
)
from warehouse.compiled import OTHER_CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from mutants.artifacts import Artifacts
    from mutants.judges import InScene

WORKED = "worked answers"
# What they say of dbt's own doing, such as its warnings, is left to the judge of data tests.
NOT_OF_ROWS = (
    "test_the_traps_build_with_just_the_warnings_they_call_for",
    "test_no_model_reads_the_clock_but_for_a_day_that_lies_in_the_future",
    "test_the_tables_keep_their_promises",
)
FITTED = ("int_forecast_fits",)  # holds the numbers of the data that it was compiled on
SHOP_HISTORIES = ("customer_segment_history", "customer_revenue_segment_history")
GAMING_HISTORIES = ("player_tier_history",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtroom:
    """Where the compilation of the sample is, and its database, which holds the rule tables."""

    compiled: Artifacts
    database: Path

    def sample(self) -> Scene:
        """Return the sample."""
        scene = Scene(self.compiled.models)
        scene.copy_raw(self.database, (*SOURCES, "rules"))
        scene.create_missing_raw()
        scene.build()
        return scene

    def answers_of_sample(self, sample: Scene) -> Answers:
        """Return the judge of the tests that read nothing but the sample."""
        given = {"sample": sample.connection}
        modules = (test_forecasts, test_rate_comparisons, test_sample)
        answers = {k: v for module in modules for k, v in answers_of(module, given).items()}
        return Answers(name=WORKED, scene=sample, compiled=self.compiled, answers=answers)

    def unit_tests(self, sample: Scene) -> UnitTests:
        """Return the judge of the unit tests."""
        return UnitTests(connection=sample.connection, tests=self.compiled.unit_tests)

    def _trap(
        self, raw: Path, day: date | None, earlier: Scene | None, histories: tuple[str, ...]
    ) -> Scene:
        scene = Scene(self.compiled.models, as_of_date=day, leave_out=FITTED)
        scene.copy_raw(self.database, ("rules",))
        scene.copy_raw(raw, SOURCES)
        scene.create_missing_raw()
        if earlier is not None:
            scene.keep_earlier(earlier, histories)
        scene.build()
        return scene

    def traps(self, raw: Mapping[str, Path]) -> Iterator[InScene]:
        """Yield judges of the trap sets, whose files are given by source."""
        marketing, shop, gaming = (
            partial(self._trap, raw[source])
            for source in ("marketing_raw", "dbt_production", "lottery_raw")
        )
        shop_then = shop(test_traps_shop.THEN, None, ())
        gaming_then = gaming(test_traps_gaming.THEN, None, ())
        scenes: list[tuple[Scene, ModuleType, str]] = [
            (marketing(None, None, ()), test_traps, "traps"),
            (shop(None, shop_then, SHOP_HISTORIES), test_traps_shop, "now"),
            (gaming(None, gaming_then, GAMING_HISTORIES), test_traps_gaming, "now"),
            (marketing(date(2024, 1, 31), None, ()), test_traps, "earlier"),
            (shop_then, test_traps_shop, "then"),
            (shop(test_traps_shop.BEGINNING, None, ()), test_traps_shop, "beginning"),
            (gaming_then, test_traps_gaming, "then"),
        ]
        for scene, _, _ in scenes[:3]:
            yield DataTests(name="data tests", scene=scene, compiled=self.compiled)
        for scene, module, fixture in scenes:
            yield worked_answers(scene, self.compiled, module, fixture)

    def references(self, other: Artifacts, usual: int) -> Iterator[References]:
        """Yield judges of random worlds; `other` is compiled with the other choices."""
        compiled = {"{}": self.compiled, OTHER_CHOICES: other}
        for world in known_worlds(usual):
            yield References(
                name="references",
                scene=world_scene(world, compiled[world.choices], self.database),
                compiled=compiled[world.choices],
                world=world,
            )

    def attribution(self, compiled: Artifacts) -> Iterator[Answers]:
        """Yield judges of attribution, compiled with windows that hold everything."""
        for test, arguments in _attribution_tests():
            wanted = models_above(compiled, ["attribution_summary"])
            scene = Scene({k: m for k, m in compiled.models.items() if k in wanted})
            scene.copy_raw(self.database, ("rules",))
            scene.create_missing_raw()
            scene.connection.execute(_rows_built_by(test, arguments))
            scene.build()
            warehouse = in_memory_warehouse(scene.connection)

            def build(_: str, built: object = warehouse) -> object:
                return built

            answer = partial(test, build=build, **arguments)
            yield Answers(
                name=WORKED, scene=scene, compiled=compiled, answers={test.__name__: answer}
            )

    def cdnow(self, compiled: Artifacts, raw: Path) -> Answers:
        """Return the judge of the published forecasts, compiled on their data."""
        scene = Scene(compiled.models)
        scene.copy_raw(self.database, ("rules",))
        scene.copy_raw(raw, SOURCES)
        scene.create_missing_raw()
        scene.build()
        return worked_answers(scene, compiled, test_forecasts, "cdnow")


def worked_answers(scene: Scene, compiled: Artifacts, module: ModuleType, fixture: str) -> Answers:
    """Return the judge of the tests of a module that take one fixture."""
    given = {fixture: in_memory_warehouse(scene.connection)}
    answers = answers_of(module, given, NOT_OF_ROWS)
    return Answers(name=WORKED, scene=scene, compiled=compiled, answers=answers)


def _attribution_tests() -> Iterator[tuple[Callable[..., None], dict[str, Any]]]:
    rows = test_attribution.fixture_rows._get_wrapped_function()()
    yield (
        test_attribution.test_every_model_agrees_with_the_independent_libraries,
        {"fixture_rows": rows},
    )
    yield (
        test_attribution.test_markov_credits_are_those_of_exact_fractions_whatever_channels_are_called,
        {},
    )


class _Asked(Exception):  # noqa: N818 - no error
    """Carries the rows that a test asks to build."""


def _rows_built_by(test: Callable[..., None], arguments: Mapping[str, Any]) -> str:
    def build(rows: str) -> None:
        raise _Asked(rows)

    try:
        test(build=build, **arguments)
    except _Asked as asked:
        return str(asked.args[0])
    raise AssertionError(f"{test.__name__} builds nothing")
