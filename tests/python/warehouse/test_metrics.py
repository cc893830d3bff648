"""Metrics: their number, what each says of itself, and that MetricFlow counts as the marts do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

# dbt 1.11 reads the newer form of the YAML without a word and makes nothing of it.
METRICS = {"marketing": 27, "shop": 13, "finance": 7, "gaming": 12}
SEMANTIC_MODELS = {"marketing": 4, "shop": 3, "finance": 2, "gaming": 3}
UNITS = {"count", "share", "ratio", "money", "usd"}

Rows = Sequence[Sequence[Any]]

needs_metricflow = pytest.mark.skipif(
    find_spec("dbt_metricflow") is None,
    reason="MetricFlow is not installed: pip install 'marketing-analytics[metrics]'",
)

# Metric and its groups; the same numbers from a mart that has them ready, a row per group.
SAME: dict[tuple[str, tuple[str, ...]], str] = {}


def same(query: str, *group_by: str, **columns: str) -> None:
    """Note that each metric is the column of the query, which has the groups first."""
    for metric, column in columns.items():
        SAME[metric, group_by] = query.format(column)


same(
    "select sum({0}) from marketing.channel_funnel",
    impressions="total_impressions",
    clicks="total_clicks",
    sessions="total_sessions",
    conversions="total_conversions",
    ad_spend="spend_amount",
    conversion_revenue="revenue_amount",
)
same(
    # All campaigns together, without what came without one or from one that has no ad data.
    "select {0} from marketing.funnel_conversion_analysis",
    campaign_conversions="sum(total_conversions)",
    campaign_revenue="sum(revenue_amount)",
    cost_per_acquisition="sum(spend_amount) / sum(total_conversions)",
    return_on_ad_spend="sum(revenue_amount) / sum(spend_amount)",
)
same(
    # Where there is nothing to divide by, the mart says 0 and a metric null.
    "select campaign_id, {0} from marketing.funnel_conversion_analysis "
    "where total_impressions > 0 and total_clicks > 0 and total_sessions > 0",
    "campaign",
    click_through_rate="click_through_rate",
    click_to_session_rate="click_to_session_rate",
    session_to_conversion_rate="session_to_conversion_rate",
    impression_to_conversion_rate="overall_funnel_efficiency",
    cost_per_click="cost_per_click",
    cost_per_acquisition="cost_per_acquisition",
    return_on_ad_spend="return_on_ad_spend_ratio",
)
same(
    "select acquisition_channel, {0} from marketing.channel_lifetime_value "
    "where customer_count > 0",
    "user__acquisition_channel",
    marketing_customers="customer_count",
    marketing_repeat_customers="repeat_customer_count",
    marketing_customer_revenue="revenue_amount",
    marketing_customer_conversions="purchase_count",
    marketing_lifetime_value="revenue_per_customer",
    marketing_average_order_value="avg_order_value",
    marketing_repeat_rate="repeat_rate",
)
same(
    "select acquisition_channel, {0} from marketing.channel_lifetime_value",
    "acquisition_cohort__acquisition_channel",
    acquired_customers="customer_count",
    acquisition_spend="spend_amount",
    cohort_margin="revenue_amount * 0.6",
    customer_acquisition_cost="acquisition_cost",
    value_to_cost="value_to_cost_ratio",
)
same(
    "select attribution_channel, {0} from marketing.marketing_attribution",
    "order__attribution_channel",
    shop_order_number="order_count",
    shop_successful_orders="total_conversions",
    shop_revenue="total_revenue",
    shop_average_order_value="avg_order_value",
)
same(
    "select {0} from dbt_production.orders as orders left join dbt_production.customers as buyers "
    "on orders.user_id = buyers.id where buyers.is_test_user is distinct from true",
    shop_returned_orders="sum(case when status like 'return%' then 1 else 0 end)",
    shop_return_rate="avg(case when status like 'return%' then 1 else 0 end)",
)
same(
    "select sum({0}) from mart_marketing.mart_finance_quarterly",
    net_revenue="net_amount",
    gross_revenue="gross_amount",
    refunds="refund_amount",
)
same(
    "select quarter_start_date, {0} from mart_marketing.mart_finance_quarterly",
    "finance_quarter__quarter_start_date__quarter",
    refund_rate="cast(refund_amount as double) / gross_amount",
)
same(
    "select customer_segment, {0} from marketing.customer_segmentation group by 1",
    "customer__customer_segment",
    shop_customer_number="count(*)",
    shop_buyers="count(last_order_date)",
    shop_lifetime_revenue="sum(total_revenue)",
    shop_lifetime_value="sum(total_revenue) / nullif(count(last_order_date), 0)",
)
same(
    "select cohort_month, months_since_first_purchase, {0} from marketing.customer_cohorts",
    "cohort_activity__cohort_month__month",
    "cohort_activity__months_since_first_purchase",
    cohort_members="cohort_size",
    cohort_active_members="active_customer_count",
    shop_retention_rate="retention_rate / 100",
)
same(
    "select cltv_segment, {0} from mart_marketing.mart_retention_segments group by 1",
    "customer__cltv_segment",
    finance_customers="sum(customer_count)",
    net_revenue_90d="sum(net_revenue_90d)",
    net_revenue_90d_per_customer="sum(net_revenue_90d) / sum(customer_count)",
)
same(
    "select vip_tier, {0} from customer.customer_ltv_scoring group by 1",
    "player__vip_tier",
    signed_up_players="count(*)",
    buying_players="sum(case when total_purchases > 0 then 1 else 0 end)",
    ticket_purchases="sum(total_purchases)",
    ticket_revenue="sum(total_purchase_amount_usd)",
    player_conversion_rate="avg(case when total_purchases > 0 then 1.0 else 0 end)",
    player_lifetime_value="avg(total_purchase_amount_usd)",
    average_ticket_value="sum(total_purchase_amount_usd) / nullif(sum(total_purchases), 0)",
)
PAID = "where channel not in ('(none)', 'unknown')"  # what else came has cost nothing
same(
    f"select {{0}} from customer.channel_return_on_ad_spend {PAID}",
    lottery_attributed_revenue="sum(first_touch_purchase_usd)",
    lottery_first_deposits="sum(first_touch_first_deposit_count)",
    lottery_return_on_ad_spend="sum(first_touch_purchase_usd) / sum(spend_usd)",
    lottery_cost_per_first_deposit="sum(spend_usd) / sum(first_touch_first_deposit_count)",
)
same(
    f"select channel, {{0}} from customer.channel_return_on_ad_spend {PAID}",
    "lottery_campaign__lottery_channel",
    lottery_ad_spend="spend_usd",
    lottery_attributed_revenue="first_touch_purchase_usd",
    lottery_first_deposits="first_touch_first_deposit_count",
    lottery_return_on_ad_spend="first_touch_purchase_return_ratio",
    lottery_cost_per_first_deposit="first_touch_cost_per_first_deposit_usd",
)


@pytest.fixture(scope="module")
def manifest(sample_folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sample_folder / "manifest.json").read_text())
    return loaded


def per_group(resources: dict[str, Any]) -> Counter[str]:
    return Counter(resource["config"]["group"] for resource in resources.values())


def test_dbt_has_read_every_metric(manifest: dict[str, Any]) -> None:
    assert per_group(manifest["metrics"]) == METRICS
    assert per_group(manifest["semantic_models"]) == SEMANTIC_MODELS


def test_a_metric_says_what_it_is(manifest: dict[str, Any]) -> None:
    models = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    for metric in manifest["metrics"].values():
        meta = metric["config"]["meta"]
        assert set(meta) == {"unit", "formula", "mart", "better"}, metric["name"]
        assert meta["unit"] in UNITS
        assert meta["better"] in ("higher", "lower", "neither")
        assert meta["mart"] in models
        assert re.fullmatch(r"[A-Z].+\.", metric["description"], re.DOTALL), metric["name"]
        # A ratio has nothing to divide by in some group, and says what it is then.
        if metric["type"] == "ratio" and metric["name"] != "shop_retention_rate":
            assert "Null without" in metric["description"], metric["name"]


def test_the_calendar_has_every_day_that_a_metric_has(
    manifest: dict[str, Any], sample: DuckDBPyConnection
) -> None:
    (days,) = sample.execute(
        "select count(*), min(calendar_date), max(calendar_date) from marketing.calendar_days"
    ).fetchall()
    assert days == (912, date(2022, 1, 1), date(2024, 6, 30))  # no gap: 365 + 365 + 182
    checked = 0
    for model in manifest["semantic_models"].values():
        relation = ".".join(model["node_relation"]["relation_name"].replace('"', "").split(".")[1:])
        for dimension in model["dimensions"]:
            if dimension["type"] == "time":
                column = dimension["expr"] or dimension["name"]
                (outside,) = sample.execute(
                    f"select count(*) from {relation} where {column} not in "
                    "(select calendar_date from marketing.calendar_days)"
                ).fetchall()
                assert outside == (0,), (relation, column)
                checked += 1
    assert checked > 8


@pytest.fixture(scope="module")
def metricflow(
    sample_folder: Path, made_once: Callable[..., Path]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a program of MetricFlow's on a copy of the sample.

    It opens the file to write, which nobody may who reads the sample meanwhile.
    """

    def fill(folder: Path) -> None:
        (folder / "target").mkdir()
        for name in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(PROJECT / name, folder)
        for name in ("semantic_manifest.json", "sample.duckdb"):
            shutil.copy(sample_folder / name, folder / "target")

    folder = made_once("metricflow", fill)

    def run(*command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "MKTG_DATABASE_DIR": "target",
            "DO_NOT_TRACK": "1",
            "https_proxy": "http://127.0.0.1:9",  # `mf` asks a registry for its latest version
        }
        return subprocess.run(
            command,
            input=stdin,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@needs_metricflow
def test_metricflow_finds_no_fault(
    metricflow: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    ended = metricflow(str(Path(sys.executable).parent / "mf"), "validate-configs")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    # Of the manifest, then of semantic models, dimensions, entities, measures and metrics.
    counts = re.findall(r"ERRORS: (\d+), FUTURE_ERRORS: (\d+), WARNINGS: (\d+)", ended.stdout)
    assert counts == [("0", "0", "0")] * 6


def test_every_metric_is_compared(manifest: dict[str, Any]) -> None:
    assert {metric for metric, _ in SAME} == {m["name"] for m in manifest["metrics"].values()}


@pytest.fixture(scope="module")
def answers(metricflow: Callable[..., subprocess.CompletedProcess[str]]) -> dict[Any, Rows]:
    """Return what MetricFlow says to each of the queries."""
    program = Path(__file__).with_name("metricflow_queries.py")
    ended = metricflow(sys.executable, str(program), stdin=json.dumps(list(SAME)))
    assert ended.returncode == 0, ended.stderr
    return dict(zip(SAME, json.loads(ended.stdout.splitlines()[-1]), strict=True))


def comparable(rows: Rows) -> dict[tuple[str, ...], float | None]:
    """Return the value of each group, to nine digits after the point."""
    return {
        tuple(str(group) for group in groups): None if value is None else round(float(value), 9)
        for *groups, value in rows
    }


@needs_metricflow
@pytest.mark.parametrize(("metric", "group_by"), SAME)
def test_metricflow_answers_as_the_mart(
    metric: str, group_by: tuple[str, ...], answers: dict[Any, Rows], sample: DuckDBPyConnection
) -> None:
    expected = comparable(sample.execute(SAME[metric, group_by]).fetchall())
    answered = comparable(answers[metric, group_by])
    # Of campaigns and segments that the mart leaves out, MetricFlow has a row as well.
    assert {group: answered.get(group) for group in expected} == expected
    assert any(expected.values())


def test_the_page_lists_every_metric_as_it_is_defined() -> None:
    rows = [
        f"| {metric['name']} | {meta['unit']} | {meta['formula']} | {meta['mart']} |"
        for group in METRICS
        for metric in yaml.safe_load(
            (PROJECT / "models" / "marts" / group / f"_{group}__metrics.yml").read_text()
        )["metrics"]
        for meta in [metric["config"]["meta"]]
    ]
    page = (PROJECT / "docs" / "metrics.md").read_text()
    table = page.split("|---|---|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == rows
