"""The lottery's marts in plain loops, from the domain rules and not from the models.

Slow on purpose, as reference_shop.py is for the shop. Money is exact (Decimal) and so is everything
that is compared with a bound (Fraction): only what a mart calls a double becomes a float.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Value: TypeAlias = str | int | float | bool | Decimal | date | datetime | None
Row: TypeAlias = dict[str, Value]
Number: TypeAlias = int | Decimal | Fraction
Bands: TypeAlias = tuple[tuple[Number, int], ...]

NOTHING = Decimal("0.00")
NO_TOUCH = "(none)"
Z = Fraction("1.959963984540054")
TIERS = ((80, "Diamond VIP"), (60, "Gold VIP"), (40, "Silver VIP"), (0, "Standard"))
OUTCOMES = ("converted", "not yet converted", "purchased before the touch", "no marketing touch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup:
    """A row of signups."""

    signup_id: str
    user_id: str
    signup_timestamp: datetime
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A row of deposits, in cents."""

    deposit_id: str
    deposit_timestamp: datetime
    user_id: str | None = None
    deposit_amount_inminor: int | None = None

    @property
    def minor(self) -> int:
        return self.deposit_amount_inminor or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A row of ticket_purchases, in dollars."""

    purchase_id: str
    purchase_timestamp: datetime
    user_id: str | None = None
    game_id: str | None = None
    purchase_amount_usd: Decimal | None = None

    @property
    def usd(self) -> Decimal:
        return self.purchase_amount_usd or NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A row of games; the jackpot in cents."""

    game_id: str
    game_name: str | None = None
    jackpot_estimate_inminor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebEvent:
    """A row of web_events."""

    event_id: str
    event_timestamp: datetime
    user_id: str | None = None
    anonymous_user_id: str | None = None
    utm_campaign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A row of funnel_spend, in cents."""

    date: date
    campaign_name: str
    channel: str
    spend_inminor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotteryWorld:
    """Everything that is in the raw tables."""

    signups: tuple[Signup, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    ticket_purchases: tuple[Purchase, ...] = ()
    games: tuple[Game, ...] = ()
    web_events: tuple[WebEvent, ...] = ()
    funnel_spend: tuple[Spend, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotterySettings:
    """What a run can choose: the day, the jackpot, the least tenure and the weights."""

    as_of_date: date | None = None
    high_jackpot_threshold_minor: int = 1_000_000
    min_rated_tenure_days: int = 30
    rfm_weight: int = 40
    behavioral_weight: int = 30
    predicted_ltv_weight: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A player with all that is theirs up to the as-of date, each in the order of time and id."""

    user_id: str
    country: str | None
    signed_up: datetime
    deposits: tuple[Deposit, ...]
    purchases: tuple[Purchase, ...]
    events: tuple[WebEvent, ...]
    high_jackpot_games: frozenset[str]

    @property
    def touches(self) -> list[WebEvent]:
        return [event for event in self.events if event.utm_campaign is not None]

    @property
    def first_campaign(self) -> str:
        return campaign_of(self.touches[0]) if self.touches else NO_TOUCH

    @property
    def spent(self) -> Decimal:
        return total(purchase.usd for purchase in self.purchases)

    @property
    def games(self) -> set[str]:
        return {p.game_id for p in self.purchases if p.game_id is not None}

    @property
    def high_jackpot_purchases(self) -> list[Purchase]:
        return [p for p in self.purchases if p.game_id in self.high_jackpot_games]

    @property
    def high_jackpot_games_played(self) -> int:
        return len(self.games & self.high_jackpot_games)

    @property
    def first_purchase(self) -> datetime | None:
        return self.purchases[0].purchase_timestamp if self.purchases else None

    @property
    def days_to_first_purchase(self) -> int | None:
        return days_unless_before(self.signed_up, self.first_purchase)

    @property
    def last_activity(self) -> date:
        moments = [purchase.purchase_timestamp for purchase in self.purchases]
        moments += [deposit.deposit_timestamp for deposit in self.deposits]
        moments += [event.event_timestamp for event in self.events]
        return max(moments, default=self.signed_up).date()

    @property
    def segment(self) -> str:
        for least, name in ((10, "High Value"), (3, "Medium Value"), (1, "Low Value")):
            if len(self.purchases) >= least:
                return name
        return "No Purchase"

    @property
    def type(self) -> str:
        return "High Jackpot Player" if self.high_jackpot_games_played else "Regular Player"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lottery:
    """What was known on the as-of date."""

    world: LotteryWorld
    settings: LotterySettings
    as_of: date | None
    players: tuple[Player, ...]
    owners: dict[str, str | None]  # user of each event up to the as-of date, by its id
    spend: tuple[Spend, ...]

    @property
    def now(self) -> date:
        """The as-of date, where a row shows that there is one."""
        assert self.as_of is not None
        return self.as_of

    def channel(self, campaign: str) -> str:
        if campaign == NO_TOUCH:
            return NO_TOUCH
        channels = {row.channel for row in self.spend if row.campaign_name == campaign}
        if len(channels) > 1:
            return "several channels"
        return channels.pop() if channels else "unknown"

    def players_of(self, channel: str) -> list[Player]:
        return [p for p in self.players if self.channel(p.first_campaign) == channel]

    @property
    def first_channels(self) -> list[str]:
        return sorted({self.channel(player.first_campaign) for player in self.players})


