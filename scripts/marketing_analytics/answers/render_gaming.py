"""Turns the answers of gaming into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from marketing_analytics.answers.layout import NOTHING, Section, percent, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from marketing_analytics.answers.facts import Gaming, PlayerChannel, PlayerTier

LOW_RETURN = 1  # purchases per dollar of spend below which a channel does not pay


def gaming_sections(gaming: Gaming, *, is_narrow: bool) -> Iterator[Section]:
    """Yield which players are worth a promotion and which channels bring them, if there are any."""
    if gaming.tiers:
        counts = [f"{each.players:,} {each.name}" for each in gaming.promotions]
        yield Section(
            question="Which players are worth a promotion?",
            parts=(
                _tier_table(gaming.tiers, is_narrow=is_narrow),
                Text(f"Players by promotion: {', '.join(counts)}."),
            ),
        )
    if gaming.channels:
        yield Section(
            question="Which channel brings players who buy, and who play for high jackpots?",
            parts=(_channel_table(gaming.channels, is_narrow=is_narrow),),
        )


def _tier_table(tiers: Sequence[PlayerTier], *, is_narrow: bool) -> Table:
    headers = ["tier", "players", "spent each", "a year at this rate", "days inactive"]
    shown = [0, 1, 3] if is_narrow else range(len(headers))
    filled = table(*(headers[column] for column in shown), right=headers[1:])
    for tier in tiers:
        cells = (
            Text(tier.name),
            Text(f"{tier.players:,}"),
            Text(whole(tier.spent_each)),
            Text(whole(tier.predicted_year_each)),
            Text(whole(tier.inactive_days_each)),
        )
        filled.add_row(*(cells[column] for column in shown))
    return filled


def _channel_table(channels: Sequence[PlayerChannel], *, is_narrow: bool) -> Table:
    headers = [
        *("channel", "players", "high jackpots", "days to buy", "not yet"),
        *("ad spend", "return, first touch", "last touch"),
    ]
    shown = [0, 1, 6] if is_narrow else range(len(headers))
    filled = table(*(headers[column] for column in shown), right=headers[1:])
    for channel in channels:
        cells = (
            Text(channel.name),
            Text(f"{channel.players:,}"),
            Text(percent(channel.high_jackpot_rate)),
            Text(NOTHING if channel.median_days is None else f"{channel.median_days:,}"),
            Text(percent(channel.not_yet_converted_rate)),
            Text(whole(channel.ad_spend)),
            _return(channel.first_touch_return),
            _return(channel.last_touch_return),
        )
        filled.add_row(*(cells[column] for column in shown))
    return filled


def _return(ratio: float | None) -> Text:
    if ratio is None:
        return Text(NOTHING)
    return Text(f"{ratio:,.1f}", style="bold red" if ratio < LOW_RETURN else "")
