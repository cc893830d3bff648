"""Reads the answers from the marts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A row of funnel_conversion_analysis; a score of None has no impressions to score."""

    name: str
    channel: str
    score: float | None
    spend: Decimal
    revenue: Decimal
    leak_step: str
    is_leak_significant: bool
    lost_conversions: float
    lost_revenue: float
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A row of channel_lifetime_value; None where the mart says null."""

    name: str
    customers: int
    repeat_rate: float
    revenue_per_customer: float | None
    acquisition_cost: float | None
    value_to_cost: float | None
    months_to_payback: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the marts say as of a day; campaigns are ordered best first."""

    as_of_date: date | None
    campaigns: tuple[Campaign, ...]
    channels: tuple[Channel, ...]
    stages: int
    unexplained_stages: tuple[str, ...]
    sessions: int
    sessions_without_known_campaign: int


def collect(connection: DuckDBPyConnection) -> Answers:
    """Read the answers of the marketing domain.

    Raises:
        MarketingAnalyticsError: the marts are not built.
    """
    try:
        return Answers(
            as_of_date=_one(connection, "select max(as_of_date) from marketing.channel_funnel"),
            campaigns=_campaigns(connection),
            channels=_channels(connection),
            stages=_one(connection, "select count(*) from marketing.funnel_reconciliation"),
            unexplained_stages=tuple(
                stage
                for (stage,) in connection.execute(
                    "select stage from marketing.funnel_reconciliation "
                    "where not is_reconciled order by stage"
                ).fetchall()
            ),
            sessions=_sessions(connection, "source_total"),
            sessions_without_known_campaign=_sessions(
                connection, "no_campaign_total + unknown_campaign_total"
            ),
        )
    except duckdb.CatalogException as error:
        raise MarketingAnalyticsError(
            "the marketing marts are not built yet; run `mktg build` or `dbt build` first, "
            "with the same --target"
        ) from error
    except duckdb.Error as error:
        raise MarketingAnalyticsError(
            f"the marts do not answer ({str(error).splitlines()[0]}); build them again"
        ) from error


def _one(connection: DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _sessions(connection: DuckDBPyConnection, total: str) -> int:
    query = f"select {total} from marketing.funnel_reconciliation where stage = 'sessions'"
    return int(_one(connection, query))


def _campaigns(connection: DuckDBPyConnection) -> tuple[Campaign, ...]:
    rows = connection.execute(
        """
        select
            coalesce(campaign_name, campaign_id), channel, funnel_efficiency_score,
            spend_amount, revenue_amount, leak_step, is_leak_significant,
            leak_lost_conversions, leak_lost_revenue, recommended_action
        from marketing.funnel_conversion_analysis
        order by funnel_efficiency_score desc nulls last, campaign_id
        """
    ).fetchall()
    return tuple(
        Campaign(
            name=name,
            channel=channel,
            score=score,
            spend=spend,
            revenue=revenue,
            leak_step=leak_step,
            is_leak_significant=is_leak_significant,
            lost_conversions=lost_conversions,
            lost_revenue=lost_revenue,
            action=action,
        )
        for (
            name,
            channel,
            score,
            spend,
            revenue,
            leak_step,
            is_leak_significant,
            lost_conversions,
            lost_revenue,
            action,
        ) in rows
    )


def _channels(connection: DuckDBPyConnection) -> tuple[Channel, ...]:
    rows = connection.execute(
        """
        select
            acquisition_channel, customer_count, repeat_rate, revenue_per_customer,
            acquisition_cost, value_to_cost_ratio, months_to_payback, spend_amount
        from marketing.channel_lifetime_value
        order by revenue_per_customer desc nulls last, acquisition_channel
        """
    ).fetchall()
    return tuple(
        Channel(
            name=name,
            customers=customers,
            repeat_rate=repeat_rate,
            revenue_per_customer=revenue_per_customer,
            acquisition_cost=acquisition_cost if spend else None,
            value_to_cost=value_to_cost,
            months_to_payback=months_to_payback,
        )
        for (
            name,
            customers,
            repeat_rate,
            revenue_per_customer,
            acquisition_cost,
            value_to_cost,
            months_to_payback,
            spend,
        ) in rows
    )