# ---------------------------------------------------------------- small things


def dollars(minor: int | None) -> Decimal:
    return Decimal(minor or 0).scaleb(-2)


def total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, NOTHING)


def rate(numerator: Number, denominator: Number) -> float:
    return float(Fraction(numerator) / Fraction(denominator)) if denominator else 0.0


def rate_or_none(numerator: Number, denominator: Number) -> float | None:
    return rate(numerator, denominator) if denominator else None


def days_unless_before(start: datetime, end: datetime | None) -> int | None:
    return None if end is None or end < start else (end.date() - start.date()).days


def campaign_of(touch: WebEvent) -> str:
    assert touch.utm_campaign is not None
    return touch.utm_campaign


def at_least(value: Number, bands: Bands) -> int:
    """Return the score of the first bound that the value reaches, else 1."""
    return next((score for bound, score in bands if value >= bound), 1)


def at_most(value: Number, bands: Bands) -> int:
    return next((score for bound, score in bands if value <= bound), 1)


# ---------------------------------------------------------------- what was known


def as_of_date(world: LotteryWorld, settings: LotterySettings) -> date | None:
    """Return the day that now is: the setting, else the latest event, but never after today."""
    if settings.as_of_date:
        return settings.as_of_date
    days = [signup.signup_timestamp.date() for signup in world.signups]
    days += [deposit.deposit_timestamp.date() for deposit in world.deposits]
    days += [purchase.purchase_timestamp.date() for purchase in world.ticket_purchases]
    days += [event.event_timestamp.date() for event in world.web_events]
    days += [spend.date for spend in world.funnel_spend]
    return min(max(days), datetime.now(UTC).date()) if days else None


def known_lottery(world: LotteryWorld, settings: LotterySettings) -> Lottery:
    as_of = as_of_date(world, settings)

    def known(moment: datetime) -> bool:
        return as_of is not None and moment.date() <= as_of

    events = sorted(
        (event for event in world.web_events if known(event.event_timestamp)),
        key=lambda event: (event.event_timestamp, event.event_id),
    )
    owners = {event.event_id: owner_of(event, events) for event in events}
    signups: dict[str, Signup] = {}
    for signup in sorted(world.signups, key=lambda s: (s.signup_timestamp, s.signup_id)):
        if known(signup.signup_timestamp):
            signups.setdefault(signup.user_id, signup)
    high_jackpots = frozenset(
        game.game_id
        for game in world.games
        if game.jackpot_estimate_inminor is not None
        and game.jackpot_estimate_inminor >= settings.high_jackpot_threshold_minor
    )
    players = []
    for user, signup in signups.items():
        deposits = [d for d in world.deposits if d.user_id == user and known(d.deposit_timestamp)]
        purchases = [
            p for p in world.ticket_purchases if p.user_id == user and known(p.purchase_timestamp)
        ]
        player = Player(
            user_id=user,
            country=signup.country,
            signed_up=signup.signup_timestamp,
            deposits=tuple(sorted(deposits, key=lambda d: (d.deposit_timestamp, d.deposit_id))),
            purchases=tuple(sorted(purchases, key=lambda p: (p.purchase_timestamp, p.purchase_id))),
            events=tuple(event for event in events if owners[event.event_id] == user),
            high_jackpot_games=high_jackpots,
        )
        players.append(player)
    return Lottery(
        world=world,
        settings=settings,
        as_of=as_of,
        players=tuple(players),
        owners=owners,
        spend=tuple(s for s in world.funnel_spend if as_of is not None and s.date <= as_of),
    )


