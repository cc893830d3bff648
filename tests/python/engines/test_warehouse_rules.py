"""A construct that some engine lacks is found, with its model, its line and the dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines.required import require

require("warehouses", "sqlglot", "dbt.adapters.redshift")

from marketing_analytics.dbt import dbt_worker  # noqa: E402 (after what may skip)
from marketing_analytics.engines.warehouses.check import Checked, check  # noqa: E402
from marketing_analytics.engines.warehouses.rules import FUNCTIONS, broken_rules  # noqa: E402
from project_copy import copied_project  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

# Each is planted as a step of a model of its own. The query stands in for `orders`: these columns
# are there, and `order_id` is never null.
PLANTED = {
    "::": "select 'x'::varchar as found from final",
    "qualify": "select 1 as found from final qualify row_number() over (order by 1 nulls last) = 1",
    "filter (where": "select count(*) filter (where true) as found from final",
    "list or struct": "select array(1, 2) as found from final",
    "integer division": "select count(*) / 2 as found from final",
    "week": "select {{ dbt.date_trunc('week', \"cast('2024-01-01' as date)\") }} as found",
    "a window's order without nulls first or last": "select rank() over (order by 1) as found",
    "a quotient cast to an integer": "select cast(7.5 / 2 as integer) as found",
    "bare union": "select 1 as found union select 2 as found",
    "decimal without digits": "select cast('1.5' as decimal) as found",
    "ilike": "select 'x' ilike 'X' as found",
    "regular expression": "select 'x' ~ 'x' as found",
    "similar to": "select 'x' similar to 'x' as found",
    "is distinct from": "select 1 is distinct from 2 as found",
    "is not distinct from": "select 1 is not distinct from 2 as found",
    "ignore nulls": "select lag(1 ignore nulls) over (order by 1 nulls last) as found from final",
    "values as a table": "select * from (values (1), (2)) as found",
    "* except": "select * exclude (no_column) from final",
    "group by all": "select 1 as found from final group by all",
    "count(distinct a, b)": "select count(distinct 1, 2) as found from final",
    "count(distinct) over": "select count(distinct 1) over () as found from final",
    "string_agg()": "select string_agg('x', ',') as found from final",
    "generate_series()": "select generate_series(1, 2) as found",
    "median()": "select median(1) as found from final",
    "max_by()": "select max_by(1, 2) as found from final",
}
ENDING = "\n)\n\nselect * from final\n"  # of most models
# Redshift alone would round amounts to ten cents: a form of a macro that says something else.
SLIP = "{% macro redshift__type_money() %}decimal(18, 1){% endmacro %}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, int]]:
    """Return where each construct was planted, as path and line."""
    return {}


@pytest.fixture(scope="module")
def checked(
    planted: dict[str, tuple[str, int]],
    traps_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Checked:
    copy = copied_project(tmp_path_factory.mktemp("planted") / "project")
    (copy / "macros" / "redshift__type_money.sql").write_text(SLIP)
    paths = sorted((copy / "models" / "intermediate").rglob("*.sql"))
    plain = (path for path in paths if path.read_text().endswith(ENDING))
    for (construct, query), path in zip(PLANTED.items(), plain, strict=False):
        text = path.read_text().replace(ENDING, f"\n),\n\nplanted as (\n    {query}{ENDING}")
        path.write_text(text)
        line = text.splitlines().index(f"    {query}") + 1
        planted[construct] = (str(path.relative_to(copy)), line)
    with dbt_worker(copy) as worker:
        return check("redshift", traps_folder / "local.duckdb", worker, copy / "target")


@pytest.mark.parametrize("construct", PLANTED)
def test_a_planted_construct_is_found_where_it_stands(
    checked: Checked, planted: dict[str, tuple[str, int]], construct: str
) -> None:
    path, line = planted[construct]
    assert f"{path}:{line}: redshift: {construct}: " in "\n".join(map(str, checked.findings))


def test_nothing_else_breaks_a_rule(checked: Checked, planted: dict[str, tuple[str, int]]) -> None:
    messages = [f for f in checked.findings if f.message.partition(": ")[0] in PLANTED]
    assert {(f.path, f.line) for f in messages} == set(planted.values())


def test_a_macro_that_says_something_else_in_one_dialect_is_found(checked: Checked) -> None:
    differing = {f.path for f in checked.findings if "rows only expected" in f.message}
    assert "models/staging/shop/stg_payments.sql" in differing


@pytest.mark.parametrize("dialect", ["bigquery", "redshift", "snowflake", "databricks"])
@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("select\n    a / b as c\nfrom s.t", "integer division"),
        ("select\n    count(*) / count(a) as c\nfrom s.t", "integer division"),
        ("select\n    rank() over (partition by b order by a desc, b nulls last) as c\nfrom s.t",
         "a window's order without nulls first or last"),
        ("select 1 as c\nfrom s.t\nqualify 1 = 1", "qualify"),
        ("select\n    sum(a) filter (where a > 1) as c\nfrom s.t", "filter (where"),
        ("select 1 as c\nunion\nselect 2 as c", "bare union"),
        ("select\n    date_trunc('week', d) as c\nfrom s.t", "week"),
        ("select\n    a is distinct from b as c\nfrom s.t", "is distinct from"),
    ],
)  # fmt: skip
def test_a_rule_holds_in_every_dialect(dialect: str, sql: str, construct: str) -> None:
    if dialect == "bigquery" and construct == "week":
        sql = "select\n    date_trunc(d, week) as c\nfrom s.t"
    schema = {"s": {"t": {"a": "BIGINT", "b": "INTEGER", "d": "DATE"}}}
    found = [(line, rule.construct) for line, rule in broken_rules(sql, dialect, schema)]
    assert found == [(3 if construct == "qualify" else 2, construct)]


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - {"listagg"}))
def test_a_function_is_found_by_its_name(function: str) -> None:
    found = broken_rules(f"select 1 as a,\n{function}(b, b) as c from s.t", "redshift", {})
    assert (2, FUNCTIONS[function]) in found


@pytest.mark.parametrize("dialect", ["bigquery", "redshift", "snowflake", "databricks"])
@pytest.mark.parametrize("function", ["listagg", "string_agg"])
def test_what_dbts_listagg_says_is_no_finding_in_its_dialect(dialect: str, function: str) -> None:
    says = {"bigquery": "string_agg", "redshift": "listagg", "snowflake": "listagg"}
    found = broken_rules(f"select {function}(b, ',') as c from s.t", dialect, {})
    assert found == ([] if says.get(dialect) == function else [(1, FUNCTIONS[function])])


@pytest.mark.parametrize(
    "sql",
    [
        "select a / cast(b as double precision) as c from s.t",
        "select 'a::b ilike ~ qualify' as c -- x::y\nfrom s.t",
        "select sum(a) over (partition by b order by a nulls last rows 1 preceding) as c from s.t",
        "select cast(floor(a) as bigint) as c from s.t group by 1 union all select 1 as c",
        "select list, median from s.t order by list",
    ],
)
def test_what_every_engine_has_is_left_alone(sql: str) -> None:
    schema = {"s": {"t": {"a": "BIGINT", "b": "INTEGER", "list": "BIGINT", "median": "BIGINT"}}}
    assert broken_rules(sql, "redshift", schema) == []
