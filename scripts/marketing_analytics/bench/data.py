"""Data of any size, made once and kept: a database per size, and the compiled project."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from marketing_analytics.dbt import dbt_worker
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.generate.files import write
from marketing_analytics.generate.registry import generator
from marketing_analytics.generate.request import Request
from marketing_analytics.load import load
from marketing_analytics.load.discovery import expand, inputs_by_name
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

MILLION = 1_000_000
SESSIONS_PER_CREATIVE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A raw source: the scale that makes a million rows of the table that its size is told by."""

    counted: str
    scale_per_million: float
    days: int | None = None


SOURCES = {
    "marketing_raw": Source(counted="sessions", scale_per_million=450),
    "dbt_production": Source(counted="orders", scale_per_million=610),
    "lottery_raw": Source(counted="ticket_purchases", scale_per_million=44, days=1095),
}
SOURCES_OF = {
    "marketing": ("marketing_raw",),
    "shop": ("dbt_production",),
    "finance": ("dbt_production",),
    "gaming": ("lottery_raw",),
    "attribution": ("marketing_raw", "dbt_production"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The folder of one size."""

    folder: Path
    rows: int

    @property
    def database(self) -> Path:
        """The file with the raw tables, the rules, and what is measured."""
        return self.folder / "local.duckdb"

    @property
    def artifacts(self) -> Path:
        """The folder with dbt's manifest of the compiled project."""
        return self.folder / "dbt"


def make(
    project: Path, world: World, domains: Iterable[str], progress: Callable[[str], None]
) -> None:
    """Make what is missing: raw data of the domains, and the compiled project in any case."""
    world.folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({source for domain in domains for source in SOURCES_OF[domain]}):
        loaded = world.folder / f"{name}.loaded"
        if not loaded.exists():
            progress(f"making {name}, {world.rows:,} rows")
            load_source(project, world, name, progress)
            loaded.touch()
    progress("compiling the project")
    _compile(project, world)


def load_source(project: Path, world: World, name: str, progress: Callable[[str], None]) -> None:
    """Make the raw data of a source and load them."""
    declared, makes, size = raw_source(project, name), generator(name), SOURCES[name]
    request = Request(
        seed=7,
        as_of=date(2024, 6, 30),
        days=size.days or makes.default_days,
        scale=size.scale_per_million * world.rows / MILLION,
    )
    files = world.folder / "raw" / name
    write(
        declared,
        makes,
        request,
        folder=files,
        file_format="parquet",
        prefix="",
        overwrite=True,
        progress=progress,
    )
    inputs, _ = inputs_by_name(declared, expand([str(files)]))
    result = load(
        declared,
        inputs,
        database=world.database,
        append=False,
        dry_run=False,
        max_rejected="0",
        progress=progress,
    )
    if result.failed:
        raise MarketingAnalyticsError(f"{files} cannot be loaded; try `mktg load {name}` with it")
    shutil.rmtree(files)
    if name == "marketing_raw":
        repeat_creatives(world)


def repeat_creatives(world: World) -> None:
    """Repeat the creatives until there is one for ten sessions.

    The generator has a few for each campaign, whatever the scale: a mart of creatives would be
    measured on some thirty rows at any size.
    """
    with connect(world.database) as connection:
        connection.execute(
            """
            insert into marketing_raw.ad_creatives by name
            select
                creatives.* replace (
                    creative_id || '_' || repetition as creative_id,
                    impressions + repetition as impressions
                )
            from marketing_raw.ad_creatives as creatives
            cross join range(1, (
                select ceil($1 / count(*))::bigint from marketing_raw.ad_creatives
            )) as repetitions(repetition)
            """,
            [world.rows // SESSIONS_PER_CREATIVE],
        )


def _compile(project: Path, world: World) -> None:
    places = ("--target", "local", "--target-path", str(world.artifacts))
    quiet = ("--log-path", str(world.artifacts), "--quiet")
    rules = world.folder / "rules.loaded"
    with dbt_worker(project) as worker:
        for command in (
            # Empty raw tables too, where a domain has no data here.
            ("seed", "--select", "path:seeds/rules"),
            ("compile", "--select", "resource_type:model", "--indirect-selection", "empty"),
        ):
            if command[0] == "seed" and _is_newer(rules, project / "seeds" / "rules"):
                continue
            run = worker.run(
                *command, *places, *quiet, environment={"MKTG_DATABASE_DIR": str(world.folder)}
            )
            if not run.success:
                raise MarketingAnalyticsError(
                    f"dbt {command[0]} failed: {run.error or world.artifacts / 'dbt.log'}"
                )
            if command[0] == "seed":
                rules.touch()


def _is_newer(marker: Path, folder: Path) -> bool:
    if not marker.exists():
        return False
    return all(file.stat().st_mtime < marker.stat().st_mtime for file in folder.iterdir())
