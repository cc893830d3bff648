"""The SQL of this project: every column is traced, and as sqlglot's own lineage traces it."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.schema import MappingSchema

from marketing_analytics.review.code import Readers, code_changes, enumeration_gaps
from marketing_analytics.review.code.side import Side
from marketing_analytics.review.findings import Change
from marketing_analytics.review.read_artifacts import read_build
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from pathlib import Path

    from sqlglot.lineage import Node as LineageNode

    from marketing_analytics.review.artifacts import Build

PROJECT = "model.marketing_analytics."
MOST_PARSES = 4  # for what a third of the models feel, in times that parse all models once


@dataclass(frozen=True)
class Sample:
    build: Build
    types: dict[str, dict[str, str]]
    side: Side
    models: list[str]


@pytest.fixture(scope="module")
def project(sample_folder: Path) -> Sample:
    build = read_build(sample_folder / "manifest.json", None)
    types = read_types(sample_folder)
    models = sorted(uid for uid, node in build.nodes.items() if node.kind == "model")
    return Sample(build, types, Side(build, types), models)


def read_types(folder: Path) -> dict[str, dict[str, str]]:
    connection = connect(folder / "sample.duckdb", read_only=True)
    try:
        rows = connection.execute(
            "select schema_name || '.' || table_name, column_name, data_type"
            " from duckdb_columns() where not internal"
            " order by schema_name, table_name, column_index"
        ).fetchall()
    finally:
        connection.close()
    found: dict[str, dict[str, str]] = {}
    for relation, column, data_type in rows:
        found.setdefault(relation, {})[column] = data_type
    return found


def edited(build: Build, name: str, old: str, new: str) -> Build:
    node = build.nodes[PROJECT + name]
    code = node.compiled_code or ""
    assert old in code
    changed = replace(node, compiled_code=code.replace(old, new), checksum="edited")
    return replace(build, nodes={**build.nodes, changed.unique_id: changed})


def test_every_model_is_read_and_has_the_columns_of_its_table(project: Sample) -> None:
    assert len(project.models) > 100
    for uid in project.models:
        relation = project.side.reading(uid).relation
        assert list(relation.columns) == list(project.types[project.build.nodes[uid].relation])


def test_every_column_comes_from_columns_of_sources_and_nodes_or_is_a_constant(
    project: Sample,
) -> None:
    tables = {project.side.build.nodes[uid].relation: uid for uid in project.build.nodes}
    known = {
        (tables.get(relation, relation), column)
        for relation, columns in project.types.items()
        for column in columns
    }
    for uid in project.models:
        parents = set(project.build.nodes[uid].depends_on)
        for name, term in project.side.reading(uid).relation.columns.items():
            read = {(table, column) for table, column in term.reads if column}
            assert read <= known, (uid, name)
            assert {table for table, _ in read if table in project.build.nodes} <= parents


def _leaves(side: Side, node: LineageNode) -> set[tuple[str, str]]:
    found = set()
    for part in node.walk():
        table = part.source if isinstance(part.source, exp.Table) else part.expression
        if isinstance(table, exp.Table) and table.db:
            column = part.name.rpartition(".")[2].strip('"').lower()
            found.add((side.node_of(table) or side.source_of(table), column))
    return found


def test_lineage_is_that_of_sqlglot_and_the_joins_it_leaves_out(project: Sample) -> None:
    schema: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for relation, columns in project.types.items():
        place, _, name = relation.partition(".")
        schema[place][name] = columns
    known = MappingSchema(dict(schema), dialect="duckdb")
    compared = 0
    for uid in project.models:
        code = project.build.nodes[uid].compiled_code or ""
        found = lineage(None, code, known, dialect="duckdb", trim_selects=False, copy=False)
        has_joins = any(project.side.tree(uid).find_all(exp.Join))
        for name, node in found.items():
            reads = project.side.reading(uid).relation.columns[name.lower()].reads
            own = {(table, column) for table, column in reads if column}
            theirs = _leaves(project.side, node)
            assert theirs <= own, (uid, name)
            # What a left join matches by decides its columns too; sqlglot counts expressions alone.
            assert has_joins or own == theirs, (uid, name)
            compared += 1
    assert compared > 1000


def test_another_threshold_reaches_the_segment_and_what_is_made_of_it(project: Sample) -> None:
    head = edited(project.build, "mart_customer_revenue", ">= 5000", ">= 4000")
    found = code_changes(project.build, head, project.types)
    change = found[f"{PROJECT}mart_customer_revenue"]
    assert (change.change, change.columns) == (Change.LOGIC, frozenset({"cltv_segment"}))
    assert change.sentences == (
        "threshold 5000 becomes 4000 in cltv_segment (in customers_in_segments)",
    )
    ltv = found[f"{PROJECT}fct_customer_ltv"]
    assert (ltv.change, ltv.columns) == (Change.UPSTREAM, frozenset({"cltv_segment"}))


def test_a_comment_changes_nothing_and_reaches_nobody(project: Sample) -> None:
    head = edited(project.build, "stg_customers", "select", "/* all of them */ select")
    found = code_changes(project.build, head, project.types)
    assert {uid: change.change for uid, change in found.items()} == {
        f"{PROJECT}stg_customers": Change.NO_EFFECT
    }


def test_a_change_of_staging_costs_little_more_than_to_read_the_sql(project: Sample) -> None:
    head = edited(project.build, "stg_orders", "'placed'", "'entered'")
    started = time.process_time()
    for uid in project.models:
        sqlglot.parse_one(project.build.nodes[uid].compiled_code or "", dialect="duckdb")
    parsed = time.process_time()
    found = code_changes(project.build, head, project.types)
    assert len(found) > 30
    assert time.process_time() - parsed < MOST_PARSES * (parsed - started)
    assert found[f"{PROJECT}stg_orders"].columns == frozenset({"order_status_group"})


def test_columns_of_the_clock_are_named_where_they_are_read(project: Sample) -> None:
    head = edited(project.build, "dim_customer", "final as (", "final as (  -- again\n")
    found = code_changes(project.build, head, project.types)
    unstable = found[f"{PROJECT}dim_customer"].unstable
    assert unstable is not None
    assert unstable["dbt_updated_at"] == "holds the moment of the build"


def test_a_segment_more_is_missed_by_the_lists_of_finance(project: Sample) -> None:
    three = {"High", "Medium", "Low"}
    values = {(f"{PROJECT}mart_customer_revenue", "cltv_segment"): (three, {*three, "Top"})}
    found = enumeration_gaps(project.build, project.build, values, project.types)
    assert all(gap.uncovered == ("Top",) for gap in found)
    by_node = {gap.node.split(".")[2]: gap for gap in found}
    assert by_node["mart_finance_quarterly"].construct == "case"
    assert {gap.construct for gap in found} == {"case", "accepted_values"}


def test_the_segment_is_read_by_other_marts_and_their_dashboards(project: Sample) -> None:
    readers = Readers(project.build, project.types)
    found = readers.of(f"{PROJECT}mart_customer_revenue", "cltv_segment")
    assert f"{PROJECT}fct_customer_ltv" in found
    assert any(reader.startswith("exposure.") for reader in found)
    assert f"{PROJECT}stg_orders" not in found
