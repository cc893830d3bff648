"""Findings made by hand: small ones for one rule each, and the case of the fourth document.

That case: mart_customer_revenue counts 90 days instead of all time, subtracts refunds, and has a
third tier. Of 1,000 customers 100 were High and 900 Low; 88 stay High and 39 come up from Low,
which makes 127, 27 % more. 8 of High and 265 of Low become Medium, 4 of High become Low.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from marketing_analytics.review import findings as f
from marketing_analytics.review.rules import read_rules
from marketing_analytics.review.verdict import judge

TODAY = date(2024, 7, 1)
PROJECT = "marketing_analytics"
MART = f"model.{PROJECT}.mart_customer_revenue"
DASHBOARDS = ("finance_metrics", "retention_analytics", "customer_cohort_analysis")


def model_id(name: str) -> str:
    return f"model.{PROJECT}.{name}"


def exposure_id(name: str) -> str:
    return f"exposure.{PROJECT}.{name}"


def code(change: f.Change = f.Change.LOGIC, *sentences: str, **facts: Any) -> f.CodeChange:
    return f.CodeChange(change=change, columns=None, sentences=sentences, **facts)


def category(value: str | None, base: int, head: int, **facts: int) -> f.Category:
    """A value whose rows came or went by keys that stayed."""
    moved = {
        "stayed": min(base, head),
        "moved_in": max(head - base, 0),
        "moved_out": max(base - head, 0),
        "added": 0,
        "removed": 0,
    }
    change = head / base - 1 if base else None
    return f.Category(value=value, base=base, head=head, change=change, **(moved | facts))


def categories(
    *values: f.Category,
    moves: tuple[tuple[str | None, str | None, int], ...] = (),
    total_variation: float = 0.0,
) -> f.Categories:
    return f.Categories(
        values=values, moves=moves, total_variation=total_variation, stability_index=0.0
    )


def numbers(base: Any, head: Any, **facts: Any) -> f.Numbers:
    known: dict[str, Any] = {
        "base_mean": None,
        "head_mean": None,
        "base_nulls": 0,
        "head_nulls": 0,
        "base_quantiles": (None,) * 5,
        "head_quantiles": (None,) * 5,
        "total_change": None,
    }
    return f.Numbers(base_total=base, head_total=head, **(known | facts))


def column(name: str, **facts: Any) -> f.ColumnChange:
    known: dict[str, Any] = {"modified": 1, "samples": (), "base_nulls": 0, "head_nulls": 0}
    return f.ColumnChange(column=name, **(known | facts))


def data(*columns: f.ColumnChange, **facts: Any) -> f.DataChange:
    """1,000 customers, of whom one differs, unless told otherwise."""
    known: dict[str, Any] = {
        "key": ("customer_id",),
        "base_rows": 1000,
        "head_rows": 1000,
        "identical": 999,
        "modified": 1,
        "added": 0,
        "removed": 0,
    }
    return f.DataChange(columns=columns, **(known | facts))


SAME = data(identical=1000, modified=0)


def node(name: str = "customers", **facts: Any) -> f.NodeReview:
    known: dict[str, Any] = {
        "kind": "model",
        "path": f"models/marts/{name}.sql",
        "level": 0,
        "code": code(),
        "schema": (),
        "data": SAME,
        "not_compared": None,
        "cost": None,
        "owner": "Finance",
    }
    return f.NodeReview(unique_id=model_id(name), name=name, **(known | facts))


def schema(
    name: str, kind: Any, base: str | None, head: str | None, **facts: Any
) -> f.SchemaChange:
    return f.SchemaChange(column=name, kind=kind, base_type=base, head_type=head, **facts)


def exposure(name: str, *through: str, **facts: Any) -> f.ExposureReview:
    known: dict[str, Any] = {
        "label": name.replace("_", " ").title(),
        "type": "dashboard",
        "owner": "Growth team",
        "email": "growth@example.com",
        "url": f"https://dashboards.example.com/{name}",
        "approvals": ("Growth",),
        "is_touched": True,
    }
    return f.ExposureReview(
        unique_id=exposure_id(name), through=tuple(map(model_id, through)), **(known | facts)
    )


def check(name: str, kind: Any, base: str | None, head: str | None, **facts: Any) -> f.TestChange:
    known: dict[str, Any] = {
        "test": name,
        "severity": "error",
        "tested": (model_id("customers"),),
        "failures": None,
        "what": "",
    }
    return f.TestChange(
        unique_id=f"test.{PROJECT}.{name}",
        name=name,
        base_status=base,
        head_status=head,
        kind=kind,
        **(known | facts),
    )


def found(*nodes: f.NodeReview, **facts: Any) -> f.Findings:
    known: dict[str, Any] = {
        "base": "main",
        "head": "working tree",
        "target": "sample",
        "as_of": date(2024, 6, 30),
        "exposures": (),
        "metrics": (),
        "tests": (),
        "gaps": (),
        "noise": {},
        "edges": (),
    }
    return f.Findings(nodes=nodes, **(known | facts))


def reviewed(findings: f.Findings) -> f.Review:
    return f.Review(findings=findings, verdict=judge(findings, read_rules(None), None, TODAY))


def rules_that_speak(findings: f.Findings) -> dict[str, str]:
    """Return which rules speak, and how strongly."""
    return {
        reason.rule: str(reason.severity)
        for reason in judge(findings, read_rules(None), None, TODAY).reasons
    }


SEGMENTS = f.Categories(
    values=(
        category("High", 100, 127, stayed=88, moved_in=39, moved_out=12),
        category("Low", 900, 600, stayed=596, moved_in=4, moved_out=304),
        category("Medium", 0, 273, stayed=0, moved_in=273, moved_out=0),
    ),
    moves=(
        ("High", "High", 88),
        ("High", "Low", 4),
        ("High", "Medium", 8),
        ("Low", "High", 39),
        ("Low", "Low", 596),
        ("Low", "Medium", 265),
    ),
    total_variation=0.3,  # (|.127 - .1| + |.6 - .9| + .273) / 2
    stability_index=1.849,
)
REVENUE = numbers(
    Decimal("1250000.00"),
    Decimal("1180000.00"),
    base_mean=1250.0,
    head_mean=1180.0,
    base_quantiles=(-20.0, 120.5, 480.0, 900.25, 21000.0),
    head_quantiles=(-80.0, 90.0, 410.0, 1500.0, 18000.0),
    total_change=-0.056,
)
MART_DATA = data(
    column(
        "net_revenue_90d",
        modified=700,
        numbers=REVENUE,
        samples=(
            f.Sample(key=("c0001",), base=Decimal("5200.00"), head=Decimal("4100.00")),
            f.Sample(key=("c0002",), base=Decimal("310.00"), head=Decimal("1310.00")),
        ),
    ),
    column("cltv_segment", modified=316, categories=SEGMENTS, samples=()),
    identical=300,
    modified=700,
)
MART_NODE = node(
    "mart_customer_revenue",
    path="models/marts/finance/mart_customer_revenue.sql",
    code=code(
        f.Change.ROWS,
        "adds a filter: order_date > as_of_date - 90",
        "net_revenue_90d subtracts refund_amount",
        "cltv_segment gets a branch: when net_revenue_90d >= 1000 then 'Medium'",
    ),
    schema=(
        schema("refund_amount_90d", "added", None, "DECIMAL(18,2)"),
        schema("tier", "added", None, "VARCHAR", is_documented=False),
    ),
    data=MART_DATA,
    cost=f.Cost(
        base_seconds=8.1,
        head_seconds=9.4,
        base_bytes=720_000_000_000,
        head_bytes=853_000_000_000,
        base_money=4.10,
        head_money=4.85,
        runs_per_month=30,
    ),
    tags=("nightly", "marketing", "finance", "revenue", "high-impact"),
    schedule="0 7 * * * (requested: 0 6 * * *), tag nightly",
    description="One row per customer with what they brought in over the last 90 days.",
    column_descriptions={
        "customer_id": "Unique ID representing a customer.",
        "net_revenue_90d": "Revenue of the last 90 days less refunds.",
        "cltv_segment": "High from 5,000, Medium from 1,000, else Low.",
    },
    exposures=tuple(map(exposure_id, DASHBOARDS)),
)
DOWNSTREAM = {
    "agg_customer_activity": (1, ("retention_analytics",)),
    "customer_revenue_segment_history": (1, ("retention_analytics",)),
    "fct_customer_ltv": (1, ("customer_cohort_analysis", "finance_metrics")),
    "mart_finance_quarterly": (1, ("finance_metrics",)),
    "mart_retention_segments": (1, ("retention_analytics",)),
    "customer_cohorts": (2, ("customer_cohort_analysis",)),
    "customer_segment_migrations": (2, ("retention_analytics",)),
    "finance_reconciliation": (2, ("finance_metrics",)),
}
UNTOUCHED = ("customer_segment_migrations", "finance_reconciliation")
PARENTS = {
    "customer_cohorts": "fct_customer_ltv",
    "customer_segment_migrations": "customer_revenue_segment_history",
    "finance_reconciliation": "mart_finance_quarterly",
}


def document_case() -> f.Findings:
    downstream = tuple(
        node(
            name,
            level=level,
            code=code(f.Change.UPSTREAM),
            data=SAME
            if name in UNTOUCHED
            else data(column("net_revenue_90d", modified=40), identical=960, modified=40),
            tags=("finance",),
            exposures=tuple(map(exposure_id, feeds)),
        )
        for name, (level, feeds) in DOWNSTREAM.items()
    )
    edges = [
        (model_id(PARENTS.get(name, "mart_customer_revenue")), model_id(name))
        for name in DOWNSTREAM
    ]
    edges += [
        (model_id(name), exposure_id(fed))
        for name, (_, feeds) in DOWNSTREAM.items()
        for fed in feeds
    ]
    edges += [(MART, exposure_id(name)) for name in ("customer_cohort_analysis", "finance_metrics")]
    tested: dict[str, Any] = {"tested": (MART,)}
    return found(
        MART_NODE,
        *downstream,
        exposures=(
            exposure(
                "customer_cohort_analysis",
                "customer_cohorts",
                "mart_customer_revenue",
                approvals=("Finance", "Growth"),
            ),
            exposure(
                "finance_metrics",
                "mart_customer_revenue",
                "mart_finance_quarterly",
                owner="Finance team",
                email="finance@example.com",
                approvals=("Finance", "Growth"),
            ),
            exposure("retention_analytics", "mart_retention_segments", "agg_customer_activity"),
        ),
        metrics=(f"metric.{PROJECT}.net_revenue",),
        tests=(
            check("net_revenue_is_orders_minus_refunds", "same", "pass", "pass", **tested),
            check(
                "segment_shares_are_stable",
                "newly failing",
                "pass",
                "warn",
                severity="warn",
                failures=2,
                description="Warns if the distribution of segments shifts.",
                **tested,
            ),
            check("no_test_users", "same", "pass", "pass", **tested),
            check("every_active_customer_is_there", "same", "pass", "pass", **tested),
            check(
                "accepted_values_cltv_segment",
                "newly failing",
                "pass",
                "fail",
                failures=273,
                **tested,
            ),
        ),
        gaps=(
            f.EnumerationGap(
                node=exposure_id("finance_metrics"),
                path="models/marts/finance/_finance__exposures.yml",
                line=4,
                construct="exposure",
                column="cltv_segment",
                source=MART,
                listed=("High", "Low"),
                uncovered=("Medium",),
                vanished=(),
            ),
            f.EnumerationGap(
                node=model_id("fct_customer_ltv"),
                path="models/marts/finance/fct_customer_ltv.sql",
                line=21,
                construct="case",
                column="cltv_segment",
                source=MART,
                listed=("High", "Low"),
                uncovered=("Medium",),
                vanished=(),
            ),
        ),
        noise={MART: {"dbt_updated_at": "the clock of the build"}},
        edges=tuple(sorted(edges)),
    )
