"""The questions of the page, a module per section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.figures import (
    changes,
    credit,
    customers,
    finance,
    forecast,
    gaming,
    leaks,
    shop,
    trust,
)

if TYPE_CHECKING:
    from marketing_analytics.report.facts import Query

SECTIONS = (changes, leaks, customers, credit, forecast, trust, shop, finance, gaming)
QUERIES: dict[str, Query] = {query.name: query for part in SECTIONS for query in part.QUERIES}
