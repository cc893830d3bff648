"""The source marketing_raw: ads, sessions, paths and conversions of a made-up company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.generate import marketing_ads as ads
from marketing_analytics.generate import marketing_plan as plan
from marketing_analytics.generate import marketing_tables as tables
from marketing_analytics.generate import plan_table
from marketing_analytics.generate.draws import SQL_MACROS, slices
from marketing_analytics.generate.marketing_traffic import (
    DELETED_CAMPAIGN,
    TRAFFIC,
)
from marketing_analytics.generate.marketing_visits import VISITORS, VISITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Request

# How busy each hour of the day is, in UTC, from midnight on.
HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 10, 10, 9, 9, 9, 10, 11, 12, 12, 10, 7, 4)

ID_WIDTH = "set variable id_width = (select width_of(max(rowid) + 1) from visits)"

QUERIES = {
    "campaigns_daily": tables.CAMPAIGNS_DAILY,
    "ad_creatives": tables.AD_CREATIVES,
    "sessions": tables.SESSIONS,
    "attribution_touchpoints": tables.ATTRIBUTION_TOUCHPOINTS,
    "conversions": tables.CONVERSIONS,
}


class MarketingRaw:
    """Visitors first, then their visits, then the ads that must have brought them."""

    default_days = 182

    def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
        """Create the plan's tables, the visits and the days of the ads."""
        connection.execute(SQL_MACROS)
        plan_table.create(connection, "sources", plan.sources(request, TRAFFIC))
        plan_table.create(connection, "days", plan.days(request))
        plan_table.create(connection, "arrivals", plan.arrivals(request, TRAFFIC))
        plan_table.create(connection, "returns", plan.returns(request, TRAFFIC))
        plan_table.create(connection, "creatives", ads.creatives(TRAFFIC))
        plan_table.create(connection, "creative_days", ads.creative_days(request, TRAFFIC))
        plan_table.create(connection, "campaign_days", ads.campaign_days(request, TRAFFIC))
        for name, value in _variables(request).items():
            connection.execute(f"set variable {name} = $1", [value])
        connection.execute("create type source_id as enum (select source from sources)")
        connection.execute("create type creative_id as enum (select creative_id from creatives)")
        connection.execute(VISITORS)
        connection.execute(VISITS)
        connection.execute(ID_WIDTH)
        for query in (tables.AD_CLICKS, tables.AD_BUDGETS, tables.AD_DAYS):
            connection.execute(query)

    def query(self, table: str) -> str:
        """Return a query for the rows of a raw table, in order."""
        return QUERIES[table]


def _variables(request: Request) -> dict[str, object]:
    return {
        "seed": request.seed,
        "as_of": request.as_of,
        "countries": slices(TRAFFIC.countries.items(), 100),
        "hours": [int(hour) for hour in slices(((str(h), w) for h, w in enumerate(HOURS)), 256)],
        "deleted_campaign": DELETED_CAMPAIGN,
    }
