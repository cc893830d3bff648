"""Turns the answers into tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from marketing_analytics.answers.collect import Answers, Campaign, Channel

SHOWN_AT_EACH_END = 4
WIDE = 110  # columns from which the whole campaign table fits
NOTHING = "-"
STEPS = {
    "impression_to_click": "ad to click",
    "click_to_session": "click to visit",
    "session_to_conversion": "visit to sale",
}
ACTION_STYLES = {
    "stop": "bold red",
    "fix the ad": "yellow",
    "fix the landing page": "yellow",
    "scale": "bold green",
    "keep": "green",
    "too little data": "dim",
}


def render(answers: Answers, *, width: int) -> Iterator[RenderableType]:
    """Yield what to print, in the order in which a reader asks; a narrow screen gets less."""
    is_narrow = width < WIDE
    day = answers.as_of_date or "no data yet"
    yield Text(f"Where do campaigns lose people?  as of {day}", style="bold")
    yield _campaign_table(answers.campaigns, is_narrow=is_narrow)
    yield from _largest_leak(answers.campaigns)
    yield Text("\nWhat is a customer worth, by the channel that brought them?", style="bold")
    yield _channel_table(answers.channels, is_narrow=is_narrow)
    yield Text()
    yield _trust(answers)


def _table(*headers: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left")
    return table


def _campaign_table(campaigns: Sequence[Campaign], *, is_narrow: bool) -> Table:
    headers = ["campaign", "channel", "score", "spend", "revenue", "worst step", "lost there", "do"]
    shown = [0, 2, 5, 7] if is_narrow else range(len(headers))
    table = _table(*(headers[column] for column in shown), right=("score", "spend", "revenue"))

    def add(campaign: Campaign) -> None:
        cells = _campaign_cells(campaign)
        table.add_row(*(cells[column] for column in shown))

    scored = [campaign for campaign in campaigns if campaign.score is not None]
    unscored = [campaign for campaign in campaigns if campaign.score is None]
    paid = [campaign for campaign in unscored if campaign.spend][:SHOWN_AT_EACH_END]
    left_out = max(0, len(scored) - 2 * SHOWN_AT_EACH_END)
    for place, campaign in enumerate(scored):
        if SHOWN_AT_EACH_END <= place < SHOWN_AT_EACH_END + left_out:
            if place == SHOWN_AT_EACH_END:
                table.add_row(Text(f"... {left_out} more in between", style="dim"))
            continue
        add(campaign)
    for campaign in paid:
        add(campaign)
    if len(unscored) > len(paid):
        rest = len(unscored) - len(paid)
        table.add_row(Text(f"... {rest} without impressions", style="dim"))
    return table


def _campaign_cells(campaign: Campaign) -> tuple[Text, ...]:
    return (
        Text(campaign.name),  # as it is: brackets in a name are no markup
        Text(campaign.channel),
        Text(NOTHING if campaign.score is None else f"{campaign.score:.2f}"),
        Text(f"{campaign.spend:,.0f}"),
        Text(f"{campaign.revenue:,.0f}"),
        Text(STEPS[campaign.leak_step] if campaign.is_leak_significant else NOTHING),
        Text(_lost(campaign) if campaign.is_leak_significant else NOTHING),
        Text(campaign.action, style=ACTION_STYLES.get(campaign.action, "")),
    )


def _lost(campaign: Campaign) -> str:
    return f"{campaign.lost_conversions:,.0f} sales, {campaign.lost_revenue:,.0f}"


def _largest_leak(campaigns: Sequence[Campaign]) -> Iterator[Text]:
    leaks = [campaign for campaign in campaigns if campaign.is_leak_significant]
    if leaks:
        worst = max(leaks, key=lambda campaign: campaign.lost_revenue)
        yield Text(
            f"Largest leak: {worst.name} ({worst.channel}), {STEPS[worst.leak_step]}. "
            f"At the median campaign's rate it would make {_lost(worst)} more."
        )


def _channel_table(channels: Sequence[Channel], *, is_narrow: bool) -> Table:
    numbers = ["customers", "buy again", "revenue each", "cost each", "margin : cost", "pays back"]
    shown = [0, 2, 4] if is_narrow else range(len(numbers))
    table = _table("channel", *(numbers[column] for column in shown), right=numbers)
    for channel in channels:
        cells = (
            Text(f"{channel.customers:,}"),
            Text(f"{channel.repeat_rate:.0%}"),
            Text(_number(channel.revenue_per_customer)),
            Text(_number(channel.acquisition_cost)),
            _ratio(channel.value_to_cost),
            _payback(channel),
        )
        table.add_row(Text(channel.name), *(cells[column] for column in shown))
    return table


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.2f}"


def _ratio(value: float | None) -> Text:
    if value is None:
        return Text("no spend", style="dim")
    return Text(f"{value:.1f}", style="green" if value >= 1 else "bold red")


def _payback(channel: Channel) -> Text:
    if channel.value_to_cost is None:
        return Text(NOTHING)
    if channel.months_to_payback is None:
        return Text("not yet", style="bold red")
    if channel.months_to_payback == 0:
        return Text("same month")
    return Text(f"month {channel.months_to_payback}")


def _trust(answers: Answers) -> Text:
    if answers.unexplained_stages:
        return Text(
            f"Do not trust these yet: {', '.join(answers.unexplained_stages)} do not reconcile "
            "with the raw data; see marketing.funnel_reconciliation",
            style="bold red",
        )
    return Text(
        f"All {answers.stages} totals reconcile with the raw data. "
        f"{answers.sessions_without_known_campaign:,} of {answers.sessions:,} sessions have no "
        "known campaign: they count by channel, not by campaign."
    )
