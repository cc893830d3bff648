"""Turns the answers of the marketing domain into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from marketing_analytics.answers.layout import NOTHING, Section, number, percent, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from marketing_analytics.answers.facts import Campaign, Channel, Marketing

SHOWN_AT_EACH_END = 4
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


def marketing_sections(marketing: Marketing, *, is_narrow: bool) -> Iterator[Section]:
    """Yield where campaigns leak and what customers are worth, as far as there are any."""
    if marketing.campaigns:
        campaigns = marketing.campaigns
        yield Section(
            question="Where do campaigns lose people?",
            parts=(_campaign_table(campaigns, is_narrow=is_narrow), *_largest_leak(campaigns)),
        )
    if marketing.channels:
        yield Section(
            question="What is a customer worth, by the channel that brought them?",
            parts=(_channel_table(marketing.channels, is_narrow=is_narrow),),
        )


def _campaign_table(campaigns: Sequence[Campaign], *, is_narrow: bool) -> Table:
    headers = ["campaign", "channel", "score", "spend", "revenue", "worst step", "lost there", "do"]
    shown = [0, 2, 5, 7] if is_narrow else range(len(headers))
    filled = table(*(headers[column] for column in shown), right=("score", "spend", "revenue"))

    def add(campaign: Campaign) -> None:
        cells = _campaign_cells(campaign)
        filled.add_row(*(cells[column] for column in shown))

    scored = [campaign for campaign in campaigns if campaign.score is not None]
    unscored = [campaign for campaign in campaigns if campaign.score is None]
    paid = [campaign for campaign in unscored if campaign.spend][:SHOWN_AT_EACH_END]
    left_out = max(0, len(scored) - 2 * SHOWN_AT_EACH_END)
    for place, campaign in enumerate(scored):
        if SHOWN_AT_EACH_END <= place < SHOWN_AT_EACH_END + left_out:
            if place == SHOWN_AT_EACH_END:
                filled.add_row(Text(f"... {left_out} more in between", style="dim"))
            continue
        add(campaign)
    for campaign in paid:
        add(campaign)
    if len(unscored) > len(paid):
        rest = len(unscored) - len(paid)
        filled.add_row(Text(f"... {rest} without impressions", style="dim"))
    return filled


def _campaign_cells(campaign: Campaign) -> tuple[Text, ...]:
    return (
        Text(campaign.name),  # as it is: brackets in a name are no markup
        Text(campaign.channel),
        Text(NOTHING if campaign.score is None else f"{campaign.score:.2f}"),
        Text(whole(campaign.spend)),
        Text(whole(campaign.revenue)),
        Text(STEPS[campaign.leak_step] if campaign.is_leak_significant else NOTHING),
        Text(_lost(campaign) if campaign.is_leak_significant else NOTHING),
        Text(campaign.action, style=ACTION_STYLES.get(campaign.action, "")),
    )


def _lost(campaign: Campaign) -> str:
    return f"{whole(campaign.lost_conversions)} sales, {whole(campaign.lost_revenue)}"


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
    filled = table("channel", *(numbers[column] for column in shown), right=numbers)
    for channel in channels:
        cells = (
            Text(f"{channel.customers:,}"),
            Text(percent(channel.repeat_rate)),
            Text(number(channel.revenue_per_customer)),
            Text(number(channel.acquisition_cost)),
            _ratio(channel.value_to_cost),
            _payback(channel),
        )
        filled.add_row(Text(channel.name), *(cells[column] for column in shown))
    return filled


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
