"""Builds what a change touches, before and after, from the same raw data.

    compile   both sides, at the same time: what differs, and what reads it
    base      what that needs, then that; its tests
    head      a copy of the base in which what differs, and what reads it, is built again; its tests

Everything happens in a folder of its own; the user's database is only read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.dbt import dbt_worker
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.project import database_path
from marketing_analytics.review.checkout import SHORT, check_out, commit_of, common_commit
from marketing_analytics.review.data.postgres import drop_schemas, postgres_session
from marketing_analytics.review.data.raw_views import RAW, copy_without, new_database
from marketing_analytics.review.data.session import duckdb_session
from marketing_analytics.review.selection import select, tests_of
from marketing_analytics.review.side import Origin, new_side
from marketing_analytics.review.work_folder import PROJECT, work_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker
    from marketing_analytics.review.artifacts import Build
    from marketing_analytics.review.data.session import Session
    from marketing_analytics.review.selection import Selection
    from marketing_analytics.review.side import Side

WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
WORKING_TREE = "working tree"
OpenSession = Callable[[], AbstractContextManager["Session"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Two builds that can be compared."""

    base: Build
    head: Build
    base_name: str
    head_name: str
    open: OpenSession  # a connection to both
    open_again: OpenSession | None = None  # … to the base and a second build of it, for the noise
    projects: tuple[Path, Path] | None = None  # their files, where they are there


