"""The review of the document, made again.

Revenue of 90 days instead of all time, refunds taken off, a third segment.

The base is how the mart was before: all that a customer ever paid, two segments. The head is the
project's own. Both are built from the same raw data, by hand:

    customers           orders                        before            after
    20 regular ones     12,000 in December            12,000  High      12,000  High
    13 who have left    15,000 in March, 500 in Dec.  15,500  High         500  Low
    22 large ones       6,000 in December              6,000  Low        6,000  High
    30 with a refund    2,000 in Dec., 400 refunded    2,000  Low        1,600  Medium
    40 small ones       300 in December                  300  Low          300  Low
     5 without orders                                      0  Low            0  Low

A test user with 50,000 counts nowhere. High was from 10,000 of all time; it is from 5,000 of 90
days.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from conftest import PROJECT
from marketing_analytics.commands.review import review
from marketing_analytics.warehouse import connect
from project_copy import copied_project
from review.git_folder import committed, git

if TYPE_CHECKING:
    from pathlib import Path

MART = "models/marts/finance/mart_customer_revenue"
GROUPS = {  # customers, and what each paid and got back: day, amount
    "regular": (20, [("2024-12-01", 12_000)], []),
    "left": (13, [("2024-03-01", 15_000), ("2024-12-01", 500)], []),
    "large": (22, [("2024-12-01", 6_000)], []),
    "refunded": (30, [("2024-12-01", 2_000)], [("2024-12-05", 400)]),
    "small": (40, [("2024-12-01", 300)], []),
    "none": (5, [], []),
    "test": (1, [("2024-12-01", 50_000)], []),
}
BEFORE = """\
with customers as (
    select * from {{ ref('stg_customers') }}
    where not is_test_user
),

revenue as (
    select * from {{ ref('int_revenue_by_customer') }}
),

