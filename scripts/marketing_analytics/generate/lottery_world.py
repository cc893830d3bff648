"""The made-up lottery: its games, its ways of playing, and the campaigns that bring the players.

These are the shapes that the marts have to find; docs/sample-data.md tells them as a story.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Taste: TypeAlias = Literal["wide", "jackpot", "small", "favourites"]
Mix: TypeAlias = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A game; `weight` is how often it is picked."""

    id: str
    name: str
    price: int  # of a ticket, in cents
    weight: float
    jackpot: int | None = None  # in cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A way of playing, from the first visit on."""

    name: str
    signs_up: bool = True
    taste: Taste = "wide"
    first_play_days: float = 7  # longest time from signup to the first play
    gap_days: float = 30  # mean time between two plays, or two bursts of them
    spread: float = 0.4  # how far the gaps differ; 0 keeps the day of the week
    burst: int = 1  # plays on following days
    active_days: float = 0  # mean time from the first play to the last
    most_plays: int = 5000
    buy_share: float = 0.85  # of the plays that end with a purchase; the first always does
    spend: int = 500  # mean of a purchase, in cents
    deposit_share: float = 0.3  # of the plays that begin with a deposit
    deposit: int = 1000  # the smallest one, in cents
    return_share: float = 0.12  # of the plays that a campaign brings
    joins: tuple[int | None, int | None] = (None, None)  # between these days before the last one

    def joins_on(self, age: int) -> bool:
        """Return whether such people come that many days before the last one."""
        oldest, youngest = self.joins
        return (oldest is None or age < oldest) and (youngest is None or age >= youngest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign at scale 1; `starts` and `ends` are shares of the period."""

    name: str
    spend: dict[str, float] = field(default_factory=dict)  # dollars a day, by channel
    people_per_day: float = 0  # newcomers, most of whom never sign up
    mix: Mix = field(default_factory=dict)  # of the newcomers, by persona
    return_weight: float = 0  # how often it brings known players back, relative to the others
    starts: float = 0
    ends: float = 1


GAMES = (
    Game(id="powerball", name="Powerball", price=200, weight=20, jackpot=45_000_000_000),
    Game(id="mega_millions", name="Mega Millions", price=200, weight=17, jackpot=32_000_000_000),
    Game(id="superlotto_plus", name="SuperLotto Plus", price=100, weight=7, jackpot=2_700_000_000),
    Game(id="texas_lotto", name="Texas Lotto", price=100, weight=5, jackpot=1_250_000_000),
    Game(id="lotto_america", name="Lotto America", price=100, weight=4, jackpot=820_000_000),
    Game(id="lucky_for_life", name="Lucky for Life", price=200, weight=4, jackpot=575_000_000),
    Game(id="scratch_millionaire", name="Scratch Millionaire", price=3000, weight=2,
         jackpot=100_000_000),
    Game(id="fantasy_five", name="Fantasy Five", price=100, weight=3, jackpot=1_000_000),
    Game(id="take_five", name="Take Five", price=100, weight=6, jackpot=999_999),
    Game(id="pick_4", name="Pick 4", price=50, weight=7, jackpot=500_000),
    Game(id="pick_3", name="Pick 3", price=50, weight=9, jackpot=50_000),
    Game(id="scratch_lucky_sevens", name="Scratch Lucky Sevens", price=200, weight=12,
         jackpot=77_700),
    Game(id="scratch_gold_rush", name="Scratch Gold Rush", price=1000, weight=5, jackpot=200_000),
    Game(id="keno", name="Keno", price=100, weight=8),
    Game(id="daily_bingo", name="Daily Bingo", price=150, weight=5, jackpot=0),
    Game(id="holiday_raffle", name="Holiday Raffle", price=500, weight=2),
)  # fmt: skip

HIGH_JACKPOT = 1_000_000  # in cents, as var high_jackpot_threshold_minor

PERSONAS = (
    Persona(name="high roller", first_play_days=2, gap_days=3.6, active_days=3650, spend=6800,
            deposit_share=0.35, deposit=10000),
    Persona(name="jackpot chaser", taste="jackpot", first_play_days=6, gap_days=45, spread=0.25,
            burst=4, active_days=3650, buy_share=0.95, spend=1100, deposit=2500,
            return_share=0.35),
    Persona(name="weekly regular", taste="favourites", first_play_days=14, gap_days=7, spread=0,
            active_days=3650, spend=340, deposit_share=0.15),
    Persona(name="occasional", taste="favourites", first_play_days=38, gap_days=26,
            active_days=420, spend=1200),
    Persona(name="dabbler", taste="small", first_play_days=20, gap_days=13, active_days=22,
            most_plays=3, spend=450, deposit_share=0.1),
    Persona(name="sign-up only", gap_days=25, active_days=40, most_plays=3, buy_share=0,
            deposit_share=0),
    Persona(name="depositor", gap_days=9, active_days=9, most_plays=2, buy_share=0,
            deposit_share=0.7, deposit=2000),
    Persona(name="lapsed VIP", first_play_days=1, gap_days=2.5, active_days=75, spend=5200,
            deposit_share=0.35, deposit=5000, joins=(None, 265)),
    Persona(name="newcomer", first_play_days=2, gap_days=6, active_days=60, spend=800,
            joins=(30, None)),
    Persona(name="visitor", signs_up=False),
)  # fmt: skip

ORGANIC_MIX: Mix = {
    "high roller": 2, "jackpot chaser": 5, "weekly regular": 18, "occasional": 20, "dabbler": 22,
    "sign-up only": 20, "depositor": 5, "lapsed VIP": 16, "newcomer": 20, "visitor": 130,
}  # fmt: skip
SEARCH_MIX: Mix = {
    "high roller": 7, "jackpot chaser": 5, "weekly regular": 24, "occasional": 20, "dabbler": 16,
    "sign-up only": 14, "depositor": 6, "lapsed VIP": 22, "newcomer": 30, "visitor": 90,
}  # fmt: skip
SOCIAL_MIX: Mix = {
    "jackpot chaser": 2, "weekly regular": 5, "occasional": 10, "dabbler": 53, "sign-up only": 24,
    "depositor": 4, "visitor": 230,
}  # fmt: skip
AFFILIATE_MIX: Mix = {
    "occasional": 4, "dabbler": 12, "sign-up only": 72, "depositor": 10, "visitor": 50,
}  # fmt: skip
PODCAST_MIX: Mix = {
    "high roller": 3, "jackpot chaser": 54, "weekly regular": 7, "occasional": 10, "dabbler": 10,
    "sign-up only": 12, "newcomer": 10, "visitor": 60,
}  # fmt: skip
FRIENDS_MIX: Mix = {
    "high roller": 4, "weekly regular": 32, "occasional": 22, "dabbler": 20, "sign-up only": 16,
    "visitor": 30,
}  # fmt: skip

# Newcomers whom no campaign brings.
ORGANIC = Campaign(name="", people_per_day=0.7, mix=ORGANIC_MIX)

CAMPAIGNS = (
    Campaign(name="search_brand", spend={"search": 3.2}, people_per_day=0.24, mix=SEARCH_MIX,
             return_weight=3),
    Campaign(name="search_powerball", spend={"search": 14}, people_per_day=0.2, mix=SEARCH_MIX,
             starts=0.15),
    Campaign(name="social_scratch_fun", spend={"social": 6.5}, people_per_day=0.4, mix=SOCIAL_MIX,
             ends=0.75),
    Campaign(name="social_spring_tickets", spend={"social": 3.6}, people_per_day=0.5,
             mix=SOCIAL_MIX, starts=0.62, ends=0.85),
    Campaign(name="affiliate_bonus_club", spend={"affiliate": 4.4}, people_per_day=0.22,
             mix=AFFILIATE_MIX, starts=0.1),
    Campaign(name="podcast_jackpot_hour", spend={"podcast": 16}, people_per_day=0.22,
             mix=PODCAST_MIX, starts=0.05, return_weight=1),
    Campaign(name="summer_millions", spend={"search": 12, "social": 8}, people_per_day=0.45,
             mix=SEARCH_MIX, ends=0.25, return_weight=2),
    Campaign(name="display_mega_banner", spend={"display": 6.5}, starts=0.4, ends=0.6),
    Campaign(name="email_winback", spend={"email": 0.25}, starts=0.25, return_weight=0.5),
    Campaign(name="push_jackpot_alert", spend={"push": 0.4}, starts=0.1, return_weight=6),
    Campaign(name="friends_invite", people_per_day=0.08, mix=FRIENDS_MIX, return_weight=0.5),
)  # fmt: skip

WINBACK = "email_winback"  # brings back some who have stopped

COUNTRIES: Mix = {"US": 90, "CA": 4, "MX": 3, "PR": 2, "GB": 1}
