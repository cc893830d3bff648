"""The marketing marts in plain loops, from the domain rules and not from the models.

Slow on purpose: every mart is computed row by row over the raw rows, so that a reader can check it
against the rules. Money is exact (Decimal); only what a mart calls a double becomes a float.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

from conftest import PROJECT
from warehouse.reference_comparisons import compared_with_the_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Value: TypeAlias = str | int | float | bool | Decimal | date | datetime | None
Row: TypeAlias = dict[str, Value]

RULES = PROJECT / "seeds" / "rules"
Z = 1.959963984540054
NOTHING = Decimal("0.00")
STEPS = ("impression_to_click", "click_to_session", "session_to_conversion")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDay:
    """A row of campaigns_daily."""

    campaign_id: str
    date: date
    campaign_name: str | None = None
    channel: str | None = None
    spend: Decimal | None = None
    impressions: int | None = None
    clicks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """A row of ad_creatives."""

    creative_id: str
    campaign_id: str | None = None
    creative_type: str | None = None
    creative_name: str | None = None
    impressions: int | None = None
    clicks: int | None = None
    ctr: float | None = None
    spend: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A row of sessions; `date` is what the tracker says and counts for nothing."""

    session_id: str
    session_start: datetime
    date: date | None = None
    user_id: str | None = None
    campaign_id: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchpoint:
    """A row of attribution_touchpoints: no mart reads one, but its day may be the as-of date."""

    touchpoint_id: str
    touchpoint_position: int
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A row of conversions; `date` is what the platform says and counts for nothing."""

    conversion_id: str
    timestamp: datetime
    date: date | None = None
    session_id: str | None = None
    user_id: str | None = None
    attributed_campaign_id: str | None = None
    conversion_value: Decimal | None = None

    @property
    def value(self) -> Decimal:
        return self.conversion_value or NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that is in the raw tables."""

    campaigns_daily: tuple[CampaignDay, ...] = ()
    ad_creatives: tuple[Creative, ...] = ()
    sessions: tuple[Session, ...] = ()
    attribution_touchpoints: tuple[Touchpoint, ...] = ()
    conversions: tuple[Conversion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The project's vars that the marts depend on, and the day of the run."""

    as_of_date: date | None = None
    min_rated_impressions: int = 1000
    min_rated_clicks: int = 50
    min_rated_sessions: int = 50
    gross_margin_rate: Decimal = Decimal("0.6")
    heavy_loss_return: Decimal = Decimal("0.5")
    strong_return: Decimal = Decimal(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign with a day up to the as-of date."""

    campaign_id: str
    name: str | None
    channel: str
    spend: Decimal
    impressions: int
    clicks: int
    sessions: int
    conversions: int
    revenue: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A conversion with the campaign it counts for, how that was found, and its session."""

    conversion: Conversion
    campaign_id: str | None
    how: str
    session: Session | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A user with a conversion."""

    user_id: str
    channel: str
    conversions: tuple[Conversion, ...]

    @property
    def cohort(self) -> date:
        return month_of(min(c.timestamp for c in self.conversions).date())

    @property
    def revenue(self) -> Decimal:
        return total(c.value for c in self.conversions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known on the as-of date."""

    as_of: date
    days: tuple[CampaignDay, ...]
    sessions: tuple[Session, ...]
    matches: tuple[Match, ...]
    campaigns: dict[str, Campaign]
    customers: tuple[Customer, ...]


# ---------------------------------------------------------------- small things


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, NOTHING)


def or_zero(numerator: Decimal | float, denominator: Decimal | float) -> float:
    return float(numerator) / float(denominator) if denominator else 0.0


def or_none(numerator: Decimal | float, denominator: Decimal | float) -> float | None:
    return float(numerator) / float(denominator) if denominator else None


def wilson(numerator: int, denominator: int) -> tuple[float | None, float | None]:
    if denominator == 0 or numerator > denominator:
        return None, None
    share = numerator / denominator
    centre = share + Z * Z / (2 * denominator)
    spread = Z * math.sqrt(share * (1 - share) / denominator + Z * Z / (4 * denominator**2))
    scale = 1 + Z * Z / denominator
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def lost_rate(entered: int, went_on: int) -> float:
    return or_zero(max(0, entered - went_on), entered)


# ---------------------------------------------------------------- what was known


def as_of_date(world: World, settings: Settings) -> date | None:
    """Return the day that now is: the setting, else the latest event, but never after today."""
    if settings.as_of_date:
        return settings.as_of_date
    events = [day.date for day in world.campaigns_daily]
    events += [session.session_start.date() for session in world.sessions]
    events += [touch.timestamp.date() for touch in world.attribution_touchpoints]
    events += [conversion.timestamp.date() for conversion in world.conversions]
    return min(max(events), datetime.now(UTC).date()) if events else None


def known(world: World, settings: Settings) -> Known | None:
    """Return what was known on the as-of date; None when there is no event at all."""
    as_of = as_of_date(world, settings)
    if as_of is None:
        return None
    days = tuple(day for day in world.campaigns_daily if day.date <= as_of)
    sessions = tuple(s for s in world.sessions if s.session_start.date() <= as_of)
    conversions = [c for c in world.conversions if c.timestamp.date() <= as_of]
    by_id = {session.session_id: session for session in sessions}
    ids = {day.campaign_id for day in days}
    matches = tuple(_match(c, by_id.get(c.session_id or ""), ids) for c in conversions)
    return Known(
        as_of=as_of,
        days=days,
        sessions=sessions,
        matches=matches,
        campaigns={i: _campaign(i, days, sessions, matches) for i in ids},
        customers=_customers(conversions, sessions),
    )


def _match(conversion: Conversion, session: Session | None, known_ids: set[str]) -> Match:
    how, campaign_id = "by_attributed_campaign", conversion.attributed_campaign_id
    if campaign_id is None:
        how, campaign_id = "by_session_campaign", session.campaign_id if session else None
    if campaign_id is None:
        how = "no_campaign"
    elif campaign_id not in known_ids:
        how = "unknown_campaign"
    return Match(conversion=conversion, campaign_id=campaign_id, how=how, session=session)


def _campaign(
    campaign_id: str,
    all_days: Sequence[CampaignDay],
    sessions: Sequence[Session],
    matches: Sequence[Match],
) -> Campaign:
    days = sorted((d for d in all_days if d.campaign_id == campaign_id), key=lambda d: d.date)
    names = [day.campaign_name for day in days if day.campaign_name is not None]
    channels = [day.channel for day in days if day.channel is not None]
    mine = [m.conversion for m in matches if m.campaign_id == campaign_id]
    return Campaign(
        campaign_id=campaign_id,
        name=names[-1] if names else None,
        channel=channels[-1] if channels else "unknown",
        spend=total(day.spend or NOTHING for day in days),
        impressions=sum(day.impressions or 0 for day in days),
        clicks=sum(day.clicks or 0 for day in days),
        sessions=sum(session.campaign_id == campaign_id for session in sessions),
        conversions=len(mine),
        revenue=total(conversion.value for conversion in mine),
    )


def _customers(
    conversions: Sequence[Conversion], sessions: Sequence[Session]
) -> tuple[Customer, ...]:
    customers = []
    for user_id in sorted({c.user_id for c in conversions if c.user_id is not None}):
        visits = [session for session in sessions if session.user_id == user_id]
        first = min(visits, key=lambda s: (s.session_start, s.session_id), default=None)
        customers.append(
            Customer(
                user_id=user_id,
                channel=(first.channel if first else None) or "unknown",
                conversions=tuple(c for c in conversions if c.user_id == user_id),
            )
        )
    return tuple(customers)


# ---------------------------------------------------------------- funnels


def _stages(impressions: int, clicks: int, sessions: int, conversions: int) -> Row:
    return {
        "total_impressions": impressions,
        "total_clicks": clicks,
        "total_sessions": sessions,
        "total_conversions": conversions,
        "click_through_rate": or_zero(clicks, impressions),
        "click_to_session_rate": or_zero(sessions, clicks),
        "session_to_conversion_rate": or_zero(conversions, sessions),
        "overall_funnel_efficiency": or_zero(conversions, impressions),
    }


def _money(spend: Decimal, revenue: Decimal, clicks: int, conversions: int) -> Row:
    return {
        "spend_amount": spend,
        "revenue_amount": revenue,
        "cost_per_click": or_none(spend, clicks),
        "cost_per_acquisition": or_none(spend, conversions),
        "return_on_ad_spend_ratio": or_none(revenue, spend),
    }


def _losses(impressions: int, clicks: int, sessions: int, conversions: int) -> Row:
    row: Row = {}
    counts = (impressions, clicks, sessions, conversions)
    for step, entered, went_on in zip(STEPS, counts, counts[1:], strict=False):
        row[f"{step}_lost_count"] = max(0, entered - went_on)
        row[f"{step}_lost_rate"] = lost_rate(entered, went_on)
    return row


def _bounds(name: str, numerator: int, denominator: int) -> Row:
    lower, upper = wilson(numerator, denominator)
    return {f"{name}_lower_bound": lower, f"{name}_upper_bound": upper}


def _comparisons(stages: dict[str, tuple[int, int, int, int]]) -> dict[str, Row]:
    """Return the columns of the two compared rates by key, from the stages' counts."""
    clicks = {key: (clicks, impressions) for key, (impressions, clicks, _, _) in stages.items()}
    sales = {key: (conversions, sessions) for key, (_, _, sessions, conversions) in stages.items()}
    click_through = compared_with_the_rest("click_through", clicks, wilson)
    conversion = compared_with_the_rest("session_to_conversion", sales, wilson)
    return {key: {**click_through[key], **conversion[key]} for key in stages}


def _counts(campaign: Campaign) -> tuple[int, int, int, int]:
    return campaign.impressions, campaign.clicks, campaign.sessions, campaign.conversions


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of one campaign: who entered, who went on, and whether that is enough to judge."""

    name: str
    entered: int
    went_on: int
    enough: bool

    @property
    def rate(self) -> float:
        return or_zero(self.went_on, self.entered)


def _steps(campaign: Campaign, settings: Settings) -> list[Step]:
    counts = _counts(campaign)
    minimum = (
        settings.min_rated_impressions,
        settings.min_rated_clicks,
        settings.min_rated_sessions,
    )
    return [
        Step(name=name, entered=counts[i], went_on=counts[i + 1], enough=counts[i] >= minimum[i])
        for i, name in enumerate(STEPS)
    ]


def _median_rates(now: Known, settings: Settings) -> list[float | None]:
    """Return the rate of the median campaign per step, among those with enough volume."""
    medians: list[float | None] = []
    for i in range(len(STEPS)):
        steps = [_steps(campaign, settings)[i] for campaign in now.campaigns.values()]
        rates = [step.rate for step in steps if step.enough]
        medians.append(median(rates) if rates else None)
    return medians


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """The step that loses a campaign most conversions."""

    step: str
    rate: float | None
    median_rate: float | None
    conversions: float
    is_significant: bool


def _leak(steps: list[Step], medians: list[float | None]) -> Leak:
    worst = Leak(step="none", rate=None, median_rate=None, conversions=0.0, is_significant=False)
    for i, step in enumerate(steps):
        middle = medians[i]
        if not step.enough or middle is None or step.rate >= middle:
            continue
        more = step.entered * (middle - step.rate)
        for onward, onward_median in zip(steps[i + 1 :], medians[i + 1 :], strict=True):
            more *= onward.rate if onward.enough else (onward_median or 0.0)
        # The worst step is the one that costs most conversions: one that costs none is no leak.
        if more > worst.conversions:
            upper = wilson(step.went_on, step.entered)[1]
            worst = Leak(
                step=step.name,
                rate=step.rate,
                median_rate=middle,
                conversions=more,
                is_significant=upper is not None and upper < middle,
            )
    return worst


def _efficiency_scores(now: Known) -> dict[str, float | None]:
    rates = {
        c.campaign_id: c.conversions / c.impressions
        for c in now.campaigns.values()
        if c.impressions > 0
    }
    return {
        campaign_id: _percent_rank(rates.get(campaign_id), rates) for campaign_id in now.campaigns
    }


def _percent_rank(rate: float | None, rates: dict[str, float]) -> float | None:
    if rate is None:
        return None
    if len(rates) == 1:
        return 1.0
    return sum(other < rate for other in rates.values()) / (len(rates) - 1)


def _great_ads_terrible_sites(now: Known, settings: Settings) -> set[str]:
    """Return the campaigns in the top quarter by click-through and the bottom one by conversion."""
    steps = {c: _steps(campaign, settings) for c, campaign in now.campaigns.items()}
    ads = {c: s[0].rate for c, s in steps.items() if s[0].enough}
    sites = {c: s[2].rate for c, s in steps.items() if s[2].enough}
    found = set()
    for campaign_id in ads.keys() & sites.keys():
        ad, site = ads[campaign_id], sites[campaign_id]
        better_ads = sum(other > ad for other in ads.values()) / max(1, len(ads) - 1)
        worse_sites = sum(other < site for other in sites.values()) / max(1, len(sites) - 1)
        far_sides = ad > median(ads.values()) and site < median(sites.values())
        if better_ads <= 0.25 and worse_sites <= 0.25 and far_sides:
            found.add(campaign_id)
    return found


def _return_band(campaign: Campaign, settings: Settings) -> str:
    if campaign.spend == 0:
        return "no_spend"
    margin = campaign.revenue * settings.gross_margin_rate
    if margin < settings.heavy_loss_return * campaign.spend:
        return "heavy_loss"
    if margin < campaign.spend:
        return "loss"
    return "profit" if margin < settings.strong_return * campaign.spend else "strong"


def campaign_actions() -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return action and reason per evidence, leak step and return band, from the rule seed."""
    with (RULES / "campaign_actions.csv").open(encoding="utf-8", newline="") as file:
        return {
            (r["evidence"], r["leak_step"], r["return_band"]): (
                r["recommended_action"],
                r["recommended_action_reason"],
            )
            for r in csv.DictReader(file)
        }


def funnel_conversion_analysis(world: World, settings: Settings) -> list[Row]:
    """Return one row per campaign."""
    now = known(world, settings)
    if now is None:
        return []
    medians = _median_rates(now, settings)
    scores = _efficiency_scores(now)
    contradictions = _great_ads_terrible_sites(now, settings)
    actions = campaign_actions()
    all_conversions = sum(c.conversions for c in now.campaigns.values())
    all_revenue = total(c.revenue for c in now.campaigns.values())
    comparisons = _comparisons({key: _counts(c) for key, c in now.campaigns.items()})
    rows = []
    for campaign in now.campaigns.values():
        leak = _leak(_steps(campaign, settings), medians)
        own_value = or_none(campaign.revenue, campaign.conversions)
        value = or_zero(all_revenue, all_conversions) if own_value is None else own_value
        is_rated = campaign.impressions >= settings.min_rated_impressions and (
            campaign.sessions >= settings.min_rated_sessions
            or (leak.is_significant and leak.step != "session_to_conversion")
        )
        band = _return_band(campaign, settings)
        evidence = "rated" if is_rated else "too_little"
        action = actions[evidence, leak.step if leak.is_significant else "none", band]
        counts = _counts(campaign)
        rows.append(
            {
                "campaign_id": campaign.campaign_id,
                "campaign_name": campaign.name,
                "channel": campaign.channel,
                **_stages(*counts),
                "funnel_efficiency_score": scores[campaign.campaign_id],
                **_money(campaign.spend, campaign.revenue, campaign.clicks, campaign.conversions),
                **_losses(*counts),
                **_bounds("click_through", campaign.clicks, campaign.impressions),
                **_bounds("click_to_session", campaign.sessions, campaign.clicks),
                **_bounds("session_to_conversion", campaign.conversions, campaign.sessions),
                **_bounds("overall_funnel", campaign.conversions, campaign.impressions),
                "leak_step": leak.step,
                "leak_step_rate": leak.rate,
                "leak_median_rate": leak.median_rate,
                "leak_lost_conversions": leak.conversions,
                "leak_lost_revenue": leak.conversions * value,
                "is_leak_significant": leak.is_significant,
                "is_high_click_through_low_conversion": campaign.campaign_id in contradictions,
                "is_rated": is_rated,
                "return_band": band,
                "recommended_action": action[0],
                "recommended_action_reason": action[1],
                **comparisons[campaign.campaign_id],
                "as_of_date": now.as_of,
            }
        )
    return rows


def channel_funnel(world: World, settings: Settings) -> list[Row]:
    """Return one row per channel, with all traffic."""
    now = known(world, settings)
    if now is None:
        return []
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    spend: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    revenue: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for campaign in now.campaigns.values():
        counts[campaign.channel]["impressions"] += campaign.impressions
        counts[campaign.channel]["clicks"] += campaign.clicks
        spend[campaign.channel] += campaign.spend
    for session in now.sessions:
        counts[_channel(now, session.campaign_id, session)]["sessions"] += 1
    for match in now.matches:
        channel = _channel(now, match.campaign_id, match.session)
        counts[channel]["conversions"] += 1
        revenue[channel] += match.conversion.value
    all_stages = {
        channel: (count["impressions"], count["clicks"], count["sessions"], count["conversions"])
        for channel, count in counts.items()
    }
    comparisons = _comparisons(all_stages)
    rows = []
    for channel, stages in all_stages.items():
        rows.append(
            {
                "channel": channel,
                **_stages(*stages),
                **_money(spend[channel], revenue[channel], stages[1], stages[3]),
                **_losses(*stages),
                **_bounds("click_through", stages[1], stages[0]),
                **_bounds("click_to_session", stages[2], stages[1]),
                **_bounds("session_to_conversion", stages[3], stages[2]),
                **_bounds("overall_funnel", stages[3], stages[0]),
                **comparisons[channel],
                "as_of_date": now.as_of,
            }
        )
    return rows


def _channel(now: Known, campaign_id: str | None, session: Session | None) -> str:
    if campaign_id in now.campaigns:
        return now.campaigns[campaign_id].channel
    return (session.channel if session else None) or "unknown"


def campaign_funnel_daily(world: World, settings: Settings) -> list[Row]:
    """Return one row per campaign and day."""
    now = known(world, settings)
    if now is None:
        return []
    counts: dict[tuple[str | None, date], Counter[str]] = defaultdict(Counter)
    money: dict[tuple[str | None, date, str], Decimal] = defaultdict(lambda: NOTHING)
    for day in now.days:
        counts[day.campaign_id, day.date].update(
            ads=1, impressions=day.impressions or 0, clicks=day.clicks or 0
        )
        money[day.campaign_id, day.date, "spend"] += day.spend or NOTHING
    for session in now.sessions:
        counts[session.campaign_id, session.session_start.date()].update(site=1, sessions=1)
    for match in now.matches:
        when = match.conversion.timestamp.date()
        counts[match.campaign_id, when].update(site=1, conversions=1)
        money[match.campaign_id, when, "revenue"] += match.conversion.value
    rows: list[Row] = []
    for (campaign_id, when), count in counts.items():
        campaign = now.campaigns.get(campaign_id or "")
        stages = (count["impressions"], count["clicks"], count["sessions"], count["conversions"])
        rows.append(
            {
                "campaign_id": "(none)" if campaign_id is None else campaign_id,
                "activity_date": when,
                "campaign_name": campaign.name if campaign else None,
                "channel": campaign.channel if campaign else "unknown",
                "data_match": _data_match(campaign_id, campaign, count),
                **_stages(*stages),
                "spend_amount": money[campaign_id, when, "spend"],
                "revenue_amount": money[campaign_id, when, "revenue"],
                "as_of_date": now.as_of,
            }
        )
    return rows


def _data_match(campaign_id: str | None, campaign: Campaign | None, count: Counter[str]) -> str:
    if campaign_id is None:
        return "no campaign"
    if campaign is None:
        return "unknown campaign"
    if not count["ads"]:
        return "no ad data on the day"
    return "ad and site data" if count["site"] else "no site data on the day"


# ---------------------------------------------------------------- customers


def _segment(revenue: Decimal) -> str:
    return "high" if revenue >= 500 else "medium" if revenue >= 100 else "low"


def customer_lifetime_value(world: World, settings: Settings) -> list[Row]:
    """Return one row per user with a conversion."""
    now = known(world, settings)
    if now is None:
        return []
    rows = []
    for customer in now.customers:
        times = sorted(conversion.timestamp for conversion in customer.conversions)
        rows.append(
            Row(
                user_id=customer.user_id,
                acquisition_channel=customer.channel,
                first_purchase_date=times[0].date(),
                last_purchase_date=times[-1].date(),
                total_conversions=len(times),
                total_revenue=customer.revenue,
                avg_order_value=or_zero(customer.revenue, len(times)),
                days_since_first_purchase=(times[-1].date() - times[0].date()).days,
                ltv_segment=_segment(customer.revenue),
                is_repeat_customer=len(times) > 1,
                cohort_month=customer.cohort,
                as_of_date=now.as_of,
            )
        )
    return rows


def _months_to_payback(
    customers: Sequence[Customer], spend: Decimal, settings: Settings
) -> int | None:
    """Return the age in months at which the margin of all their purchases reaches the spend."""
    if spend == 0:
        return None
    by_age: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for customer in customers:
        for conversion in customer.conversions:
            by_age[months_between(customer.cohort, conversion.timestamp.date())] += conversion.value
    so_far = NOTHING
    for age in sorted(by_age):
        so_far += by_age[age]
        if so_far * settings.gross_margin_rate >= spend:
            return age
    return None


def _customer_totals(
    customers: Sequence[Customer], spend: Decimal, settings: Settings
) -> tuple[Row, Row]:
    """Return what both tables of customers have in common: counts and value, then cost."""
    repeat = sum(len(customer.conversions) > 1 for customer in customers)
    revenue = total(customer.revenue for customer in customers)
    value: Row = {
        "customer_count": len(customers),
        "repeat_customer_count": repeat,
        "repeat_rate": or_zero(repeat, len(customers)),
        "purchase_count": sum(len(customer.conversions) for customer in customers),
        "revenue_amount": revenue,
        "revenue_per_customer": or_none(revenue, len(customers)),
    }
    cost: Row = {
        "spend_amount": spend,
        "acquisition_cost": or_none(spend, len(customers)),
        "value_to_cost_ratio": or_none(revenue * settings.gross_margin_rate, spend),
        "months_to_payback": _months_to_payback(customers, spend, settings),
    }
    return value, cost


def channel_lifetime_value(world: World, settings: Settings) -> list[Row]:
    """Return one row per acquisition channel with customers or ad days."""
    now = known(world, settings)
    if now is None:
        return []
    spend: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for day in now.days:
        spend[now.campaigns[day.campaign_id].channel] += day.spend or NOTHING
    rows = []
    for channel in sorted(set(spend) | {customer.channel for customer in now.customers}):
        customers = [customer for customer in now.customers if customer.channel == channel]
        segments = Counter(_segment(customer.revenue) for customer in customers)
        value, cost = _customer_totals(customers, spend[channel], settings)
        purchases = sum(len(customer.conversions) for customer in customers)
        revenue = total(customer.revenue for customer in customers)
        rows.append(
            {
                "acquisition_channel": channel,
                **value,
                "high_customer_count": segments["high"],
                "medium_customer_count": segments["medium"],
                "low_customer_count": segments["low"],
                "avg_order_value": or_none(revenue, purchases),
                "purchases_per_customer": or_none(purchases, len(customers)),
                **cost,
                "as_of_date": now.as_of,
            }
        )
    return rows


def acquisition_cohort_value(world: World, settings: Settings) -> list[Row]:
    """Return one row per acquisition channel and month with a first purchase or an ad day."""
    now = known(world, settings)
    if now is None:
        return []
    spend: dict[tuple[str, date], Decimal] = defaultdict(lambda: NOTHING)
    for day in now.days:
        spend[now.campaigns[day.campaign_id].channel, month_of(day.date)] += day.spend or NOTHING
    rows = []
    for channel, month in sorted(set(spend) | {(c.channel, c.cohort) for c in now.customers}):
        customers = [c for c in now.customers if (c.channel, c.cohort) == (channel, month)]
        value, cost = _customer_totals(customers, spend[channel, month], settings)
        months = cost["months_to_payback"]
        rows.append(
            {
                "acquisition_channel": channel,
                "cohort_month": month,
                **value,
                **cost,
                "payback_month": _add_months(month, months) if isinstance(months, int) else None,
                "months_observed": months_between(month, now.as_of),
                "as_of_date": now.as_of,
            }
        )
    return rows


def _add_months(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


# ---------------------------------------------------------------- creatives


def creative_performance(world: World, settings: Settings) -> list[Row]:
    """Return one row per creative; totals over all days, so that no as-of date cuts them."""
    now = known(world, settings)
    campaigns = now.campaigns if now else {}
    rows = []
    for creative in world.ad_creatives:
        impressions, clicks = creative.impressions or 0, creative.clicks or 0
        campaign = campaigns.get(creative.campaign_id or "")
        siblings = [
            c
            for c in world.ad_creatives
            if c.campaign_id is not None and c.campaign_id == creative.campaign_id
        ]
        alike = [c for c in world.ad_creatives if c.creative_type == creative.creative_type]
        rate = or_zero(clicks, impressions)
        rates = [or_zero(c.clicks or 0, c.impressions or 0) for c in siblings if c.impressions]
        rows.append(
            {
                "creative_id": creative.creative_id,
                "campaign_id": creative.campaign_id,
                "creative_type": creative.creative_type,
                "creative_name": creative.creative_name,
                "impressions": impressions,
                "clicks": clicks,
                "ctr": creative.ctr,
                "spend": creative.spend or NOTHING,
                "calculated_ctr": rate,
                "campaign_name": campaign.name if campaign else None,
                "channel": campaign.channel if campaign else "unknown",
                "has_known_campaign": campaign is not None,
                "cost_per_click": or_none(creative.spend or NOTHING, clicks),
                "campaign_spend_share_rate": or_zero(
                    creative.spend or NOTHING, total(c.spend or NOTHING for c in siblings)
                ),
                "campaign_click_share_rate": or_zero(clicks, sum(c.clicks or 0 for c in siblings)),
                "click_through_rank": (
                    1 + sum(other > rate for other in rates) if impressions and siblings else None
                ),
                "campaign_click_through_rate": _click_through(siblings),
                "click_through_to_campaign_ratio": or_none(rate, _click_through(siblings)),
                "type_click_through_rate": _click_through(alike),
                "click_through_to_type_ratio": or_none(rate, _click_through(alike)),
                **_bounds("click_through", clicks, impressions),
                "is_rated": impressions >= settings.min_rated_impressions,
            }
        )
    return rows


def _click_through(creatives: Sequence[Creative]) -> float:
    return or_zero(
        sum(creative.clicks or 0 for creative in creatives),
        sum(creative.impressions or 0 for creative in creatives),
    )


# ---------------------------------------------------------------- reconciliation

OUTCOMES = (
    "by_attributed_campaign",
    "by_session_campaign",
    "no_campaign",
    "unknown_campaign",
    "no_user",
    "after_as_of_date",
)


def funnel_reconciliation(world: World, settings: Settings) -> list[Row]:
    """Return one row per stage: source, mart, and what lies between with its reason."""
    now = known(world, settings)
    sums: dict[str, Counter[str]] = {}
    pennies: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)

    def add(stage: str, outcome: str, amount: Decimal | int) -> None:
        sums.setdefault(stage, Counter())
        pennies[stage, outcome] += Decimal(amount)

    _add_traffic(world, now, add)
    _add_conversions(world, now, add)
    rows = []
    for stage in STAGES:
        outcomes = {f"{outcome}_total": pennies[stage, outcome] for outcome in OUTCOMES}
        mart_total = total(pennies[stage, o] for o in ("in_mart", *OUTCOMES[:2]))
        left_out = total(pennies[stage, outcome] for outcome in OUTCOMES[2:])
        rows.append(
            Row(
                stage=stage,
                source_total=mart_total + left_out,
                mart_total=mart_total,
                unexplained_total=NOTHING,
                is_reconciled=True,
                as_of_date=now.as_of if now else None,
                **outcomes,
            )
        )
    return rows


STAGES = (
    "impressions",
    "clicks",
    "spend",
    "sessions",
    "conversions",
    "conversion value",
    "customer value",
)


def _add_traffic(
    world: World, now: Known | None, add: Callable[[str, str, Decimal | int], None]
) -> None:
    for day in world.campaigns_daily:
        outcome = "in_mart" if now and day.date <= now.as_of else "after_as_of_date"
        add("impressions", outcome, day.impressions or 0)
        add("clicks", outcome, day.clicks or 0)
        add("spend", outcome, day.spend or NOTHING)
    for session in world.sessions:
        outcome = "in_mart"
        if not now or session.session_start.date() > now.as_of:
            outcome = "after_as_of_date"
        elif session.campaign_id is None:
            outcome = "no_campaign"
        elif session.campaign_id not in now.campaigns:
            outcome = "unknown_campaign"
        add("sessions", outcome, 1)


def _add_conversions(
    world: World, now: Known | None, add: Callable[[str, str, Decimal | int], None]
) -> None:
    matches = {match.conversion.conversion_id: match for match in now.matches} if now else {}
    for conversion in world.conversions:
        match = matches.get(conversion.conversion_id)
        how = match.how if match else "after_as_of_date"
        add("conversions", how, 1)
        add("conversion value", how, conversion.value)
        if match:
            how = "in_mart" if conversion.user_id is not None else "no_user"
        add("customer value", how, conversion.value)


MARTS: dict[str, tuple[Callable[[World, Settings], list[Row]], tuple[str, ...]]] = {
    "funnel_conversion_analysis": (funnel_conversion_analysis, ("campaign_id",)),
    "campaign_funnel_daily": (campaign_funnel_daily, ("campaign_id", "activity_date")),
    "channel_funnel": (channel_funnel, ("channel",)),
    "customer_lifetime_value": (customer_lifetime_value, ("user_id",)),
    "channel_lifetime_value": (channel_lifetime_value, ("acquisition_channel",)),
    "acquisition_cohort_value": (
        acquisition_cohort_value,
        ("acquisition_channel", "cohort_month"),
    ),
    "creative_performance": (creative_performance, ("creative_id",)),
    "funnel_reconciliation": (funnel_reconciliation, ("stage",)),
}
