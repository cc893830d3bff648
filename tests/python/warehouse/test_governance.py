"""What a build leaves behind beside its numbers: audit rows, grants, histories, hidden names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conftest import PROJECT
from marketing_analytics.raw_schema import raw_source
from project_copy import copied_project, in_copy
from warehouse.restored import RestoredWarehouse, raw_tables
from warehouse.trap_warehouse import Warehouse, money

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.dbt import DbtRun, DbtWorker

Node = dict[str, Any]
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


@pytest.fixture(scope="module")
def project(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> RestoredWarehouse:
    """The project without a var."""
    folder = tmp_path_factory.mktemp("governance")
    return RestoredWarehouse(warehouse=Warehouse(folder=folder, worker=worker))


# ------------------------------------------------- which build made these numbers

TWO_ORDERS = """
    insert into dbt_production.customers values ('a', 'Ann', 'A.', false), ('b', null, null, null);
    insert into dbt_production.orders values
        ('o1', 'a', '2024-01-01', 'completed', 'Bag'), ('o2', 'b', '2024-01-02', 'placed', 'Bag'),
        ('o3', 'a', '2024-01-03', 'completed', 'Hat');
    insert into dbt_production.payments values
        ('p1', 'o1', 'credit_card', 100, 'Bag'), ('p2', 'o1', 'coupon', 100, 'Bag'),
        ('p3', 'o3', 'coupon', 100, 'Bag');