final as (
    select
        cast(customers.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(coalesce(revenue.order_amount, 0) as {{ type_money() }}) as net_revenue_90d,
        case when coalesce(revenue.order_amount, 0) >= 10000 then 'High' else 'Low' end
            as cltv_segment,
        cast(coalesce(revenue.order_count, 0) as {{ dbt.type_bigint() }}) as orders_count,
        cast(coalesce(revenue.order_count_90d, 0) as {{ dbt.type_bigint() }}) as orders_count_90d,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from customers
    left join revenue
        on customers.customer_id = revenue.customer_id
)

select * from final
"""
BEFORE_YML = """\
models:
  - name: mart_customer_revenue
    description: One row per customer who is no test user.
    columns:
      - {name: customer_id, data_type: string, data_tests: [not_null, unique]}
      - {name: net_revenue_90d, data_type: 'decimal(18, 2)'}
      - name: cltv_segment
        data_type: string
        data_tests: [accepted_values: {arguments: {values: [High, Low]}}]
      - {name: orders_count, data_type: bigint}
      - {name: orders_count_90d, data_type: bigint}
      - {name: as_of_date, data_type: date}
"""
# What expects two segments, before and after: a dashboard and the test of a model downstream.
EXPECTING_TWO = {
    "models/marts/finance/_finance__exposures.yml": (
        "approvals: [Finance, Growth]\n    depends_on:\n      - ref('mart_customer_revenue')",
        "approvals: [Finance, Growth]\n"
        "        expects: {mart_customer_revenue.cltv_segment: [High, Low]}\n"
        "    depends_on:\n      - ref('mart_customer_revenue')",
    ),
    "models/marts/finance/fct_customer_ltv.yml": (
        "values: [High, Medium, Low]",
        "values: [High, Low]",
    ),
    "dbt_project.yml": ("domains: [marketing, shop, finance, gaming]", "domains: [shop, finance]"),
}
OWN = (f"{MART}.sql", f"{MART}.yml", "tests/unit_tests/marts/finance/mart_customer_revenue.yml")


def project_with_a_branch(folder: Path) -> Path:
    """Return a repository: main has the mart as it was, the working tree's branch the own one."""
    project = copied_project(folder)
    for path, (old, new) in EXPECTING_TWO.items():
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    (project / "review.yml").write_text("price: {currency: $, per_hour: 360}\n", encoding="utf-8")
    (project / OWN[0]).write_text(BEFORE, encoding="utf-8")
    (project / OWN[1]).write_text(BEFORE_YML, encoding="utf-8")
    (project / OWN[2]).unlink()
    committed(project, "Revenue of all time")
    git(project, "checkout", "--quiet", "-b", "ninety-days")
    for path in OWN:
        (project / path).write_text((PROJECT / path).read_text("utf-8"), encoding="utf-8")
    committed(project, "Revenue of 90 days, without refunds, in three segments")
    return project


def load_raw(database: Path) -> None:
    """Write the raw tables; amounts are cents."""
    connection = connect(database)
    connection.execute(
        "create schema dbt_production; use dbt_production;"
        "create table customers (id varchar, first_name varchar, last_name varchar,"
        " is_test_user boolean);"
        "create table orders (id varchar, user_id varchar, order_date date, status varchar,"
        " cycle_name varchar);"
        "create table payments (id varchar, order_id varchar, payment_method varchar,"
        " amount bigint, cycle_name varchar);"
        "create table refunds (id varchar, order_id varchar, user_id varchar, amount bigint,"
        " refunded_at timestamp)"
    )
    for group, (customers, orders, refunds) in GROUPS.items():
        for number in range(customers):
            user = f"{group}{number}"
            connection.execute(
                "insert into customers values (?, null, null, ?)", [user, group == "test"]
            )
            for place, (day, amount) in enumerate(orders):
                order = f"{user}-{place}"
                connection.execute(
                    "insert into orders values (?, ?, ?, 'completed', 'Roadster')",
                    [order, user, day],
                )
                connection.execute(
                    "insert into payments values (?, ?, 'credit_card', ?, 'Roadster')",
                    [f"p-{order}", order, amount * 100],
                )
            for day, amount in refunds:
                connection.execute(
                    "insert into refunds values (?, ?, ?, ?, ?)",
                    [f"r-{user}", f"{user}-0", user, amount * 100, day],
                )
    connection.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Review the branch as on the command line; return the folder of the report."""
    folder = tmp_path_factory.mktemp("document")
    project = project_with_a_branch(folder / "project")
    load_raw(folder / "local.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setenv("MKTG_DATABASE_DIR", str(folder))
        arguments = ("--base", "main", "--target", "local", "--out", str(folder / "report"))
        result = CliRunner().invoke(review, arguments)
    assert result.exit_code == 1, result.output
    assert git(project, "status", "--porcelain") == ""
    return folder / "report"


@pytest.fixture(scope="module")
def report(written: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((written / "review.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def nodes(report: dict[str, Any]) -> dict[str, Any]:
    return {node["name"]: node for node in report["findings"]["nodes"]}


@pytest.fixture(scope="module")
def mart(nodes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = nodes["mart_customer_revenue"]
    return found


def column(node: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [c for c in node["data"]["columns"] if c["column"] == name]
    return dict(found)


def said(report: dict[str, Any], rule: str) -> list[str]:
    return [reason["text"] for reason in report["verdict"]["reasons"] if reason["rule"] == rule]


def test_it_must_not_be_merged_without_finance_and_growth(report: dict[str, Any]) -> None:
    assert report["verdict"]["verdict"] == "NOT SAFE TO MERGE"
    assert report["verdict"]["approvals"] == ["Finance", "Growth"]


def test_three_dashboards_show_it_and_our_own_page(report: dict[str, Any]) -> None:
    dashboards = {e["label"]: e for e in report["findings"]["exposures"]}
    assert dashboards.keys() == {
        "Finance Metrics",
        "Retention Analytics",
        "Customer Cohort Analysis",
        "Report: Finance",
    }
    assert all(dashboard["is_touched"] for dashboard in dashboards.values())


def test_high_grows_by_27_percent(mart: dict[str, Any], report: dict[str, Any]) -> None:
    """20 + 13 were High; 20 + 22 are, 9 more: 27.3 %."""
    categories = column(mart, "cltv_segment")["categories"]
    counts = {c["value"]: (c["base"], c["head"]) for c in categories["values"]}
    assert counts == {"High": (33, 42), "Medium": (0, 30), "Low": (97, 58)}
    moves = {(m[0], m[1]): m[2] for m in categories["moves"] if m[0] != m[1]}
    assert moves == {("High", "Low"): 13, ("Low", "High"): 22, ("Low", "Medium"): 30}
    # The shares of Low fall by 39 of 130, those of the others grow by as much.
    assert categories["total_variation"] == pytest.approx(39 / 130)
    assert "High of cltv_segment: 33 → 42 customers, +27.3 %; limit 10 %" in said(
        report, "segment_shift"
    )


def test_revenue_falls_by_a_third(mart: dict[str, Any], report: dict[str, Any]) -> None:
    """Before 20 x 12,000 + 13 x 15,500 + 22 x 6,000 + 30 x 2,000 + 40 x 300 = 645,500.

    After 240,000 + 13 x 500 + 132,000 + 30 x 1,600 + 12,000 = 438,500: 207,000 less, 32.1 %.
    """
    numbers = column(mart, "net_revenue_90d")["numbers"]
    assert (numbers["base_total"], numbers["head_total"]) == ("645500.00", "438500.00")
    assert any("-32.1 %; limit 1 %" in text for text in said(report, "total_change"))


def test_rows_by_key(mart: dict[str, Any]) -> None:
    """Regular, small and no customers stay as they were: 20 + 40 + 5."""
    data = mart["data"]
    assert (data["key"], data["base_rows"], data["head_rows"]) == (["customer_id"], 130, 130)
    assert (data["identical"], data["modified"]) == (65, 65)
    # Revenue differs of those who left and those with a refund, the segment of the large ones too.
    assert column(mart, "net_revenue_90d")["modified"] == 13 + 30
    assert column(mart, "cltv_segment")["modified"] == 13 + 22 + 30


def test_finance_sees_other_totals(nodes: dict[str, Any]) -> None:
    """Net amounts of all time, by the segment of today; their sum stays 633,500.

    High was 240,000 + 201,500, is 240,000 + 132,000; Medium is 30 x 1,600; Low was 132,000 +
    48,000 + 12,000, is 201,500 + 12,000.
    """
    quarterly = nodes["mart_finance_quarterly"]
    totals = {
        name: (
            column(quarterly, name)["numbers"]["base_total"],
            column(quarterly, name)["numbers"]["head_total"],
        )
        for name in ("high_net_amount", "medium_net_amount", "low_net_amount")
    }
    assert totals == {
        "high_net_amount": ("441500.00", "372000.00"),
        "medium_net_amount": ("0.00", "48000.00"),
        "low_net_amount": ("192000.00", "213500.00"),
    }


def test_cohorts_are_others(nodes: dict[str, Any]) -> None:
    """Before March High, December High and Low, never Low; after March Low, December all three.

    Of December the numbers of High and Low differ, never stays.
    """
    data = nodes["mart_retention_segments"]["data"]
    assert (data["base_rows"], data["head_rows"]) == (4, 5)
    assert (data["added"], data["removed"], data["modified"], data["identical"]) == (2, 1, 2, 1)


def test_the_models_downstream(nodes: dict[str, Any]) -> None:
    levels = {name: node["level"] for name, node in nodes.items()}
    assert levels == {
        "mart_customer_revenue": 0,
        "agg_customer_activity": 1,
        "customer_revenue_segment_history": 1,
        "fct_customer_ltv": 1,
        "mart_finance_quarterly": 1,
        "mart_retention_segments": 1,
        "finance_reconciliation": 2,
    }
    differ = {name for name, n in nodes.items() if n["data"] and n["data"]["modified"]}
    assert differ == levels.keys() - {"finance_reconciliation"}  # its totals know no segment


def test_the_schema_and_what_changed(mart: dict[str, Any]) -> None:
    added = [change["column"] for change in mart["schema"] if change["kind"] == "added"]
    assert added == ["order_amount_90d", "refund_amount_90d"]
    assert mart["code"]["change"] == "logic"
    words = " ".join(mart["code"]["sentences"])
    for word in ("net_revenue_90d", "refund_amount_90d", "Medium", "5000", "10000"):
        assert word in words


def test_two_readers_expect_two_segments(report: dict[str, Any]) -> None:
    gaps = {
        (gap["construct"], gap["node"].split(".")[2]): gap["uncovered"]
        for gap in report["findings"]["gaps"]
        if gap["uncovered"]
    }
    assert gaps["exposure", "finance_metrics"] == ["Medium"]
    assert [
        (construct, values) for (construct, _), values in gaps.items() if construct != "exposure"
    ] == [("accepted_values", ["Medium"])]
    assert len(said(report, "uncovered_value")) == 2


def test_the_tests_before_and_after(report: dict[str, Any]) -> None:
    kinds: dict[str, set[str]] = {}
    for test in report["findings"]["tests"]:
        kinds.setdefault(test["kind"], set()).add(test["name"])
    (failing,) = kinds["newly failing"]  # the list that still has two segments
    assert failing.startswith("accepted_values_fct_customer_ltv")
    # The mart of all time never took refunds off.
    assert "assert_net_revenue_is_orders_minus_refunds" in kinds["fixed"]
    assert "mart_customer_revenue_segments_follow_revenue" in kinds["added"]


def test_cost_and_schedule(mart: dict[str, Any], written: Path) -> None:
    """$360 per hour are 10 cents per second; once a day is 30 times a month."""
    cost = mart["cost"]
    assert cost["head_money"] == pytest.approx(cost["head_seconds"] / 10)
    assert cost["runs_per_month"] == 30
    assert mart["schedule"].startswith("0 7 * * *")
    assert mart["schedule"].endswith("requested 0 6 * * *")
    text = (written / "review.md").read_text("utf-8")
    assert "month" in text


def test_the_comment_says_it_in_the_documents_words(written: Path) -> None:
    text = (written / "review.md").read_text("utf-8")
    for part in (
        "## ⚠️ NOT SAFE TO MERGE",
        "- [ ] Finance approves",
        "- [ ] Growth approves",
        "Finance Metrics",
        "+27.3 %",
        "Medium",
        "models/marts/finance/mart_customer_revenue.sql",
        "high-impact",
        "Unique ID representing a customer in the system.",
    ):
        assert part in text
    assert len(text) < 65_000
    assert "<script" not in (written / "review.html").read_text("utf-8")
