"""Random worlds of the suite with what the plain Python references say, drawn once and kept."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from hypothesis import given

from mutants.judges import InScene
from mutants.scene import Scene
from warehouse import (
    reference,
    test_random_worlds,
    test_random_worlds_gaming,
    test_random_worlds_shop,
)
from warehouse.compiled import OTHER_CHOICES
from warehouse.random_worlds import runs
from warehouse.reference_gaming import GAMING_MARTS, known_lottery
from warehouse.reference_shop import known_shop
from warehouse.row_differences import Row, row_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from mutants.artifacts import Artifacts

OWN_CHOICES = "{}"
IGNORED = "dbt_updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mart:
    """What a mart must hold."""

    rows: list[Row]
    key: tuple[str, ...]
    agree: Callable[[str, Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWorld:
    """Raw rows, the choice of vars to build them with, and the marts that plain Python made."""

    source: str
    choices: str
    raw: object
    as_of_date: Any
    marts: Mapping[str, Mart]
    leave_out: tuple[str, ...] = ()


def known_worlds(usual: int) -> Iterator[KnownWorld]:
    """Yield as many worlds of each source as its test tries."""
    yield from map(_marketing, _drawn(usual * 3 // 2, test_random_worlds))
    yield from map(_shop, _drawn(usual, test_random_worlds_shop))
    yield from map(_gaming, _drawn(usual, test_random_worlds_gaming))


def _drawn(count: int, module: Any) -> list[tuple[Any, Any]]:
    found = []
    choices = getattr(module, "rules_of_runs", None)

    @runs(count)
    @given(world=module.worlds, rules=module.as_of_dates if choices is None else choices)
    def keep(world: Any, rules: Any) -> None:
        found.append((world, rules))

    keep()
    return found


def _marketing(drawn: tuple[Any, Any]) -> KnownWorld:
    world, day = drawn
    rules = replace(test_random_worlds.RULES, as_of_date=day)
    marts = {
        name: Mart(rows=expected(world, rules), key=key, agree=test_random_worlds.agree)
        for name, (expected, key) in reference.MARTS.items()
    }
    return KnownWorld(
        source="marketing_raw", choices=OTHER_CHOICES, raw=world, as_of_date=day, marts=marts
    )


def _shop(drawn: tuple[Any, Any]) -> KnownWorld:
    world, rules = drawn
    shop = known_shop(world, rules)
    marts = {
        name: Mart(rows=expected(shop, rules), key=key, agree=test_random_worlds_shop.agree)
        for name, (expected, key) in test_random_worlds_shop.MARTS.items()
    }
    return KnownWorld(
        source="dbt_production",
        choices=OWN_CHOICES if rules.refund_basis == "order_date" else OTHER_CHOICES,
        raw=world,
        as_of_date=rules.as_of_date,
        marts=marts,
        leave_out=test_random_worlds_shop.HISTORIES,
    )


def _gaming(drawn: tuple[Any, Any]) -> KnownWorld:
    world, rules = drawn
    lottery = known_lottery(world, rules)
    marts = {
        name: Mart(rows=expected(lottery), key=key, agree=test_random_worlds_gaming.agree)
        for name, (expected, key) in GAMING_MARTS.items()
    }
    is_own = rules.rfm_weight == test_random_worlds_gaming.OWN.rfm_weight
    return KnownWorld(
        source="lottery_raw",
        choices=OWN_CHOICES if is_own else OTHER_CHOICES,
        raw=world,
        as_of_date=rules.as_of_date,
        marts=marts,
        leave_out=test_random_worlds_gaming.HISTORIES,
    )


def world_scene(world: KnownWorld, compiled: Artifacts, rules: Path) -> Scene:
    """Build the models above the marts of a world; `rules` is a database with the rule tables."""
    wanted = models_above(compiled, world.marts)
    models = {name: model for name, model in compiled.models.items() if name in wanted}
    scene = Scene(models, as_of_date=world.as_of_date, leave_out=world.leave_out)
    scene.copy_raw(rules, ("rules",))
    scene.create_missing_raw()
    for field in fields(world.raw):  # type: ignore[arg-type]
        rows = getattr(world.raw, field.name)
        if rows:
            names = ", ".join(f'"{f.name}"' for f in fields(rows[0]))
            marks = ", ".join("?" for _ in fields(rows[0]))
            scene.connection.executemany(
                f'insert into "{world.source}"."{field.name}" ({names}) values ({marks})',
                [list(astuple(row)) for row in rows],
            )
    scene.connection.execute("pragma disable_optimizer")
    scene.build()
    return scene


def models_above(compiled: Artifacts, marts: Collection[str]) -> set[str]:
    """Return the names of marts and of all that they read, directly or not."""
    wanted = set(marts)
    for model in reversed(list(compiled.models.values())):
        if model.name in wanted:
            wanted |= model.parents
    return wanted


@dataclass(slots=True, kw_only=True)
class References(InScene):
    """Plain loops that say what the marts of a random world hold."""

    world: KnownWorld

    def failing(self, changed: Collection[str]) -> str | None:
        """Return a mart that is not what the reference says."""
        for name, mart in self.world.marts.items():
            if name in changed and row_differences(
                self._rows(name), mart.rows, mart.key, mart.agree
            ):
                return f"{name} of a random world"
        return None

    def _rows(self, name: str) -> list[Row]:
        result = self.scene.connection.execute(f"from {self.scene.models[name].relation}")
        columns = [column[0] for column in result.description]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        return [{k: v for k, v in row.items() if k != IGNORED} for row in rows]
