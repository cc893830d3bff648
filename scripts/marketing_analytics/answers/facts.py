"""What the answers know: a row of a mart each, by domain, and how its totals reconcile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A row of a domain's reconciliation: a total on its way from raw to a mart."""

    name: str
    source_total: Decimal
    mart_total: Decimal
    is_reconciled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A row of funnel_conversion_analysis; a score of None has no impressions to score."""

    name: str
    channel: str
    score: float | None
    spend: Decimal
    revenue: Decimal
    leak_step: str
    is_leak_significant: bool
    lost_conversions: float
    lost_revenue: float
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A row of channel_lifetime_value; None where the mart says null."""

    name: str
    customers: int
    repeat_rate: float
    revenue_per_customer: float | None
    acquisition_cost: float | None
    value_to_cost: float | None
    months_to_payback: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketing:
    """What the marketing marts say as of a day; campaigns are ordered best first."""

    as_of_date: date | None
    stages: tuple[Stage, ...]
    campaigns: tuple[Campaign, ...]
    channels: tuple[Channel, ...]
    sessions: int
    sessions_without_known_campaign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSegment:
    """The customers of a segment of customer_segmentation; a risk of None has no buyers."""

    name: str
    customers: int
    revenue_each: float
    orders_each: float
    churn_risk: float | None
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A row of product_performance; an offer of None has no product bought beside it."""

    name: str
    revenue: Decimal
    share: float
    abc_category: str
    status: str
    return_rate: float
    offer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueLeftOut:
    """Successful revenue of the shop that is in no customer segment, by reason."""

    total: Decimal
    guests: Decimal
    unknown_customers: Decimal
    test_users: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What the shop's marts say as of a day; segments and products by revenue, greatest first."""

    as_of_date: date | None
    stages: tuple[Stage, ...]
    segments: tuple[CustomerSegment, ...]
    products: tuple[Product, ...]
    left_out: RevenueLeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueSegment:
    """The customers of a segment of mart_customer_revenue, with their last 90 days."""

    name: str
    customers: int
    net_revenue: Decimal
    refunds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsWithoutRefund:
    """Orders of the 90 days that count as paid back without a refund, by their state."""

    returned: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """What the marts of finance say as of a day; segments from High to Low."""

    as_of_date: date | None
    stages: tuple[Stage, ...]
    segments: tuple[RevenueSegment, ...]
    without_refund: ReturnsWithoutRefund


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerTier:
    """The players of a VIP tier of customer_ltv_scoring, with their means in dollars and days."""

    name: str
    players: int
    spent_each: float
    predicted_year_each: float
    inactive_days_each: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerChannel:
    """A channel of the marts of players; None where a mart has no row of it or says null."""

    name: str
    players: int
    high_jackpot_rate: float
    median_days: int | None
    not_yet_converted_rate: float | None
    ad_spend: Decimal
    first_touch_return: float | None
    last_touch_return: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """The number of players of a promotion category."""

    name: str
    players: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaming:
    """What the marts of players say as of a day; tiers from the best, channels by players."""

    as_of_date: date | None
    stages: tuple[Stage, ...]
    tiers: tuple[PlayerTier, ...]
    promotions: tuple[Promotion, ...]
    channels: tuple[PlayerChannel, ...]


Domain = Marketing | Shop | Finance | Gaming


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the marts say, by domain; None where a domain is not built."""

    marketing: Marketing | None
    shop: Shop | None
    finance: Finance | None
    gaming: Gaming | None