@contextmanager
def both_built(
    project: Path,
    folder: Path,
    *,
    base: str,
    head: str | None,
    target: str,
    noise_check: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Built]:
    """Build both sides below a folder, and take away what was built there in the end.

    Raises:
        MarketingAnalyticsError: a commit is not known, the raw data are not there, or dbt cannot
            read a side's project.
    """
    if noise_check and target == "postgres":
        raise MarketingAnalyticsError(
            "--noise-check builds the base once more into a file; leave it out on PostgreSQL"
        )
    if target == "local" and not database_path(target).is_file():
        raise MarketingAnalyticsError(
            f"{database_path(target)} does not exist; load raw data with `mktg load`, or review on "
            "--target sample"
        )
    with work_folder(folder) as work, ExitStack() as stack:
        commit = common_commit(project, base, head or "HEAD")
        before = check_out(project, commit, work / "base" / PROJECT)
        after = project
        if head is not None:
            after = check_out(project, commit_of(project, head), work / "head" / PROJECT)
        origin = Origin(
            project=project,
            target=target,
            database=database_path(target) if target == "local" else None,
            folder=folder,
        )
        with (
            ThreadPoolExecutor(2) as pool,
            dbt_worker(project) as one,
            dbt_worker(project) as other,
        ):
            builder = (PostgresBuilder if target == "postgres" else Builder)(
                base=new_side("base", before, work / "base", origin),
                head=new_side("head", after, work / "head", origin),
                workers=(one, other),
                origin=origin,
                progress=progress,
            )
            stack.callback(builder.clean_up)
            again = builder.build(pool, noise_check=noise_check)
        yield Built(
            base=builder.base.built(),
            head=builder.head.built(),
            base_name=f"{base} ({commit[:SHORT]})",
            head_name=WORKING_TREE if head is None else head,
            projects=(before, after),
            open=lambda: builder.session(builder.head),
            open_again=None if again is None else lambda: builder.session(again),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Builds both sides with two dbt processes, of which the first has the base."""

    base: Side
    head: Side
    workers: tuple[DbtWorker, DbtWorker]
    origin: Origin
    progress: Callable[[str], None]

    def build(self, pool: ThreadPoolExecutor, *, noise_check: bool) -> Side | None:
        """Build what differs and what reads it; return the base's second build, if asked for."""
        self.progress("compiling both sides")
        list(pool.map(self.compile, self.workers, (self.base, self.head)))
        compiled = self.base.compiled(), self.head.compiled()
        selection = select(*compiled)
        self.make_room()
        if selection.tested:
            count = len(selection.tested)
            self.progress(f"building {count} models and what they need, as they were")
            self.build_base(compiled[0], selection)
        self.progress(f"building {len(selection.affected)} models as they will be")
        relations = relations_of(compiled, selection.affected)
        self.take_over(self.head, compiled[1], selection, relations)
        self.build_head(compiled[1], selection)
        return self._build_again(compiled[0], selection) if noise_check else None

    # Where the two sides are: here in two files of DuckDB

    def compile(self, worker: DbtWorker, side: Side) -> None:
        """Compile every model of a side; what dbt knows of it is kept beside what it writes."""
        only_models = ("--select", "resource_type:model", "--indirect-selection", "empty")
        must_run(side, worker.run(*side.arguments("compile"), *only_models))
        side.keep_compiled()

    def make_room(self) -> None:
        """Make the base's database, in which the raw tables can be read."""
        schemas = self.base.raw_schemas() | self.head.raw_schemas()
        new_database(self.base.database, self.origin.database, schemas)

    def take_over(
        self, side: Side, compiled: Build, selection: Selection, relations: set[str]
    ) -> None:
        """Give another side what the base has built and what stays as it is."""
        del compiled, selection
        copy_without(self.base.database, side.database, relations)

    def session(self, side: Side) -> AbstractContextManager[Session]:
        """Connect to the base and to another side."""
        others = {} if self.origin.database is None else {RAW: self.origin.database}
        return duckdb_session(
            self.base.database, side.database, others=others, spill=self.base.folder / "spill"
        )

    def clean_up(self) -> None:
        """Take away what is not in the review's own folder: nothing."""

    def build_base(self, compiled: Build, selection: Selection) -> None:
        """Build what is compared and what it reads, as it was."""
        names = _names(compiled, selection.needed | selection.tested)
        if names:
            self.run(self.base, *names)
        self._test(self.base, compiled, selection)

    def build_head(self, compiled: Build, selection: Selection) -> None:
        """Build what is compared anew, where the rest is already."""
        names = _names(compiled, selection.affected)
        if names:
            self.run(self.head, *names)
        self._test(self.head, compiled, selection)

    def _test(self, side: Side, compiled: Build, selection: Selection) -> None:
        """Run the tests when all is built: in a build, one that fails keeps its readers out."""
        results = side.built().results
        failed = {id_ for id_, result in results.items() if result.status in ("error", "skipped")}
        tests = [compiled.tests[id_] for id_ in sorted(tests_of(compiled, selection))]
        names = [test.name for test in tests if not failed & {*test.tested}]
        if names:
            must_run(side, self._worker(side).run(*side.arguments("test"), "--select", *names))
            side.keep_results([test.unique_id for test in tests if failed & {*test.tested}])

    def _build_again(self, compiled: Build, selection: Selection) -> Side | None:
        """Build what is compared of the base a second time."""
        names = _names(compiled, selection.affected)
        if not names:
            return None
        self.progress(f"building {len(names)} models once more as they were")
        again = new_side("base", self.base.project, self.base.folder / "again", self.origin)
        relations = relations_of([compiled], selection.affected)
        self.take_over(again, compiled, selection, relations)
        self.run(again, *names)
        return again

    def run(self, side: Side, *names: str) -> None:
        """Build some nodes of a side, without their tests."""
        arguments = side.arguments("build")
        must_run(side, self._worker(side).run(*arguments, "--select", *names, *WITHOUT_TESTS))
        side.keep_results()

    def _worker(self, side: Side) -> DbtWorker:
        return self.workers[0 if side.name == "base" else 1]


def must_run(side: Side, run: DbtRun) -> None:
    """Stop where dbt ran nothing at all; a model that failed is in its results."""
    if run.error is not None:
        what_to_do = "mend it" if side.name == "head" else "give another commit with --base"
        reason = " ".join(run.error.split())
        raise MarketingAnalyticsError(f"dbt cannot build the {side.name}; {what_to_do}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresBuilder(Builder):
    """Builds both sides in the database of the raw tables, in schemas of their own.

    PostgreSQL reads one database at a time, so neither side can have one to itself.
    """

    def compile(self, worker: DbtWorker, side: Side) -> None:
        """Compile a side twice: only then are the schemas known that get another name."""
        must_run(side, worker.run(*side.arguments("parse")))
        nodes = json.loads(side.artifact("manifest.json").read_text(encoding="utf-8"))["nodes"]
        prefix = self.origin.prefix(side.name)
        side.variables["schemas"] = {
            node["config"]["schema"]: f"{prefix}{node['schema']}"
            for node in nodes.values()
            if node["resource_type"] != "test" and node["config"].get("schema")
        }
        Builder.compile(self, worker, side)
        for node in side.compiled().nodes.values():
            if not node.schema.startswith(prefix):
                raise MarketingAnalyticsError(
                    f"{node.name} of the {side.name} would be built in schema {node.schema}, "
                    "where others read it: var schemas does not rename it there"
                )

    def make_room(self) -> None:
        """Drop what a killed review has left; dbt makes the schemas."""
        self.clean_up()

    def take_over(
        self, side: Side, compiled: Build, selection: Selection, relations: set[str]
    ) -> None:
        """Build what stays as it is once more: a view there cannot move to another schema."""
        del relations
        needed = _names(compiled, selection.needed | (selection.tested - selection.affected))
        if needed:
            self.run(side, *needed)

    def session(self, side: Side) -> AbstractContextManager[Session]:
        """Connect to the database that holds both."""
        del side
        return postgres_session()

    def clean_up(self) -> None:
        """Drop the schemas of both sides."""
        for side in (self.base, self.head):
            drop_schemas(self.origin.prefix(side.name))


def _names(build: Build, nodes: Collection[str]) -> list[str]:
    return sorted(build.nodes[id_].name for id_ in nodes if id_ in build.nodes)


def relations_of(builds: Iterable[Build], nodes: Collection[str]) -> set[str]:
    """Return the tables and views of these nodes in any of the builds."""
    return {build.nodes[id_].relation for build in builds for id_ in nodes if id_ in build.nodes}
