"""What is read of dbt's artifacts, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.keys import primary_keys
from marketing_analytics.review.read_artifacts import read_build
from review.artifacts_made import data_test, written

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = "model.shop.orders"
MANIFEST: dict[str, Any] = {
    "metadata": {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v99.json",
        "project_name": "shop",
        "adapter_type": "duckdb",
    },
    "nodes": {
        ORDERS: {
            "unique_id": ORDERS,
            "name": "orders",
            "resource_type": "model",
            "original_file_path": "models/orders.sql",
            "schema": "marts",
            "alias": "all_orders",
            "checksum": {"name": "sha256", "checksum": "c0ffee"},
            "config": {"materialized": "table", "meta": {"owner": "Finance"}, "tags": ["nightly"]},
            "contract": {"enforced": True},
            "access": "public",
            "columns": {"id": {"name": "id", "data_type": "bigint", "description": " The id. "}},
            "primary_key": ["id"],
            "depends_on": {"nodes": ["model.shop.stg_orders"]},
            "compiled_code": "select 1",
            "unheard_of": {"a": "key of a later version"},
        },
        "model.shop.passing": {
            "unique_id": "model.shop.passing",
            "name": "passing",
            "resource_type": "model",
            "config": {"materialized": "ephemeral"},
        },
        "test.shop.accepted.1": {
            "unique_id": "test.shop.accepted.1",
            "name": "accepted",
            "resource_type": "test",
            "column_name": "status",
            "attached_node": ORDERS,
            "config": {"severity": "WARN", "error_if": "> 5", "warn_if": "!= 0", "where": None},
            "depends_on": {"nodes": ["model.shop.stg_orders", ORDERS]},
            "test_metadata": {
                "name": "accepted_values",
                "kwargs": {"column_name": "status", "values": ["a", "b"], "model": "{{ … }}"},
            },
        },
    },
    "unit_tests": {
        "unit_test.shop.orders.adds": {
            "unique_id": "unit_test.shop.orders.adds",
            "name": "adds",
            "depends_on": {"nodes": [ORDERS]},
        }
    },
    "exposures": {
        "exposure.shop.board": {
            "unique_id": "exposure.shop.board",
            "name": "board",
            "label": "The board",
            "type": "dashboard",
            "owner": {"email": "finance@example.com"},
            "config": {"meta": {"approvals": ["Finance", "Growth"]}},
            "depends_on": {"nodes": [ORDERS]},
        }
    },
    "metrics": {"metric.shop.revenue": {"depends_on": {"nodes": [ORDERS]}}},
}
RUN_RESULTS: dict[str, Any] = {
    "args": {"which": "build", "target": "local"},
    "results": [
        {"unique_id": "operation.shop.on-run-start-0", "status": "success", "execution_time": 1},
        {
            "unique_id": ORDERS,
            "status": "success",
            "execution_time": 2.5,
            "adapter_response": {"bytes_billed": 1024},
        },
        {"unique_id": "test.shop.accepted.1", "status": "fail", "failures": 3, "message": "Got 3"},
    ],
}


def test_reads_a_manifest_of_a_later_version(tmp_path: Path) -> None:
    build = read_build(
        written(tmp_path / "manifest.json", MANIFEST),
        written(tmp_path / "run_results.json", RUN_RESULTS),
    )
    assert (build.project, build.target, build.adapter) == ("shop", "local", "duckdb")
    assert list(build.nodes) == [ORDERS]  # an ephemeral model has no table
    orders = build.nodes[ORDERS]
    assert (orders.relation, orders.checksum) == ("marts.all_orders", "c0ffee")
    assert (orders.materialized, orders.meta, orders.tags) == (
        "table",
        {"owner": "Finance"},
        ("nightly",),
    )
    assert (orders.is_contracted, orders.primary_key) == (True, ("id",))
    assert orders.columns["id"].description == "The id."
    assert build.exposures["exposure.shop.board"].approvals == ("Finance", "Growth")
    assert build.exposures["exposure.shop.board"].owner == "finance@example.com"
    assert build.metrics == {"metric.shop.revenue": (ORDERS,)}


def test_reads_who_reads_what_without_a_child_map(tmp_path: Path) -> None:
    build = read_build(written(tmp_path / "manifest.json", MANIFEST), None)
    assert build.children[ORDERS] == (
        "test.shop.accepted.1",
        "exposure.shop.board",
        "metric.shop.revenue",
        "unit_test.shop.orders.adds",
    )
    assert build.results == {}


def test_reads_tests_and_what_makes_them_looser(tmp_path: Path) -> None:
    build = read_build(written(tmp_path / "manifest.json", MANIFEST), None)
    test = build.tests["test.shop.accepted.1"]
    assert (test.test, test.column, test.severity) == ("accepted_values", "status", "warn")
    assert test.arguments == {"values": ["a", "b"]}
    assert test.settings == {"error_if": "> 5"}
    assert test.tested == (ORDERS, "model.shop.stg_orders")  # what it is attached to comes first
    assert build.tests["unit_test.shop.orders.adds"].kind == "unit"


def test_hooks_are_no_results(tmp_path: Path) -> None:
    build = read_build(
        written(tmp_path / "manifest.json", MANIFEST),
        written(tmp_path / "run_results.json", RUN_RESULTS),
    )
    assert list(build.results) == [ORDERS, "test.shop.accepted.1"]
    assert (build.results[ORDERS].seconds, build.results[ORDERS].bytes_billed) == (2.5, 1024)
    assert build.results["test.shop.accepted.1"].failures == 3


def test_a_build_began_when_its_results_say_so_too(tmp_path: Path) -> None:
    """After a partial parse the manifest has the time of the parse before."""
    parsed = {"run_started_at": "2024-01-30T09:00:00.5+00:00"}
    ran = {**RUN_RESULTS, "metadata": {"invocation_started_at": "2024-01-31T10:20:30.999900Z"}}
    build = read_build(
        written(tmp_path / "manifest.json", {**MANIFEST, "metadata": parsed}),
        written(tmp_path / "run_results.json", ran),
    )
    assert build.moments == ("2024-01-30 09:00:00", "2024-01-31 10:20:30", "2024-01-31 10:20:31")
    assert read_build(tmp_path / "manifest.json", None).moments == ("2024-01-30 09:00:00",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"metadata": {}}', "has no nodes"),
        ("{", "is no JSON"),
        ("[]", "has no nodes"),
        (None, "does not exist"),
    ],
)
def test_says_what_is_wrong_with_a_manifest(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(MarketingAnalyticsError, match=message) as raised:
        read_build(path, None)
    assert "`dbt build`" in str(raised.value)


@pytest.mark.parametrize("which", ["generate", "compile"])
def test_refuses_run_results_that_are_not_of_a_build(tmp_path: Path, which: str) -> None:
    manifest = written(tmp_path / "manifest.json", MANIFEST)
    ran = written(tmp_path / "run_results.json", {"args": {"which": which}, "results": []})
    with pytest.raises(MarketingAnalyticsError, match=f"`dbt (docs )?{which}`"):
        read_build(manifest, ran)


def test_a_key_is_what_a_test_says_is_unique() -> None:
    tests = [
        data_test("a", "orders", test="unique", column="number"),
        data_test("b", "orders", test="unique", column="id"),
        data_test("c", "orders", test="not_null", column="id"),
        data_test("d", "days", test="unique_combination", arguments={"columns": ["day", "shop"]}),
        data_test("e", "days", test="unique", column="row_number"),
        data_test("f", "items", test="unique", column="id", settings={"where": "id > 7"}),
        data_test("g", "names", test="unique", column="name"),
    ]
    assert primary_keys(tests) == {
        "model.marketing_analytics.orders": ("id",),  # never null, the other may be
        "model.marketing_analytics.days": ("day", "shop"),
        "model.marketing_analytics.names": ("name",),
    }
