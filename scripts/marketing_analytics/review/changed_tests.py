"""The tests before and after: newly failing, fixed, added, removed, weakened."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from marketing_analytics.review.findings import TestChange
from marketing_analytics.review.reach import teams_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from marketing_analytics.review.artifacts import Build, Test

Kind = Literal["newly failing", "still failing", "fixed", "added", "removed", "weakened", "same"]
BAD = {"fail", "error", "runtime error", "warn"}
LISTS_THAT_ADMIT = {"values", "columns", "combination_of_columns"}  # the longer, the looser
LOOSE_WHEN_MORE = re.compile(r"(max|upper|at_most|tolerance|threshold|days|hours|interval|limit)")
LOOSE_WHEN_LESS = re.compile(r"(min|lower|at_least)")


def changed_tests(
    base: Build,
    head: Build,
    nodes: Collection[str],
    renamed: Mapping[str, str] | None = None,
    fed: Callable[[str, str | None], Iterable[str]] = lambda _node, _column: (),
) -> tuple[TestChange, ...]:
    """Return the tests that read one of these nodes, and those that are not as they were.

    `renamed` gives nodes of the base that have another name now, with the unique id of that; `fed`
    the dashboards that a node feeds, by one of its columns if the test is of that.
    """
    found = []
    for before, after in _pairs(base.tests, head.tests, renamed or {}):
        change = _change(before, after, base, head)
        if change.kind != "same" or change.what:
            test = after or before
            column = test.column if test else None
            teams = {
                team
                for node in change.tested
                for team in teams_of(base, head, node, fed(node, column))
            }
            found.append(replace(change, relied_on_by=tuple(sorted(teams))))
        elif {*change.tested} & {*nodes} and not _is_spared(change, after or before):
            found.append(change)
    return tuple(sorted(found, key=lambda change: change.unique_id))


def _is_spared(change: TestChange, test: Test | None) -> bool:
    """Is it a unit test of a model whose code is as it was, which would say what it said?"""
    did_not_run = change.base_status is None and change.head_status is None
    return did_not_run and test is not None and test.kind == "unit"


def _pairs(
    base: Mapping[str, Test], head: Mapping[str, Test], renamed: Mapping[str, str]
) -> list[tuple[Test | None, Test | None]]:
    """Put tests together by id, which has their arguments in it, else by what they test."""
    pairs: list[tuple[Test | None, Test | None]] = [
        (base[id_], head[id_]) for id_ in base.keys() & head.keys()
    ]
    waiting: dict[tuple[object, ...], list[Test]] = defaultdict(list)
    for id_ in sorted(base.keys() - head.keys()):
        waiting[_subject(base[id_], renamed)].append(base[id_])
    for id_ in sorted(head.keys() - base.keys()):
        same_subject = waiting[_subject(head[id_], {})]
        pairs.append((same_subject.pop(0) if same_subject else None, head[id_]))
    pairs += [(test, None) for tests in waiting.values() for test in tests]
    return pairs


def _subject(test: Test, renamed: Mapping[str, str]) -> tuple[object, ...]:
    tested = tuple(renamed.get(id_, id_) for id_ in test.tested[:1])
    return test.kind, test.test, tested, test.column


def _change(before: Test | None, after: Test | None, base: Build, head: Build) -> TestChange:
    test = after or before
    assert test is not None
    was = base.results.get(before.unique_id) if before else None
    is_ = head.results.get(after.unique_id) if after else None
    kind, what = _kind(before, after, was.status if was else None, is_.status if is_ else None)
    return TestChange(
        unique_id=test.unique_id,
        name=test.name,
        test=test.test,
        severity=test.severity,
        tested=test.tested,
        base_status=was.status if was else None,
        head_status=is_.status if is_ else None,
        kind=kind,
        failures=is_.failures if is_ else None,
        what=what,
        description=test.description,
    )


def _kind(
    before: Test | None, after: Test | None, was: str | None, is_: str | None
) -> tuple[Kind, str]:
    if after is None:
        return "removed", ""
    if is_ in BAD and was not in BAD:
        return "newly failing", ""
    if before is None:
        return "added", ""
    looser = weakened(before, after)
    if looser:
        return "weakened", "; ".join(looser)
    if was in BAD and is_ is not None:
        return ("still failing", "") if is_ in BAD else ("fixed", "")
    return "same", "; ".join(_other_arguments(before, after))


def weakened(before: Test, after: Test) -> list[str]:
    """Say in words what lets more pass than before."""
    found = []
    if before.severity == "error" and after.severity != "error":
        found.append(f"severity {before.severity} became {after.severity}")
    was, is_ = before.settings.get("where"), after.settings.get("where")
    if is_ is not None and is_ != was:
        found.append(f"tests only rows where {is_}" + (f", before where {was}" if was else ""))
    for name in ("error_if", "warn_if"):
        found += _threshold(name, before.settings.get(name), after.settings.get(name))
    for name in sorted(before.arguments.keys() | after.arguments.keys()):
        found += _argument(name, before.arguments.get(name), after.arguments.get(name))
    return found


def _threshold(name: str, was: Any, is_: Any) -> list[str]:
    """Compare `error_if: > 5`; without it a single row fails the test."""
    if is_ is None or is_ == was:
        return []
    before, after = (re.search(r">=? *(\d+)", str(text)) for text in (was, is_))
    if before and after and int(after[1]) <= int(before[1]):
        return []
    return [f"{name} became {is_}" + (f", before {was}" if was else "")]


def _argument(name: str, was: Any, is_: Any) -> list[str]:
    if was == is_:
        return []
    if isinstance(was, list) and isinstance(is_, list):
        return _list(name, list(map(str, was)), list(map(str, is_)))
    if _is_number(was) and _is_number(is_):
        is_looser = (LOOSE_WHEN_MORE.search(name) and is_ > was) or (
            LOOSE_WHEN_LESS.search(name) and is_ < was
        )
        return [f"{name} became {is_}, before {was}"] if is_looser else []
    if is_ is None and _is_number(was):
        return [f"{name} {was} is gone"]
    return []


def _list(name: str, was: list[str], is_: list[str]) -> list[str]:
    if name in LISTS_THAT_ADMIT:
        more = [value for value in is_ if value not in was]
        return [f"{name} now include {', '.join(more)}"] if more else []
    fewer = [value for value in was if value not in is_]
    return [f"{name} no longer name {', '.join(fewer)}"] if fewer else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _other_arguments(before: Test, after: Test) -> list[str]:
    """Name arguments that changed without being looser for sure."""
    return [
        f"{name} is another one"
        for name in sorted(before.arguments.keys() | after.arguments.keys())
        if before.arguments.get(name) != after.arguments.get(name)
    ]