def owner_of(event: WebEvent, events: Sequence[WebEvent]) -> str | None:
    """Return the user of an event: the one logged in, else the next one of the visitor.

    After the last login, the visitor stays who it was.
    """
    if event.user_id is not None:
        return event.user_id
    if event.anonymous_user_id is None:
        return None
    turns: list[tuple[str, datetime]] = []
    for login in events:
        if login.user_id is None or login.anonymous_user_id != event.anonymous_user_id:
            continue
        if turns and turns[-1][0] == login.user_id:
            turns.pop()
        turns.append((login.user_id, login.event_timestamp))
    for user, last in turns:
        if event.event_timestamp <= last:
            return user
    return turns[-1][0] if turns else None


# ---------------------------------------------------------------- players


def dim_customer(lottery: Lottery) -> list[Row]:
    return [
        {
            "user_id": player.user_id,
            "country": player.country,
            "signup_timestamp": player.signed_up,
            "signup_date": player.signed_up.date(),
            **_deposits(player),
            **_purchases(player),
            **_web_events(player),
            "customer_segment": player.segment,
            "player_type": player.type,
            "as_of_date": lottery.as_of,
        }
        for player in lottery.players
    ]


def _deposits(player: Player) -> Row:
    deposits = player.deposits
    amount = sum(deposit.minor for deposit in deposits)
    first = deposits[0] if deposits else None
    return {
        "total_deposits": len(deposits),
        "total_deposit_amount_minor": amount,
        "first_deposit_timestamp": first.deposit_timestamp if first else None,
        "last_deposit_timestamp": deposits[-1].deposit_timestamp if first else None,
        "avg_deposit_amount_minor": rate(amount, len(deposits)),
        "days_to_first_deposit": days_unless_before(
            player.signed_up, first.deposit_timestamp if first else None
        ),
        "first_deposit_amount_minor": first.minor if first else None,
    }


def _purchases(player: Player) -> Row:
    purchases = player.purchases
    return {
        "total_purchases": len(purchases),
        "total_purchase_amount_usd": player.spent,
        "first_purchase_timestamp": player.first_purchase,
        "last_purchase_timestamp": purchases[-1].purchase_timestamp if purchases else None,
        "avg_purchase_amount_usd": rate(player.spent, len(purchases)),
        "unique_games_played": len(player.games),
        "high_jackpot_games_played": player.high_jackpot_games_played,
        "high_jackpot_spend_usd": total(p.usd for p in player.high_jackpot_purchases),
        "days_to_first_purchase": player.days_to_first_purchase,
    }


