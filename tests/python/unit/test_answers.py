"""The printed answers: what a name may hold, what a narrow screen gets, which leak is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from marketing_analytics.answers.collect import Answers, Campaign, Channel
from marketing_analytics.answers.render import render


def campaign(name: str, score: float | None, **changes: object) -> Campaign:
    facts: dict[str, object] = {
        "channel": "meta",
        "spend": Decimal("100.00"),
        "revenue": Decimal("250.00"),
        "leak_step": "none",
        "is_leak_significant": False,
        "lost_conversions": 0.0,
        "lost_revenue": 0.0,
        "action": "keep",
    }
    return Campaign(name=name, score=score, **(facts | changes))  # type: ignore[arg-type]


CHANNEL = Channel(
    name="meta",
    customers=1234,
    repeat_rate=0.25,
    revenue_per_customer=10.5,
    acquisition_cost=None,
    value_to_cost=None,
    months_to_payback=None,
)


def printed(*campaigns: Campaign, width: int = 132, unexplained: tuple[str, ...] = ()) -> str:
    answers = Answers(
        as_of_date=date(2024, 6, 30),
        campaigns=campaigns,
        channels=(CHANNEL,),
        stages=7,
        unexplained_stages=unexplained,
        sessions=10,
        sessions_without_known_campaign=4,
    )
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        for part in render(answers, width=width):
            console.print(part)
    return capture.get()


@pytest.mark.parametrize("name", ["[brand] Search DE", "x[/bold]", "[link", "[/]", ":smile:"])
def test_a_name_is_printed_as_it_is(name: str) -> None:
    assert name in printed(campaign(name, 0.5))


def test_the_middle_of_many_campaigns_is_counted() -> None:
    text = printed(*(campaign(f"c{place:02}", 1 - place / 10) for place in range(11)))
    assert "... 3 more in between" in text
    assert [f"c{place:02}" in text for place in (3, 4, 6, 7)] == [True, False, False, True]


def test_a_leak_within_chance_is_not_shown() -> None:
    leak = {"leak_step": "click_to_session", "lost_conversions": 5.0, "lost_revenue": 70.0}
    assert "click to visit" not in printed(campaign("a", 0.5, **leak))
    shown = printed(campaign("a", 0.5, is_leak_significant=True, **leak))
    assert "Largest leak: a (meta), click to visit." in shown
    assert "5 sales, 70 more" in shown


def test_a_campaign_that_costs_without_impressions_is_shown_and_an_idle_one_counted() -> None:
    idle = campaign("idle", None, spend=Decimal(0))
    text = printed(campaign("costs", None), idle)
    assert "costs" in text
    assert "idle" not in text
    assert "... 1 without impressions" in text


def test_a_narrow_screen_gets_fewer_columns_and_no_cut_number() -> None:
    text = printed(campaign("a", 0.5), width=60)
    assert "spend" not in text.split("What is a customer")[0]
    assert "1,234" in text
    assert "…" not in text


def test_totals_that_do_not_reconcile_are_said_first() -> None:
    assert "Do not trust these yet: clicks" in printed(unexplained=("clicks",))
