"""Which nodes have to be built: those whose SQL or settings differ, and all that read them.

dbt's own state:modified compares what was written, so it does not see a changed var and takes every
reader of a changed macro for changed. What is compiled is what the database gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.reach import levels

if TYPE_CHECKING:
    from collections.abc import Collection

    from marketing_analytics.review.artifacts import Build, Node, Test

# Settings that say how a table is made. Others are words about it, or rights.
MAKING = (
    *("materialized", "unique_key", "incremental_strategy", "on_schema_change", "full_refresh"),
    *("column_types", "delimiter", "quote_columns", "strategy", "updated_at", "check_cols"),
    *("event_time", "batch_size", "begin", "lookback", "hard_deletes", "post-hook", "pre-hook"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to build, as unique ids."""

    changed: frozenset[str]  # of either build: differs, came or went
    affected: frozenset[str]  # those and all that read them
    tested: frozenset[str]  # those, and what other tests than before read
    needed: frozenset[str]  # what those and their tests read, directly or not
    retested: frozenset[str]  # tests that are not the same on both sides


def select(base: Build, head: Build) -> Selection:
    """Compare two compiled builds."""
    changed = frozenset(changed_nodes(base, head))
    affected = frozenset(levels(base, head, changed))
    retested = _retested(base, head)
    tested = affected | {node for test in retested for node in _reads(test, base, head)}
    read_by_tests = {
        node
        for build in (base, head)
        for test in build.tests.values()
        if tested & {*test.tested}
        for node in test.tested
        if node in build.nodes
    }
    return Selection(
        changed=changed,
        affected=affected,
        tested=tested,
        needed=frozenset(_ancestors(base, head, tested | read_by_tests) | read_by_tests) - tested,
        retested=frozenset(retested),
    )


def tests_of(build: Build, selection: Selection) -> set[str]:
    """Return the tests to run: of what is built anew, and those that are not as they were.

    A unit test brings its own rows, so that it says the same of a model whose code is as it was.
    """
    return {
        id_
        for id_, test in build.tests.items()
        if id_ in selection.retested
        or {*test.tested} & (selection.changed if test.kind == "unit" else selection.affected)
    }


def changed_nodes(base: Build, head: Build) -> set[str]:
    """Return the nodes that are made in another way, or on one side only."""
    found = set(base.nodes.keys() ^ head.nodes.keys())
    for id_ in base.nodes.keys() & head.nodes.keys():
        if _made_of(base.nodes[id_], base) != _made_of(head.nodes[id_], head):
            found.add(id_)
    return found


def _made_of(node: Node, build: Build) -> tuple[Any, ...]:
    contract = {name: column.data_type for name, column in node.columns.items()}
    return (
        same_text(node.compiled_code, build),
        node.checksum if node.kind == "seed" else None,
        node.materialized,
        node.is_contracted and contract,
        {name: node.config.get(name) for name in MAKING},
    )


def same_text(code: str | None, build: Build) -> str | None:
    """Return compiled SQL without what two builds of the same code write differently."""
    if code is None:
        return None
    for moment in build.moments:
        day, _, time = moment.partition(" ")
        code = re.sub(rf"{day}[ T]{time}(\.\d+)?", "…", code)
    for database in build.databases:  # a file of DuckDB is one
        code = re.sub(rf'"{re.escape(database)}"\.(?="[^"]+"\."[^"]+")', "", code)
    for node in build.nodes.values():
        if node.schema in code:
            schema, _, table = node.relation.partition(".")
            code = code.replace(f'"{schema}"."{table}"', f'"{node.unique_id}"')
    return code


def _retested(base: Build, head: Build) -> set[str]:
    """Return the tests that are not the same on both sides."""
    return {
        id_
        for id_ in base.tests.keys() | head.tests.keys()
        if _strictness(base.tests.get(id_)) != _strictness(head.tests.get(id_))
    }


def _reads(test: str, base: Build, head: Build) -> set[str]:
    return {
        node
        for build in (base, head)
        if test in build.tests
        for node in build.tests[test].tested
        if node in build.nodes
    }


def _strictness(test: Test | None) -> tuple[Any, ...] | None:
    if test is None:
        return None
    return test.severity, test.settings, test.arguments, test.tested


def _ancestors(base: Build, head: Build, nodes: Collection[str]) -> set[str]:
    """Return all that these nodes read, directly or not, in either build."""
    found: set[str] = set()
    row = list(nodes)
    while row:
        node = row.pop()
        for build in (base, head):
            if node in build.nodes:
                more = {*build.nodes[node].depends_on} & build.nodes.keys() - found
                found |= more
                row += more
    return found