"""
PAID = (
    *("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"),
    *("--select", "stg_customers", "stg_orders", "stg_payments", "stg_order_payments"),
)
OUTCOMES = {  # column of audit.builds, the states that it counts
    "built_count": ("success",),
    "passed_count": ("pass",),
    "warned_count": ("warn",),
    "failed_count": ("fail",),
    "error_count": ("error", "runtime error"),
    "skipped_count": ("skipped",),
}


def last_build(warehouse: Warehouse) -> Node:
    columns = warehouse.columns("audit.builds")
    *_, row = warehouse.rows("select * from audit.builds order by rowid")
    return dict(zip(columns, row, strict=True))


def outcomes(warehouse: Warehouse) -> dict[str, int]:
    """Return what dbt itself says about the last build, which counts the hooks, too."""
    found = {column: warehouse.statuses(*states) for column, states in OUTCOMES.items()}
    return {c: len([name for name in f if "-on-run-" not in name]) for c, f in found.items()}


def models_of(warehouse: Warehouse, build: Node) -> dict[Any, Any]:
    return warehouse.by_key(
        "select model_name, status, row_count from audit.built_models "
        f"where invocation_id = '{build['invocation_id']}'"
    )


@pytest.fixture(scope="module")
def two_orders(project: RestoredWarehouse) -> bytes:
    return project.database(raw_tables("dbt_production") + TWO_ORDERS)


@pytest.fixture(scope="module")
def first_build(project: RestoredWarehouse, two_orders: bytes) -> bytes:
    return project.built(two_orders, "", *PAID)


def test_a_build_leaves_a_row_and_one_per_model(
    project: RestoredWarehouse, first_build: bytes
) -> None:
    warehouse = project.restore(first_build)
    assert warehouse.rows("select count(*) from audit.builds") == [(1,)]
    build = last_build(warehouse)
    assert (build["command"], build["target_name"]) == ("build", "local")
    assert build["vars_json"] == "{}"
    assert build["git_commit"] is None
    assert build["started_at"] <= build["finished_at"]
    assert models_of(warehouse, build) == {
        "stg_customers": ("success", None),  # a view: not counted
        "stg_orders": ("success", None),
        "stg_payments": ("success", None),
        "stg_order_payments": ("success", 2),
    }


def test_a_build_that_fails_leaves_its_row_too(
    project: RestoredWarehouse, first_build: bytes
) -> None:
    change = """
        insert into dbt_production.customers values ('a', 'Ann again', 'A.', false);
        alter table dbt_production.payments drop column amount;
    """
    run = project.run(first_build, change, "build", *PAID)
    assert not run.success
    warehouse = project.warehouse
    assert warehouse.rows("select count(*) from audit.builds") == [(2,)]
    build = last_build(warehouse)
    assert {column: build[column] for column in OUTCOMES} == outcomes(warehouse)
    assert (build["built_count"], build["failed_count"], build["error_count"]) == (2, 1, 1)
    assert build["passed_count"] > 0
    assert build["skipped_count"] > 0
    assert models_of(warehouse, build) == {
        "stg_customers": ("success", None),
        "stg_orders": ("success", None),
        "stg_payments": ("error", None),
        "stg_order_payments": ("skipped", None),
    }
    assert len({hash_ for (hash_,) in warehouse.rows("select code_hash from audit.builds")}) == 1


def test_other_code_has_another_hash_and_vars_are_kept(
    project: RestoredWarehouse, first_build: bytes, worker: DbtWorker, tmp_path: Path
) -> None:
    copy = copied_project(tmp_path / "copy")
    with (copy / "models" / "staging" / "shop" / "stg_orders.sql").open("a") as file:
        file.write("where 1 = 1\n")
    before = last_build(project.restore(first_build))
    (tmp_path / "local.duckdb").write_bytes(first_build)
    warehouse = Warehouse(folder=tmp_path, worker=worker)
    chosen = "{as_of_date: 2024-06-15, segment_shift_rate: 0.2, staging_readers: ['o''h', x]}"
    run = warehouse.dbt(
        *("run", *in_copy(copy)),
        *("--select", "stg_orders", "--vars", chosen),
    )
    assert run.success, run.error
    build = last_build(warehouse)
    assert (build["command"], build["built_count"]) == ("run", 1)
    assert build["code_hash"] != before["code_hash"]
    assert json.loads(build["vars_json"]) == {
        "as_of_date": "2024-06-15",  # YAML reads a date
        "segment_shift_rate": "0.2",
        "staging_readers": "[\"o'h\", 'x']",
    }


# ------------------------------------------------- who may read what


@pytest.fixture(scope="module")
def readers(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The manifest of a project with readers."""
    folder = tmp_path_factory.mktemp("readers")
    warehouse = Warehouse(folder=folder, worker=worker)
    chosen = "{mart_readers: [analysts], staging_readers: [engineers, o'hara]}"
    run = warehouse.dbt("parse", "--vars", chosen)
    assert run.success, run.error
    loaded: Node = json.loads((folder / "manifest.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def nobody(sample_folder: Path) -> Node:
    """The manifest of a project without readers."""
    loaded: Node = json.loads((sample_folder / "manifest.json").read_text())
    return loaded


def models(manifest: Node, layer: str) -> list[Node]:
    found = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == layer
    ]
    assert found
    return found


def test_marts_and_staging_have_the_readers_that_are_named(readers: Node) -> None:
    for mart in models(readers, "marts"):
        assert mart["config"]["grants"] == {"select": ["analysts"]}, mart["name"]
    for staged in models(readers, "staging"):
        assert staged["config"]["grants"] == {"select": ["engineers", "o'hara"]}, staged["name"]
    for between in models(readers, "intermediate"):
        assert between["config"]["grants"] == {}, between["name"]


@pytest.mark.parametrize("layer", ["staging", "intermediate", "marts"])
def test_nobody_is_granted_anything_who_is_not_named(nobody: Node, layer: str) -> None:
    assert [m["name"] for m in models(nobody, layer) if m["config"]["grants"]] == []


# ------------------------------------------------- names of people


def tagged(node: Node) -> set[str]:
    columns = node["columns"].items()
    return {name for name, c in columns if "personal_data" in c["config"].get("tags", [])}


def test_a_name_keeps_its_tag_wherever_it_goes(nobody: Node) -> None:
    staged = {name for model in models(nobody, "staging") for name in tagged(model)}
    raw = {name for source in nobody["sources"].values() for name in tagged(source)}
    assert staged >= raw >= {"first_name", "last_name"}
    for layer in ("staging", "intermediate", "marts"):
        for model in models(nobody, layer):
            assert staged & set(model["columns"]) == tagged(model), model["name"]
            for name in tagged(model):
                assert model["columns"][name]["config"]["meta"]["personal_data"] is True


def test_no_mart_holds_a_name(nobody: Node, sample: DuckDBPyConnection) -> None:
    names = "select first_name from staging.stg_customers where first_name is not null"
    assert len(sample.execute(names).fetchall()) > 50
    columns = sample.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where schema_name in ('marketing', 'mart_marketing') and data_type = 'VARCHAR'"
    ).fetchall()
    assert len(columns) > 50
    shown = [
        (table, column)
        for table, column in columns
        if sample.execute(f"select 1 from {table} where {column} in ({names}) limit 1").fetchone()
    ]
    assert shown == []
    hidden = {name for model in models(nobody, "marts") for name in tagged(model)}
    for table, column in columns:
        if column in hidden:
            query = f"select count({column}), count(*) > 0 from {table}"
            assert sample.execute(query).fetchone() == (0, True)


