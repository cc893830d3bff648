"""The raw sources that can be generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.generate.dbt_production import DbtProduction
from marketing_analytics.generate.lottery_raw import LotteryRaw
from marketing_analytics.generate.marketing_raw import MarketingRaw

if TYPE_CHECKING:
    from marketing_analytics.generate.request import Generator

GENERATORS: dict[str, Generator] = {
    "dbt_production": DbtProduction(),
    "lottery_raw": LotteryRaw(),
    "marketing_raw": MarketingRaw(),
}


def generator(source: str) -> Generator:
    """Return what generates a source.

    Raises:
        MarketingAnalyticsError: the source is declared, but has no generator.
    """
    if source not in GENERATORS:
        raise MarketingAnalyticsError(
            f"{source} cannot be generated; {', '.join(sorted(GENERATORS))} can"
        )
    return GENERATORS[source]
