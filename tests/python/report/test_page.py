"""The page as text: its policy, its size, names that stay names, sections that are not there."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.report.collect import collect
from marketing_analytics.warehouse import in_memory
from report import made
from report.hostile import FORMULA, SCRIPT, hostile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from marketing_analytics.report.facts import Report

html = pytest.importorskip(
    "marketing_analytics.report.page.html", reason="the extra `report` is not installed"
)
charts = pytest.importorskip("marketing_analytics.report.page.charts")
NOWHERE = Path("nowhere") / "run_results.json"
MOST_BYTES = 2_000_000


def collected(connection: DuckDBPyConnection) -> Report:
    return collect(connection, project=PROJECT, target="local", currency="", run_results=NOWHERE)


def test_the_page_is_small_and_the_same_each_time(sample_report: Report, sample_page: str) -> None:
    assert len(sample_page.encode()) < MOST_BYTES
    assert html.render(sample_report) == sample_page


def test_a_thousand_campaigns_fit_into_the_page(sample_report: Report) -> None:
    page = html.render(
        replace(
            sample_report,
            sections=tuple(
                replace(
                    section,
                    tables=tuple(
                        replace(table, rows=table.rows * 100)
                        if table.query.name in ("campaign_leaks", "campaign_periods")
                        else table
                        for table in section.tables
                    ),
                )
                for section in sample_report.sections
            ),
        )
    )
    assert len(page.encode()) < MOST_BYTES
    assert "the first 100 of 1,500 rows" in page


def test_a_chart_of_sums_has_all_of_its_rows() -> None:
    weeks = [
        {
            "week_end": date(2024, 6, 30) - timedelta(weeks=week),
            "campaign_id": None,
            "channel": f"channel {number}",
            "spend": 1,
            "revenue": 2,
            "conversions": 0,
        }
        for week in range(26)
        for number in range(100)
    ]
    drawn = charts.chart("weeks", made.table("weeks", *weeks))
    assert drawn is not None
    assert sum(row["spend"] for row in drawn.rows) == 2600


def test_money_of_the_lottery_is_in_dollars(sample_report: Report) -> None:
    page = html.render(replace(sample_report, currency="EUR"))
    table = page.split('<table data-query="forecasts"')[1].split("</table>")[0]
    of_domain = {row.split("<", 1)[0]: row for row in re.split(r'data-value="[a-z]+">', table)[1:]}
    assert "$" in of_domain["gaming"] and "EUR" not in of_domain["gaming"]
    assert "EUR" in of_domain["shop"] and "$" not in of_domain["shop"]


def test_the_policy_lets_run_what_is_in_the_page_and_nothing_else(sample_page: str) -> None:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', sample_page)
    assert found is not None
    policy = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert policy["default-src"] == "'none'"
    scripts = re.findall(r'<script type="module">(.*?)</script>', sample_page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", sample_page, re.DOTALL)
    assert policy["script-src"] == " ".join(map(named, scripts))
    assert policy["style-src"] == " ".join(map(named, styles))
    assert len(scripts) == 2
    assert " style=" not in sample_page.split("<script", 1)[0]


def named(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}'"


def test_a_name_stays_a_name(sample_report: Report, sample_page: str) -> None:
    page = html.render(hostile(sample_report))
    assert SCRIPT not in page
    assert "onerror=alert(2)>" not in page
    assert 'onmouseover="alert' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script") == sample_page.count("<script")
    assert "HYPERLINK" in FORMULA
    assert "=HYPERLINK(&#34;" in page


def test_nothing_is_said_of_a_domain_that_is_not_built() -> None:
    with in_memory() as connection:
        connection.execute("create schema mart_marketing")
        connection.execute(
            "create table mart_marketing.finance_reconciliation as select 'orders' as stage, "
            "5.00 as source_total, 5.00 as mart_total, 0.00 as unexplained_total, "
            "date '2024-05-31' as as_of_date"
        )
        report = collected(connection)
        assert [section.name for section in report.sections] == ["trust"]
        connection.execute(
            "create table mart_marketing.mart_finance_quarterly as select date '2024-04-01' as "
            "quarter_start_date, 5.00 as gross_amount, 0.00 as refund_amount, 5.00 as net_amount, "
            "1 as orders_count, 1 as customers_count, 0.00 as high_net_amount, "
            "0.00 as medium_net_amount, 5.00 as low_net_amount, false as is_complete"
        )
        # A domain that is built of nothing has no date.
        connection.execute(
            "create schema customer; create table customer.gaming_reconciliation as "
            "select * replace (null as as_of_date) from mart_marketing.finance_reconciliation"
        )
        more = collected(connection)
        assert [section.name for section in more.sections] == ["finance", "trust"]
        trust = more.sections[1]
        assert [table.query.name for table in trust.tables] == ["finance_reconciliation"]
        assert trust.findings[-1].text == "The numbers are those of 2024-05-31."
    page = html.render(report)
    assert "Where the money leaks" not in page
    assert 'id="filter"' not in page
    assert len(page.encode()) < 100_000  # no chart, so no library


def test_of_a_database_without_marts_it_says_what_to_do() -> None:
    with in_memory() as connection, pytest.raises(MarketingAnalyticsError, match="mktg build"):
        collected(connection)


def test_too_short_a_time_is_not_compared(sample_report: Report) -> None:
    page = html.render(replace(sample_report, figures={}))
    assert 'class="figures"' not in page


def test_campaigns_of_one_name_are_told_apart(sample_report: Report) -> None:
    from marketing_analytics.report.page.data import rows_of  # noqa: PLC0415

    table = next(
        table
        for section in sample_report.sections
        for table in section.tables
        if table.query.name == "campaign_leaks"
    )
    twins = replace(table, rows=tuple({**row, "campaign_name": "Twin"} for row in table.rows[:2]))
    labels = [row["label"] for row in rows_of(twins.rows)]
    assert labels == [f"Twin ({row['campaign_id']})" for row in twins.rows]