def _web_events(player: Player) -> Row:
    events = player.events
    first = events[0].event_timestamp if events else None
    return {
        "total_web_events": len(events),
        "first_web_event_timestamp": first,
        "last_web_event_timestamp": events[-1].event_timestamp if events else None,
        "unique_campaigns_engaged": len({touch.utm_campaign for touch in player.touches}),
        "days_to_first_web_event": (first.date() - player.signed_up.date()).days if first else None,
        "anonymous_web_event_count": sum(event.user_id is None for event in events),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The value score of a player and what it is made of."""

    recency: int
    frequency: int
    monetary: int
    jackpot: int
    variety: int
    deposit: int
    conversion: int
    factor: Fraction
    inactive: int
    tenure: int
    per_month: Fraction
    predicted: Fraction
    value: Fraction

    @property
    def tier(self) -> str:
        return next(name for bound, name in TIERS if self.value >= bound)

    @property
    def promotion(self) -> str:
        if self.value >= 60 and self.inactive <= 30:
            return "Eligible for VIP Promotions"
        return "Eligible for Re-engagement" if self.inactive > 90 else "Standard Marketing"

    @property
    def risk(self) -> int:
        if self.tenure < 30:
            return 3
        return 2 if self.inactive > 90 else 1

    @property
    def rfm(self) -> int:
        return self.recency + self.frequency + self.monetary

    @property
    def behavioral(self) -> int:
        return self.jackpot + self.variety + self.deposit + self.conversion


def scores_of(player: Player, lottery: Lottery) -> Scores:
    settings = lottery.settings
    inactive = (lottery.now - player.last_activity).days
    tenure = (lottery.now - player.signed_up.date()).days
    rated = max(tenure, settings.min_rated_tenure_days)
    count = len(player.purchases)
    per_month = Fraction(count * 30, rated)
    average = Fraction(player.spent) / count if count else Fraction(0)
    predicted = Fraction(player.spent) * 365 / rated
    quick = player.days_to_first_purchase
    factors: Bands = ((1000, 10), (500, 8), (200, 6), (100, 4), (50, 2), (0, 0))
    recency = at_most(inactive, ((7, 5), (30, 4), (90, 3), (180, 2)))
    frequency = at_least(per_month, ((5, 5), (3, 4), (1, 3), (Fraction(1, 2), 2)))
    monetary = at_least(average, ((50, 5), (25, 4), (10, 3), (5, 2)))
    jackpot = at_least(player.high_jackpot_games_played, ((5, 5), (3, 4), (2, 3), (1, 2)))
    variety = at_least(len(player.games), ((5, 5), (4, 4), (3, 3), (2, 2)))
    deposit = at_least(len(player.deposits), ((10, 5), (5, 4), (3, 3), (1, 2)))
    conversion = 0 if quick is None else at_most(quick, ((1, 5), (3, 4), (7, 3), (14, 2)))
    factor = Fraction(at_least(predicted, factors), 10)
    value = (
        settings.rfm_weight * Fraction(recency + frequency + monetary, 15)
        + settings.behavioral_weight * Fraction(jackpot + variety + deposit + conversion, 20)
        + settings.predicted_ltv_weight * factor
    )
    return Scores(
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        jackpot=jackpot,
        variety=variety,
        deposit=deposit,
        conversion=conversion,
        factor=factor,
        inactive=inactive,
        tenure=tenure,
        per_month=per_month,
        predicted=predicted,
        value=min(max(value, Fraction(0)), Fraction(100)),
    )


def customer_ltv_scoring(lottery: Lottery) -> list[Row]:
    return [_scored(player, scores_of(player, lottery), lottery) for player in lottery.players]


def _scored(player: Player, scores: Scores, lottery: Lottery) -> Row:
    deposits, purchases = _deposits(player), _purchases(player)
    kept = ("total_purchases", "total_purchase_amount_usd", "unique_games_played")
    return {
        "user_id": player.user_id,
        "country": player.country,
        "signup_date": player.signed_up.date(),
        **{name: deposits[name] for name in ("total_deposits", "total_deposit_amount_minor")},
        **{name: purchases[name] for name in kept},
        "high_jackpot_games_played": purchases["high_jackpot_games_played"],
        "high_jackpot_spend_usd": purchases["high_jackpot_spend_usd"],
        "recency_score": scores.recency,
        "frequency_score": scores.frequency,
        "monetary_score": scores.monetary,
        "rfm_score": scores.rfm,
        "high_jackpot_score": scores.jackpot,
        "game_variety_score": scores.variety,
        "deposit_behavior_score": scores.deposit,
        "quick_conversion_score": scores.conversion,
        "behavioral_score": scores.behavioral,
        "predicted_annual_ltv": float(scores.predicted),
        "ltv_score": float(scores.value),
        "risk_score": scores.risk,
        "vip_tier": scores.tier,
        "promotion_category": scores.promotion,
        "customer_segment": player.segment,
        "player_type": player.type,
        "days_since_last_activity": scores.inactive,
        "customer_tenure_days": scores.tenure,
        "purchases_per_month": float(scores.per_month),
        "avg_spend_per_purchase_usd": purchases["avg_purchase_amount_usd"],
        "value_factor": float(scores.factor),
        "as_of_date": lottery.as_of,
    }


# ---------------------------------------------------------------- journeys


def last_campaign(player: Player, moment: datetime | None) -> str:
    """Return the campaign of the last touch at or before a moment."""
    before = [t for t in player.touches if moment is not None and t.event_timestamp <= moment]
    return campaign_of(before[-1]) if before else NO_TOUCH


def outcome_of(player: Player) -> str:
    if not player.touches:
        return "no marketing touch"
    if player.first_purchase is None:
        return "not yet converted"
    if player.first_purchase < player.touches[0].event_timestamp:
        return "purchased before the touch"
    return "converted"


def days_to_purchase(player: Player) -> int | None:
    if outcome_of(player) != "converted" or player.first_purchase is None:
        return None
    return (player.first_purchase.date() - player.touches[0].event_timestamp.date()).days


def waiting_days(player: Player, lottery: Lottery) -> int | None:
    if outcome_of(player) != "not yet converted":
        return None
    return (lottery.now - player.touches[0].event_timestamp.date()).days


def player_journeys(lottery: Lottery) -> list[Row]:
    rows: list[Row] = []
    for player in lottery.players:
        first = player.touches[0].event_timestamp if player.touches else None
        last = last_campaign(player, player.first_purchase)
        row: Row = {
            "user_id": player.user_id,
            "signup_date": player.signed_up.date(),
            "touch_count": len(player.touches),
            "first_touch_timestamp": first,
            "first_campaign_name": player.first_campaign,
            "first_channel": lottery.channel(player.first_campaign),
            "is_touched_before_signup": first is not None and first <= player.signed_up,
            "first_purchase_timestamp": player.first_purchase,
            "last_campaign_name": last,
            "last_channel": lottery.channel(last),
            "journey_outcome": outcome_of(player),
            "touch_to_purchase_days": days_to_purchase(player),
            "waiting_days": waiting_days(player, lottery),
            "as_of_date": lottery.as_of,
        }
        rows.append(row)
    return rows


def channel_first_purchase_times(lottery: Lottery) -> list[Row]:
    rows: list[Row] = []
    for channel in lottery.first_channels:
        players = lottery.players_of(channel)
        outcomes = [outcome_of(player) for player in players]
        converted, waiting, before, untouched = (outcomes.count(outcome) for outcome in OUTCOMES)
        days = sorted(d for p in players if (d := days_to_purchase(p)) is not None)
        waits = [d for p in players if (d := waiting_days(p, lottery)) is not None]
        row: Row = {
            "channel": channel,
            "player_count": len(players),
            "converted_player_count": converted,
            "not_yet_converted_player_count": waiting,
            "purchased_before_player_count": before,
            "untouched_player_count": untouched,
            "not_yet_converted_rate": rate(waiting, converted + waiting),
            "avg_days_to_first_purchase": rate_or_none(sum(days), len(days)),
            "median_days_to_first_purchase": days_of_share(days, Fraction(1, 2)),
            "p90_days_to_first_purchase": days_of_share(days, Fraction(9, 10)),
            "avg_days_waiting": rate_or_none(sum(waits), len(waits)),
            "as_of_date": lottery.as_of,
        }
        for name, most in (("same_day", 0), ("7d", 7), ("30d", 30)):
            within = sum(d <= most for d in days)
            row[f"converted_{name}_rate"] = rate(within, converted + waiting)
        rows.append(row)
    return rows


def days_of_share(days: Sequence[int], share: Fraction) -> int | None:
    """Return the least number of days within which at least that share has bought."""
    for most in sorted(set(days)):
        if sum(d <= most for d in days) >= share * len(days):
            return most
    return None


# ---------------------------------------------------------------- return on ad spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Money that a campaign is credited with, as the first or the last touch before it."""

    touch: str
    kind: str
    campaign: str
    usd: Decimal


def credits(lottery: Lottery) -> list[Credit]:
    found = []
    for player in lottery.players:
        paid = [("first_deposit", d.deposit_timestamp, dollars(d.minor)) for d in player.deposits]
        paid = paid[:1]
        paid += [("purchase", p.purchase_timestamp, p.usd) for p in player.purchases]
        for kind, moment, usd in paid:
            last = last_campaign(player, moment)
            first = NO_TOUCH if last == NO_TOUCH else player.first_campaign
            for touch, campaign in (("first_touch", first), ("last_touch", last)):
                found.append(Credit(touch=touch, kind=kind, campaign=campaign, usd=usd))
    return found


def returns(spend: Decimal, credited: Sequence[Credit]) -> Row:
    row: Row = {"spend_usd": spend}
    for touch in ("first_touch", "last_touch"):
        amounts: dict[str, list[Decimal]] = defaultdict(list)
        for credit in credited:
            if credit.touch == touch:
                amounts[credit.kind].append(credit.usd)
        for kind in ("first_deposit", "purchase"):
            usd = total(amounts[kind])
            row[f"{touch}_{kind}_count"] = len(amounts[kind])
            row[f"{touch}_{kind}_usd"] = usd
            row[f"{touch}_{kind}_return_ratio"] = rate_or_none(usd, spend)
        row[f"{touch}_cost_per_first_deposit_usd"] = rate_or_none(
            spend, len(amounts["first_deposit"])
        )
    return row


def credited_campaigns(lottery: Lottery) -> list[str]:
    spending = {row.campaign_name for row in lottery.spend}
    return sorted(spending | {credit.campaign for credit in credits(lottery)})


def campaign_return_on_ad_spend(lottery: Lottery) -> list[Row]:
    return [
        {
            "campaign_name": campaign,
            "channel": lottery.channel(campaign),
            **returns(
                spend_of(lottery, {campaign}),
                [credit for credit in credits(lottery) if credit.campaign == campaign],
            ),
            "as_of_date": lottery.as_of,
        }
        for campaign in credited_campaigns(lottery)
    ]


def spend_of(lottery: Lottery, campaigns: Iterable[str]) -> Decimal:
    wanted = set(campaigns)
    return total(dollars(s.spend_inminor) for s in lottery.spend if s.campaign_name in wanted)


def channel_return_on_ad_spend(lottery: Lottery) -> list[Row]:
    campaigns = defaultdict(set)
    for campaign in credited_campaigns(lottery):
        campaigns[lottery.channel(campaign)].add(campaign)
    return [
        {
            "channel": channel,
            "campaign_count": len(names),
            **returns(
                spend_of(lottery, names),
                [credit for credit in credits(lottery) if credit.campaign in names],
            ),
            "as_of_date": lottery.as_of,
        }
        for channel, names in campaigns.items()
    ]


# ---------------------------------------------------------------- channels by players


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    if not trials:
        return None, None
    z = float(Z)
    middle = successes + z * z / 2
    half = z * math.sqrt(successes * (trials - successes) / trials + z * z / 4)
    below, above = (middle - half) / (trials + z * z), (middle + half) / (trials + z * z)
    return max(0.0, below), min(1.0, above)


def channel_high_jackpot_players(lottery: Lottery) -> list[Row]:
    campaigns = {row.campaign_name for row in lottery.spend}
    spending = {lottery.channel(campaign) for campaign in campaigns}
    rows: list[Row] = []
    for channel in sorted({*lottery.first_channels, *spending}):
        players = lottery.players_of(channel)
        winners = [player for player in players if player.high_jackpot_games_played]
        spent = total(p.usd for player in players for p in player.high_jackpot_purchases)
        ads = spend_of(lottery, (c for c in campaigns if lottery.channel(c) == channel))
        lower, upper = wilson(len(winners), len(players))
        row: Row = {
            "channel": channel,
            "player_count": len(players),
            "buyer_count": sum(bool(player.purchases) for player in players),
            "high_jackpot_player_count": len(winners),
            "high_jackpot_player_rate": rate(len(winners), len(players)),
            "high_jackpot_player_rate_lower_bound": lower,
            "high_jackpot_player_rate_upper_bound": upper,
            "high_jackpot_spend_usd": spent,
            "high_jackpot_spend_rate": rate(spent, total(p.spent for p in players)),
            "spend_per_high_jackpot_player_usd": rate_or_none(spent, len(winners)),
            "ad_spend_usd": ads,
            "cost_per_high_jackpot_player_usd": rate_or_none(ads, len(winners)),
            "as_of_date": lottery.as_of,
        }
        rows.append(row)
    return rows


def channel_value_tiers(lottery: Lottery) -> list[Row]:
    rows: list[Row] = []
    for channel in lottery.first_channels:
        players = lottery.players_of(channel)
        scores = {player.user_id: scores_of(player, lottery) for player in players}
        for _, tier in TIERS:
            members = [p for p in players if scores[p.user_id].tier == tier]
            values = sum((scores[p.user_id].value for p in members), Fraction(0))
            row: Row = {
                "channel": channel,
                "vip_tier": tier,
                "player_count": len(members),
                "player_rate": rate(len(members), len(players)),
                "total_purchase_amount_usd": total(p.spent for p in members),
                "total_deposit_amount_minor": sum(d.minor for p in members for d in p.deposits),
                "avg_ltv_score": rate_or_none(values, len(members)),
                "as_of_date": lottery.as_of,
            }
            rows.append(row)
    return rows


# ---------------------------------------------------------------- reconciliation


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A raw row with what counts of it, and why no mart has it (or 'mart')."""

    amount: Decimal
    outcome: str


def gaming_reconciliation(lottery: Lottery) -> list[Row]:
    items = {
        "players": _signup_items(lottery),
        "deposits": [
            Item(amount=dollars(d.minor), outcome=paid(lottery, d.user_id, d.deposit_timestamp))
            for d in lottery.world.deposits
        ],
        "purchases": [
            Item(amount=p.usd, outcome=paid(lottery, p.user_id, p.purchase_timestamp))
            for p in lottery.world.ticket_purchases
        ],
        "web events": [
            Item(amount=Decimal(1), outcome=visited(lottery, event))
            for event in lottery.world.web_events
        ],
        "ad spend": [
            Item(
                amount=dollars(row.spend_inminor),
                outcome="mart" if row in lottery.spend else "after_as_of_date",
            )
            for row in lottery.world.funnel_spend
        ],
        "first deposits": _first_deposit_items(lottery),
    }
    stages = {
        **dict.fromkeys(("players", "scores", "journeys", "first purchase times"), "players"),
        **dict.fromkeys(("high-jackpot players", "value tiers"), "players"),
        **{name: name for name in ("deposits", "purchases", "web events", "ad spend")},
        "ad spend by channel": "ad spend",
        **dict.fromkeys(("first touch purchases", "last touch purchases"), "purchases"),
        **dict.fromkeys(("first touch deposits", "last touch deposits"), "first deposits"),
    }
    return [_reconciled(stage, items[kind], lottery) for stage, kind in stages.items()]


def _reconciled(stage: str, items: Sequence[Item], lottery: Lottery) -> Row:
    outcomes = ("mart", "after_as_of_date", "unknown_player", "anonymous_visitor")
    return {
        "stage": stage,
        "source_total": total(item.amount for item in items),
        **{
            f"{outcome}_total": total(item.amount for item in items if item.outcome == outcome)
            for outcome in (*outcomes, "repeated_signup")
        },
        "unexplained_total": NOTHING,
        "as_of_date": lottery.as_of,
    }


def paid(lottery: Lottery, user_id: str | None, moment: datetime) -> str:
    if lottery.as_of is None or moment.date() > lottery.as_of:
        return "after_as_of_date"
    return "mart" if user_id in {p.user_id for p in lottery.players} else "unknown_player"


def visited(lottery: Lottery, event: WebEvent) -> str:
    owner = lottery.owners.get(event.event_id)
    outcome = paid(lottery, owner, event.event_timestamp)
    return "anonymous_visitor" if outcome == "unknown_player" and owner is None else outcome


def _signup_items(lottery: Lottery) -> list[Item]:
    seen: set[str] = set()
    items = []
    for signup in lottery.world.signups:
        outcome = paid(lottery, signup.user_id, signup.signup_timestamp)
        if outcome == "mart":
            outcome = "repeated_signup" if signup.user_id in seen else "mart"
            seen.add(signup.user_id)
        items.append(Item(amount=Decimal(1), outcome=outcome))
    return items


def _first_deposit_items(lottery: Lottery) -> list[Item]:
    """Return the first deposit of each user of all; a deposit of nobody is nobody's first."""
    first: dict[str, Deposit] = {}
    for deposit in sorted(
        lottery.world.deposits, key=lambda d: (d.deposit_timestamp, d.deposit_id)
    ):
        if deposit.user_id is not None:
            first.setdefault(deposit.user_id, deposit)
    return [
        Item(amount=dollars(d.minor), outcome=paid(lottery, d.user_id, d.deposit_timestamp))
        for d in first.values()
    ]


GamingMart: TypeAlias = "tuple[Callable[[Lottery], list[Row]], tuple[str, ...]]"
GAMING_MARTS: dict[str, GamingMart] = {
    "dim_customer": (dim_customer, ("user_id",)),
    "customer_ltv_scoring": (customer_ltv_scoring, ("user_id",)),
    "player_journeys": (player_journeys, ("user_id",)),
    "channel_first_purchase_times": (channel_first_purchase_times, ("channel",)),
    "campaign_return_on_ad_spend": (campaign_return_on_ad_spend, ("campaign_name",)),
    "channel_return_on_ad_spend": (channel_return_on_ad_spend, ("channel",)),
    "channel_high_jackpot_players": (channel_high_jackpot_players, ("channel",)),
    "channel_value_tiers": (channel_value_tiers, ("channel", "vip_tier")),
    "gaming_reconciliation": (gaming_reconciliation, ("stage",)),
}
