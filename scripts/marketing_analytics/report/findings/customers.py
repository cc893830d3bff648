"""What customers are worth: how few bring how much, and which channels pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.words import amount, count, listed, percent, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEW = 30  # customers below which a mean per customer says little
MATURE_MONTHS = 3  # months in which a cohort has had time to buy again


def findings(tables: Mapping[str, Table], currency: str) -> tuple[Finding, ...]:
    """Return sentences about tiers, then about channels."""
    found: list[Finding] = []
    if "value_tiers" in tables:
        found += _tiers(tables["value_tiers"].rows)
    if "channel_value" in tables:
        found += _channels(tables["channel_value"].rows, currency)
    return tuple(found)


def _tiers(rows: Sequence[Row]) -> list[Finding]:
    customers = sum(row["customer_count"] for row in rows)
    revenue = sum(row["revenue_amount"] for row in rows)
    best = [row for row in rows if row["ltv_segment"] == "high"]
    few = sum(row["customer_count"] for row in best)
    if not few or not revenue:
        return []
    share = float(sum(row["revenue_amount"] for row in best)) / float(revenue)
    text = (
        f"{percent(few / customers)} of the customers ({count(few)} of {count(customers)}) are of "
        f"high value and bring {percent(share)} of the revenue."
    )
    return [Finding(text=text, query="value_tiers")]


def _channels(rows: Sequence[Row], currency: str) -> list[Finding]:
    paid = [row for row in rows if row["value_to_cost_ratio"] is not None and row["customer_count"]]
    known = sorted(
        (row for row in paid if row["customer_count"] >= FEW),
        key=lambda row: (-row["value_to_cost_ratio"], row["acquisition_channel"]),
    )
    found = [_pays(row, currency) for row in known]
    few = [row for row in paid if row["customer_count"] < FEW]
    if few:
        names = [
            f"{row['acquisition_channel']} ({shown(row['value_to_cost_ratio'], 'ratio')} of "
            f"{count(row['customer_count'], 'customers')})"
            for row in few
        ]
        text = (
            f"Margin for each unit of cost, from fewer than {FEW} customers and so to be taken "
            f"with care: {listed(names, len(names))}."
        )
        found.append(Finding(text=text, query="channel_value", tone="low volume"))
    return found


def _pays(row: Row, currency: str) -> Finding:
    ratio = row["value_to_cost_ratio"]
    months = row["months_to_payback"]
    payback = (
        "has not paid back yet"
        if months is None
        else "paid back in its first month"
        if months == 0
        else f"paid back after {count(months, 'months')}"
    )
    # The ratio is of the margin: the two amounts alone would seem to say another one.
    text = (
        f"A customer of {row['acquisition_channel']} cost "
        f"{amount(row['acquisition_cost'], currency)} and has brought a revenue of "
        f"{amount(row['revenue_per_customer'], currency)} so far, "
        f"{shown(ratio, 'ratio')} of margin for each unit of cost; the channel {payback} "
        f"({count(row['customer_count'], 'customers')})."
    )
    return Finding(
        text=text,
        query="channel_value",
        tone="bad" if months is None else "good",
        channel=row["acquisition_channel"],
    )
