"""Small series and worlds with numbers that can be followed by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing_analytics.alerts.facts import Series, World
from marketing_analytics.alerts.look import look
from marketing_analytics.alerts.rules import Rules, read_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from marketing_analytics.alerts.facts import Alerts

DAY = date(2024, 6, 30)  # a Sunday
DEFAULTS = read_rules(None)
WOBBLE = (0, 1, -1, 2, -2, 1, 0, -1, 0, 1, -1)  # of no weekday


def days(count: int) -> list[date]:
    """Return so many days that end with the judged one."""
    return [DAY - timedelta(back) for back in range(count - 1, -1, -1)]


def steady(level: float, wobble: float = 1, count: int = 64) -> dict[date, float]:
    """Return a level that goes up and down a little."""
    return {day: level + wobble * WOBBLE[place % 11] for place, day in enumerate(days(count))}


def series(metric: str, kind: Any, values: dict[date, float], **others: Any) -> Series:
    facts = {"domain": "marketing", "name": "c1", "label": "Brand", "source": "campaigns_daily"}
    return Series(**{**facts, **others}, metric=metric, kind=kind, values=values)


def world(*some: Series, **others: Any) -> World:
    facts: dict[str, Any] = {"as_of": {"marketing": DAY}, "failed_tests": (), "series": some}
    return World(**{**facts, **others})


def looked(one: World, rules: Rules = DEFAULTS, **others: Any) -> Alerts:
    return look(one, rules, target="sample", **others)


def rules_of(folder: Path, text: str) -> Rules:
    path = folder / "alerts.yml"
    path.write_text(text, encoding="utf-8")
    return read_rules(path)


def said(alerts: Alerts) -> list[tuple[str, str, str]]:
    """Return rule, series and metric of each finding."""
    return [(one.rule, one.series, one.metric) for one in alerts.findings]


def last(values: dict[date, float], some: Sequence[float]) -> dict[date, float]:
    """Return values with other ones on the last days."""
    ended = days(len(some))
    return {**values, **dict(zip(ended, some, strict=True))}


def each(values: dict[date, float], change: Callable[[int, float], float]) -> dict[date, float]:
    """Return values changed by how many days ago they are."""
    return {day: change((DAY - day).days, value) for day, value in values.items()}