# ------------------------------------------------- histories of the segments

D1, D2, D3 = "2024-01-31", "2024-02-29", "2024-03-31"
STABLE = "assert_customer_revenue_segments_are_stable"
HISTORIES = ("customer_revenue_segment_history", "customer_segment_history")


def as_of(day: str) -> str:
    """Return SQL that makes another day the as-of date, of what is built by hand too."""
    return f"""
        update intermediate.int_shop_as_of_date set as_of_date = '{day}';
        update mart_marketing.mart_customer_revenue set as_of_date = '{day}';
        update marketing.customer_segmentation set as_of_date = '{day}';
    """


@pytest.fixture(scope="module")
def hundred(project: RestoredWarehouse) -> bytes:
    """The marts that the histories read, made by hand: 10 High, 20 Medium and 70 Low customers."""
    marts = f"""
        create schema intermediate;
        create schema marketing;
        create schema mart_marketing;
        create table intermediate.int_shop_as_of_date as select cast('{D1}' as date) as as_of_date;
        create table mart_marketing.mart_customer_revenue as
        select
            n,
            cast(n as varchar) as customer_id,
            case when n <= 10 then 'High' when n <= 30 then 'Medium' else 'Low' end as cltv_segment,
            cast(n as decimal(18, 2)) as net_revenue_90d,
            cast('{D1}' as date) as as_of_date
        from range(1, 101) as numbers(n);
        create table marketing.customer_segmentation as
        select
            customer_id, 'Champions' as customer_segment, 'vip' as value_tier,
            'low' as churn_risk_level, as_of_date
        from mart_marketing.mart_customer_revenue where n <= 2;
    """
    return project.database(raw_tables("dbt_production") + marts)


@pytest.fixture(scope="module")
def january(project: RestoredWarehouse, hundred: bytes) -> bytes:
    return project.built(hundred, "", "--select", *HISTORIES, STABLE, *NO_UNIT_TESTS)


@pytest.fixture(scope="module")
def february(project: RestoredWarehouse, january: bytes) -> bytes:
    return project.built(january, as_of(D2), "--select", *HISTORIES, *NO_TESTS)


def kept(warehouse: Warehouse, *columns: str) -> list[tuple[Any, ...]]:
    """Return number and content of both histories by as-of date."""
    revenue, segments = (
        warehouse.rows(
            f"select as_of_date::varchar, count(*), {column} from {relation} group by 1 order by 1"
        )
        for column, relation in (
            ("sum(net_revenue_90d)", "mart_marketing.customer_revenue_segment_history"),
            ("max(customer_segment)", "marketing.customer_segment_history"),
        )
    )
    return [*revenue, *segments]


CHANGED = """
    delete from mart_marketing.mart_customer_revenue where n = 100;
    update marketing.customer_segmentation set customer_segment = 'Lost';
    delete from marketing.customer_segmentation where customer_id = '2';
"""


def test_two_as_of_dates_are_two_sets_of_rows(project: RestoredWarehouse, february: bytes) -> None:
    assert kept(project.restore(february)) == [
        *[(D1, 100, money("5050")), (D2, 100, money("5050"))],
        *[(D1, 2, "Champions"), (D2, 2, "Champions")],
    ]


@pytest.mark.parametrize("flags", [(), ("--full-refresh",)], ids=["build", "full refresh"])
def test_a_date_that_is_built_again_replaces_its_rows_and_no_others(
    project: RestoredWarehouse, february: bytes, flags: tuple[str, ...]
) -> None:
    again = project.built(february, as_of(D1) + CHANGED, *flags, "--select", *HISTORIES, *NO_TESTS)
    assert kept(project.restore(again)) == [
        *[(D1, 99, money("4950")), (D2, 100, money("5050"))],
        *[(D1, 1, "Lost"), (D2, 2, "Champions")],
    ]


def test_segments_without_an_earlier_date_are_stable(
    project: RestoredWarehouse, january: bytes
) -> None:
    run = project.run(january, CHANGED, "test", "--select", STABLE)
    assert run.success
    assert project.warehouse.statuses("pass") == [STABLE]


def turned(segment: str, *numbers: int) -> str:
    return f"""
        update mart_marketing.mart_customer_revenue set cltv_segment = '{segment}'
        where n in ({", ".join(map(str, numbers))});
    """


