"""The made-up company's traffic: what each channel is like, which campaigns ran, with which ads.

These are the shapes that the marts have to find; docs/sample-data.md tells them as a story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the visitors of a channel are like; they keep it after they come back another way."""

    name: str | None
    order_value: float  # mean, in dollars
    repeat_share: float  # of the buyers who buy again, and of those again
    browse_share: float  # of the others who come back, and of those again
    bounce_share: float  # of sessions without a purchase
    mobile_share: float
    weekend: float  # traffic on a Saturday or Sunday, a working day is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign at scale 1; `starts` and `ends` are shares of the generated period."""

    id: str
    name: str
    channel: str
    starts: float
    ends: float
    new_per_day: float  # sessions of new visitors
    return_weight: float  # how often it brings known visitors back, relative to the others
    click_through: float  # of a fresh creative
    cost_per_click: float
    arrival_share: float  # sessions per click
    buyer_share: float  # of its new visitors
    creatives: tuple[tuple[str, str], ...]  # type and name, the oldest first
    renamed: str | None = None  # its name in the second half of its life
    paused: tuple[float, float] | None = None  # shares of its life
    bounce_share: float | None = None  # where it differs from the channel's
    delivers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTraffic:
    """Visits that no campaign brought: by search, by typing the address, or of unknown origin."""

    id: str
    channel: str | None
    new_per_day: float
    return_weight: float
    buyer_share: float


Source: TypeAlias = FreeTraffic | Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Everything that brings visitors."""

    channels: tuple[Channel, ...]
    free: tuple[FreeTraffic, ...]
    campaigns: tuple[Campaign, ...]
    countries: dict[str, float]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Everything a session can come from."""
        return (*self.free, *self.campaigns)

    def channel(self, name: str | None) -> Channel:
        """Return the channel of that name."""
        return next(channel for channel in self.channels if channel.name == name)


DELETED_CAMPAIGN = "camp_deleted_2023"  # credited now and then, listed nowhere

CHANNELS = (
    Channel(name="google_ads", order_value=75, repeat_share=0.3, browse_share=0.42,
            bounce_share=0.42, mobile_share=0.5, weekend=0.8),
    Channel(name="meta", order_value=48, repeat_share=0.22, browse_share=0.38,
            bounce_share=0.52, mobile_share=0.8, weekend=1.1),
    Channel(name="linkedin", order_value=290, repeat_share=0.75, browse_share=0.5,
            bounce_share=0.35, mobile_share=0.3, weekend=0.35),
    Channel(name="tiktok", order_value=12.5, repeat_share=0.04, browse_share=0.2,
            bounce_share=0.68, mobile_share=0.93, weekend=1.25),
    Channel(name="email", order_value=65, repeat_share=0.5, browse_share=0.5,
            bounce_share=0.25, mobile_share=0.55, weekend=0.7),
    Channel(name="organic", order_value=85, repeat_share=0.6, browse_share=0.5,
            bounce_share=0.36, mobile_share=0.55, weekend=0.85),
    Channel(name="direct", order_value=80, repeat_share=0.45, browse_share=0.45,
            bounce_share=0.33, mobile_share=0.45, weekend=0.85),
    Channel(name=None, order_value=55, repeat_share=0.2, browse_share=0.3,
            bounce_share=0.5, mobile_share=0.6, weekend=1.0),
)  # fmt: skip

FREE_TRAFFIC = (
    FreeTraffic(id="organic", channel="organic", new_per_day=1.6, return_weight=26,
                buyer_share=0.4),
    FreeTraffic(id="direct", channel="direct", new_per_day=0.5, return_weight=28,
                buyer_share=0.4),
    FreeTraffic(id="unknown", channel=None, new_per_day=0.1, return_weight=1,
                buyer_share=0.4),
)  # fmt: skip

