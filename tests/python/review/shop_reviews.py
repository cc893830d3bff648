"""Reviews of changes of the small shop: it is built once, each change on a copy of that."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.build import Builder, Built, relations_of
from marketing_analytics.review.report import Options, review_of
from marketing_analytics.review.selection import Selection, select, tests_of
from marketing_analytics.review.side import Origin, Side, new_side
from review.shop import shop_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.review.findings import Review

TODAY = date(2024, 7, 1)


@dataclass(frozen=True)
class ShopReviews:
    """`review` says of a change what `mktg review` would."""

    folder: Path
    worker: DbtWorker

    @cached_property
    def project(self) -> Path:
        return shop_project(self.folder / "project")

    @cached_property
    def origin(self) -> Origin:
        return Origin(project=self.project, target="sample", database=None, folder=self.folder)

    @cached_property
    def base(self) -> Side:
        """The shop as it was, all of it built and tested."""
        side = new_side("base", self.project, self.folder / "base", self.origin)
        builder = self._builder(side, side)
        builder.compile(self.worker, side)
        builder.make_room()
        compiled = side.compiled()
        every, none = frozenset(compiled.nodes), frozenset[str]()
        everything = Selection(
            changed=every, affected=every, tested=every, needed=none, retested=none
        )
        builder.build_base(compiled, everything)
        assert {result.status for result in side.built().results.values()} == {"success", "pass"}
        return side

    def review(self, change: Mapping[str, Any]) -> Review:
        """Make a change, build what it touches and judge it."""
        name = change["name"].replace(" ", "_")
        changed = self.folder / name / "project"
        shutil.copytree(self.project, changed)
        make(change, changed)
        head = new_side("head", changed, self.folder / name, self.origin)
        builder = self._builder(self.base, head)
        builder.compile(self.worker, head)
        compiled = self.base.compiled(), head.compiled()
        selection = select(*compiled)
        relations = relations_of(compiled, selection.affected)
        builder.take_over(head, compiled[1], selection, relations)
        builder.build_head(compiled[1], selection)
        # Of the base a review runs the same tests as of the head.
        before, tests = self.base.built(), tests_of(compiled[0], selection)
        results = {
            id_: result
            for id_, result in before.results.items()
            if id_ not in compiled[0].tests or id_ in tests
        }
        built = Built(
            base=replace(before, results=results),
            head=head.built(),
            base_name="main",
            head_name="branch",
            projects=(self.project, changed),
            open=lambda: builder.session(head),
        )
        options = Options(
            project=changed, output=self.folder / name, rules=None, expected=None, today=TODAY
        )
        return review_of(built, options)

    def _builder(self, base: Side, head: Side) -> Builder:
        return Builder(
            base=base,
            head=head,
            workers=(self.worker, self.worker),
            origin=self.origin,
            progress=lambda _: None,
        )


def make(change: Mapping[str, Any], project: Path) -> None:
    """Edit a project; an edit that finds nothing, or that in two places, is a mistake."""
    for old, new in change.get("move", {}).items():
        (project / old).rename(project / new)
    for path in change.get("remove", ()):
        (project / path).unlink()
    for path, replacements in change.get("edit", {}).items():
        text = (project / path).read_text(encoding="utf-8")
        for old, new in replacements.items():
            assert old in text, f"{change['name']}: {path} has no {old!r}"
            text = text.replace(old, new)
        (project / path).write_text(text, encoding="utf-8")
    for path, text in change.get("write", {}).items():
        (project / path).write_text(text, encoding="utf-8")