# 11 High, 18 Medium and 71 Low: ten customers of a hundred are in another segment.
TENTH = turned("Medium", 31, 32, 33) + turned("Low", 11, 12, 13, 14) + turned("High", 15)
TENTH += turned("Low", 1) + turned("High", 34)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(TENTH, {}, id="every measure moves by a tenth"),
        pytest.param(
            TENTH + turned("Low", 2) + turned("High", 35),
            {"customers who changed segment": 12},
            id="more than a tenth of the customers move",
        ),
        pytest.param(
            TENTH + turned("High", 16),
            {
                "customers in High": 12,
                "customers in Medium": 17,
                "customers who changed segment": 11,
            },
            id="segments grow and shrink",
        ),
        pytest.param(
            "delete from mart_marketing.mart_customer_revenue where n <= 2",
            {"customers in High": 8},
            id="customers are gone",
        ),
        pytest.param(
            "delete from mart_marketing.mart_customer_revenue where cltv_segment = 'High'",
            {"customers in High": 0},
            id="a segment is gone",
        ),
    ],
)
def test_segments_that_move_by_more_than_a_tenth_are_a_warning(
    project: RestoredWarehouse, february: bytes, change: str, found: dict[str, int]
) -> None:
    run = project.run(february, as_of(D3) + change, "test", "--select", STABLE, "--store-failures")
    assert run.success
    warehouse = project.warehouse
    assert warehouse.statuses("warn") == ([STABLE] if found else [])
    rows = warehouse.rows(f"select measure, found from dbt_test__audit.{STABLE}")
    assert dict(rows) == found


# ------------------------------------------------- raw tables that nobody has loaded


def tables(warehouse: Warehouse, schema: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the columns of each table, with their types."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, column, data_type in warehouse.rows(
        "select table_name, column_name, data_type from duckdb_columns() "
        f"where schema_name = '{schema}' order by table_name, column_index"
    ):
        found.setdefault(table, []).append((column, data_type.lower().replace(",", ", ")))
    return found


def declared(source: str) -> dict[str, list[tuple[str, str]]]:
    return {
        table.name: [(column.name, column.data_type) for column in table.columns]
        for table in raw_source(PROJECT, source).tables
    }


def said(run: DbtRun, words: str) -> list[str]:
    return [line.strip() for line in (run.error or "").splitlines() if words in line]


OPTIONAL = ("refunds", "order_items", "customer_contacts")


def test_a_shop_without_ads_and_refunds_builds_everything(project: RestoredWarehouse) -> None:
    """The marts of shop and finance of that build are in test_traps_shop.py."""
    shop = project.database(raw_tables("dbt_production", but=OPTIONAL) + TWO_ORDERS)
    built = project.built(
        *(shop, "", "--select", "+path:models/marts/marketing"),
        *("--exclude", "path:models/intermediate,resource_type:test"),
        *("path:models/staging,resource_type:test", "resource_type:source", *NO_UNIT_TESTS),
    )
    warehouse = project.restore(built)
    assert tables(warehouse, "dbt_production") == declared("dbt_production")
    assert tables(warehouse, "marketing_raw") == declared("marketing_raw")
    assert warehouse.rows("select count(*) from dbt_production.orders") == [(3,)]
    assert warehouse.rows("select count(*) from marketing.funnel_conversion_analysis") == [(0,)]


def test_ads_without_a_shop_have_its_tables_empty(project: RestoredWarehouse) -> None:
    """Everything that reads them is built in test_traps.py."""
    ads = project.database(raw_tables("marketing_raw"))
    built = project.built(ads, "", "--select", "stg_orders", *NO_TESTS)
    assert tables(project.restore(built), "dbt_production") == declared("dbt_production")


@pytest.mark.parametrize(
    ("source", "table"), [("dbt_production", "payments"), ("marketing_raw", "conversions")]
)
def test_a_table_that_cannot_be_missing_is_named_in_one_line(
    project: RestoredWarehouse, source: str, table: str
) -> None:
    raw = project.database(raw_tables(source, but=[table, *OPTIONAL]))
    run = project.run(raw, "", "build", "--select", "stg_orders", *NO_TESTS)
    assert not run.success
    assert said(run, "missing") == [
        f"The raw table {source}.{table} is missing, and {source} cannot do without it. Load it, "
        f"or create it empty with the columns of models/sources/{source}.yml."
    ]
    schemas = project.warehouse.rows("select distinct schema_name from duckdb_tables()")
    assert schemas == [(source,)]
    assert set(tables(project.warehouse, source)) == set(declared(source)) - {table, *OPTIONAL}