CAMPAIGNS = (
    Campaign(
        id="camp_google_brand", name="Brand Search", channel="google_ads", starts=0, ends=1,
        new_per_day=0.55, return_weight=8, click_through=0.085, cost_per_click=1.1,
        arrival_share=0.92, buyer_share=0.48,
        creatives=(("image", "Logo and claim"), ("image", "Sitelinks"), ("video", "Unboxing")),
    ),
    Campaign(
        id="camp_google_generic", name="Generic Search", renamed="Non-brand Search",
        channel="google_ads", starts=0.08, ends=1, new_per_day=0.95, return_weight=3,
        click_through=0.036, cost_per_click=3.1, arrival_share=0.87, buyer_share=0.27,
        creatives=(("image", "Price first"), ("carousel", "Range"), ("image", "Free returns")),
    ),
    Campaign(  # normal funnel, clicks at several times the channel's price
        id="camp_google_competitor", name="Competitor Keywords", channel="google_ads",
        starts=0.35, ends=0.66, new_per_day=1.0, return_weight=2, click_through=0.031,
        cost_per_click=16.5, arrival_share=0.86, buyer_share=0.19,
        creatives=(("image", "Compare us"), ("image", "Switch today")),
    ),
    Campaign(  # hardly anybody clicks
        id="camp_google_display", name="Display Banner", channel="google_ads",
        starts=0.3, ends=0.6, new_per_day=0.38, return_weight=0, click_through=0.00062,
        cost_per_click=2.2, arrival_share=0.8, buyer_share=0.14,
        creatives=(("image", "Skyscraper"), ("image", "Leaderboard")),
    ),
    Campaign(
        id="camp_meta_prospecting", name="Prospecting Lookalikes", channel="meta",
        starts=0.05, ends=0.8, new_per_day=0.9, return_weight=3, click_through=0.017,
        cost_per_click=1.5, arrival_share=0.78, buyer_share=0.2,
        creatives=(("video", "Founder story"), ("image", "Flat lay"), ("carousel", "Bestsellers")),
    ),
    Campaign(
        id="camp_meta_retargeting", name="Retargeting", channel="meta",
        starts=0.3, ends=1, new_per_day=0.3, return_weight=12, click_through=0.027,
        cost_per_click=0.95, arrival_share=0.84, buyer_share=0.34,
        creatives=(("carousel", "Left in the basket"), ("image", "Ten percent off")),
    ),
    Campaign(  # everybody clicks, the landing page is broken
        id="camp_meta_spring_sale", name="Spring Sale", channel="meta",
        starts=0.4, ends=0.62, new_per_day=3.0, return_weight=0, click_through=0.098,
        cost_per_click=0.75, arrival_share=0.8, buyer_share=0.008, bounce_share=0.93,
        creatives=(("video", "Countdown"), ("image", "Half price")),
    ),
    Campaign(
        id="camp_linkedin_leaders", name="Decision Makers", channel="linkedin",
        starts=0.1, ends=1, new_per_day=0.5, return_weight=3, click_through=0.0095,
        cost_per_click=8.2, arrival_share=0.86, buyer_share=0.27,
        creatives=(("image", "Case study"), ("video", "Customer quote"), ("carousel", "Checklist")),
    ),
    Campaign(
        id="camp_linkedin_webinar", name="Webinar Invitation", channel="linkedin",
        starts=0.45, ends=0.7, paused=(0.4, 0.55), new_per_day=0.6, return_weight=2,
        click_through=0.012, cost_per_click=7.4, arrival_share=0.84, buyer_share=0.17,
        creatives=(("image", "Speakers"), ("video", "Teaser")),
    ),
    Campaign(  # too little to say anything
        id="camp_linkedin_event", name="Trade Fair Booth", channel="linkedin",
        starts=0.9, ends=0.945, new_per_day=0.45, return_weight=0, click_through=0.011,
        cost_per_click=8.0, arrival_share=0.85, buyer_share=0.2,
        creatives=(("image", "Meet us"),),
    ),
    Campaign(
        id="camp_tiktok_creators", name="Creator Clips", channel="tiktok",
        starts=0.2, ends=0.92, new_per_day=1.5, return_weight=1.5, click_through=0.013,
        cost_per_click=0.5, arrival_share=0.72, buyer_share=0.07,
        creatives=(("video", "Try-on"), ("video", "Behind the scenes"), ("video", "Duet")),
    ),
    Campaign(  # four of five arrivals are never recorded
        id="camp_tiktok_challenge", name="Hashtag Challenge", channel="tiktok",
        starts=0.5, ends=0.76, new_per_day=1.1, return_weight=0, click_through=0.015,
        cost_per_click=0.4, arrival_share=0.2, buyer_share=0.05,
        creatives=(("video", "Dance"), ("video", "Remix")),
    ),
    Campaign(  # set up, but not shown to anybody yet
        id="camp_tiktok_summer", name="Summer Teaser", channel="tiktok",
        starts=0.975, ends=1, new_per_day=1.0, return_weight=0, click_through=0.013,
        cost_per_click=0.5, arrival_share=0.72, buyer_share=0.06, delivers=False,
        creatives=(("video", "Beach"), ("image", "Sunset")),
    ),
    Campaign(
        id="camp_email_newsletter", name="Newsletter", channel="email", starts=0, ends=1,
        new_per_day=0.1, return_weight=13, click_through=0.052, cost_per_click=0.4,
        arrival_share=0.95, buyer_share=0.4,
        creatives=(("image", "Weekly picks"), ("image", "Stories")),
    ),
    Campaign(
        id="camp_email_winback", name="Win-back", channel="email", starts=0.6, ends=1,
        new_per_day=0.04, return_weight=6, click_through=0.035, cost_per_click=0.45,
        arrival_share=0.94, buyer_share=0.4,
        creatives=(("image", "We miss you"), ("image", "Voucher")),
    ),
)  # fmt: skip

COUNTRIES = {
    "US": 0.46, "GB": 0.14, "DE": 0.12, "CA": 0.09, "FR": 0.07, "AU": 0.05, "NL": 0.04, "ES": 0.03,
}  # fmt: skip

TRAFFIC = Traffic(channels=CHANNELS, free=FREE_TRAFFIC, campaigns=CAMPAIGNS, countries=COUNTRIES)
