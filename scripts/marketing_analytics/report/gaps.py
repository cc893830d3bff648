"""What `mktg alert` says of data that are not there, which no reconciliation can miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.alerts.collect import collect
from marketing_analytics.alerts.look import look
from marketing_analytics.alerts.rules import read_rules, rules_file
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

RULES = ("freshness", "tracking_lost")


def read_gaps(connection: DuckDBPyConnection, project: Path, target: str) -> tuple[str, ...]:
    """Return a sentence for each, by the project's alerts.yml.

    Nothing where alerts cannot look, as in a database with marts alone.
    """
    rules = read_rules(rules_file(project))
    try:
        world = collect(connection, None)
    except MarketingAnalyticsError:
        return ()
    found = look(world, rules, target=target).findings
    return tuple(f"{one.what}." for one in found if one.rule in RULES)
